"""Words as a search compares them: without function words, and whatever their ending."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

# fmt: off
FUNCTION_WORDS = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can", "do", "does", "for", "from", "had",
    "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not", "of", "on",
    "or", "our", "out", "so", "such", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "those", "to", "up", "us", "was", "we", "were", "what", "when", "where", "which", "who", "whom",
    "why", "will", "with", "would", "you", "your",
})
"""English words that say nothing of what code does, however rare they may be in a library."""
_ENDINGS = (
    "ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ied", "ies", "ed", "es",
    "ly", "s", "e", "y",
)
# fmt: on
_LEAST = 3
_DOUBLED = frozenset("bdgmnprt")  # what English doubles before an ending: wrapped, running


def content(words: Sequence[str]) -> list[str]:
    """``words`` without function words; all of them where nothing else is left."""
    return [word for word in words if word not in FUNCTION_WORDS] or list(words)


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """What the forms of a word share: wrap, wraps, wrapped give wrap. Rough on purpose, and fast."""
    if word.endswith("ss"):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return _single(word[: -len(ending)])
    return word


def _single(word: str) -> str:
    return word[:-1] if len(word) > _LEAST and word[-1] == word[-2] and word[-1] in _DOUBLED else word
