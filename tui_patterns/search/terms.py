"""Words as a search compares them: without function words, and whatever their ending."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tui_patterns.embedding.stems import stem

__all__ = ["FUNCTION_WORDS", "content", "folded", "stem"]

# fmt: off
FUNCTION_WORDS = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "do", "does", "for", "from", "had",
    "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on",
    "or", "our", "out", "so", "such", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "those", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who", "whom",
    "why", "will", "with", "would", "you", "your",
})
"""English words that say nothing of what code does, however rare they may be in a library."""
# fmt: on
def content(words: Sequence[str]) -> list[str]:
    """``words`` without function words; all of them where nothing else is left."""
    return [word for word in words if word not in FUNCTION_WORDS] or list(words)


def folded(text: str) -> str:
    """``text`` without diacritics, as the full-text index compares it."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
