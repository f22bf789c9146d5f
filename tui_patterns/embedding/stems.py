"""What the forms of an English word share, so that *wrapped* finds ``wrap_text``."""

from __future__ import annotations

from functools import lru_cache

# fmt: off
_ENDINGS = (
    "ations", "ation", "ings", "ing", "ions", "ion", "ers", "er", "ors", "or", "ied", "ies", "ed", "es",
    "ly", "s", "e", "y",
)
# fmt: on
_LEAST = 3
_DOUBLED = frozenset("bdgmnprt")  # what English doubles before an ending: wrapped, running


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
