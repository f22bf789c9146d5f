"""Identifiers to words, and words to titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tui_patterns.extraction.naming.lexicon import CASED, EXPANDED, JOINED, SMALL, UPPER
from tui_patterns.extraction.naming.verbs import VERBS

_PARTS = re.compile(r"[A-Z]+s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
DIGITS = "0123456789"
_UNNUMBERED = VERBS | EXPANDED.keys()
_TO = re.compile(r"(?<=[a-z]{3})2(?=[a-z]{3})")  # ``keywords2dict``
_WORD = re.compile(r"[^\W_]+")
_SAME = frozenset({
    "alias", "analysis", "apps", "always", "axis", "basis", "bias", "bus", "canvas", "chaos", "class",
    "corpus", "css", "dns", "focus", "genius", "has", "https", "ids", "is", "lens", "news", "os", "pandas",
    "pass", "plus", "previous", "radius", "series", "settings", "sms", "species", "statistics", "status",
    "this", "tls", "virus", "was", "yes",
})  # fmt: skip

_WITH_IE = frozenset({"brownies", "calories", "cookies", "genies", "movies", "selfies", "zombies"})


def is_special(name: str) -> bool:
    """Whether Python or a protocol calls it: ``__enter__``."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def split(identifier: str) -> list[str]:
    """The words of an identifier, short forms written out.

    Lower case, but for words in capitals that others follow or lead (``HTTPPool``).
    """
    return list(_split(identifier))


@lru_cache(maxsize=8192)
def _split(identifier: str) -> tuple[str, ...]:
    shouted = identifier.isupper()
    parts = [part for word in _WORD.findall(_TO.sub("_to_", identifier)) for part in _parts(word)]
    kept = [part if _is_acronym(part) and not shouted else part.lower() for part in parts]
    return tuple(word for part in _joined(kept) for word in EXPANDED.get(part, part).split())


def _parts(word: str) -> list[str]:
    """``HTTPPool2`` in its parts; a word in another script stays whole."""
    if not word.isascii():
        return [word]
    return _numbered(_PARTS.findall(word))


def _numbered(parts: Sequence[str]) -> list[str]:
    """A number stays with the word that it ends, as in ``urllib3``, but not with what is done."""
    found: list[str] = []
    for part in parts:
        before = found[-1].lower() if found else ""
        if part.isdigit() and len(before) > 1 and before not in _UNNUMBERED and (before, part) not in JOINED:
            found[-1] += part
        else:
            found.append(part)
    return found


def _is_acronym(part: str) -> bool:
    return part.isupper() and len(part) > 1


def _joined(parts: Sequence[str]) -> list[str]:
    """*parts* with those put together that are one word, and a lone letter with the number after it."""
    found: list[str] = []
    for part in parts:
        before = found[-1].lower() if found else ""
        whole = _whole(before, part.lower())
        if whole is None and part.isdigit() and len(before) == 1:
            whole = f"{before}{part}"
        if whole is None:
            found.append(part)
        else:
            found[-1] = whole
    return found


def _whole(before: str, part: str) -> str | None:
    """The word that two parts are, a number at the end left aside."""
    number = part[len(part.rstrip(DIGITS)) :] if len(part) > 1 else ""
    whole = JOINED.get((before, part)) or JOINED.get((before, part.removesuffix(number)))
    return f"{whole}{number}" if whole and not whole.endswith(number or "-") else whole


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """*word* as it stands before another noun: Column Rendering, Query Parsing."""
    lower = word.lower()
    if lower in {"ids", "urls"}:
        return lower[:-1]
    if lower in _SAME or len(lower) < 4 or not lower.endswith("s") or lower.endswith(("ss", "us", "is")):
        return word
    if lower.endswith("es") and lower[:-2] in _SAME:
        return word[:-2]
    if lower.endswith("ies") and len(lower) > 4 and lower not in _WITH_IE:
        return f"{word[:-3]}y"
    return word[:-2] if lower.endswith(("sses", "xes", "ches", "shes", "zes")) else word[:-1]


def plural(word: str) -> str:
    """More than one of *word*."""
    if singular(word) != word or word.lower() in _SAME:
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh", "z")) else f"{word}s"


def is_plural(word: str) -> bool:
    """Whether *word* looks like several."""
    return singular(word) != word


def without(words: Iterable[str], others: Iterable[str]) -> list[str]:
    """*words* less those among *others*, one or many, upper case or lower."""
    taken = {singular(word.lower()) for word in others}
    return [word for word in words if singular(word.lower()) not in taken]


def title(words: Sequence[str]) -> str:
    """*words* as a title: acronyms in capitals, small words small, none twice in a row."""
    kept = [word for at, word in enumerate(words) if not at or word.lower() != words[at - 1].lower()]
    return " ".join(_cased(word, first=at == 0) for at, word in enumerate(kept))


def _cased(word: str, first: bool) -> str:
    lower = word.lower()
    if lower in CASED:
        return CASED[lower]
    if lower[-1:].isdigit() and lower.rstrip(DIGITS) in CASED:
        return CASED[lower.rstrip(DIGITS)] + lower[len(lower.rstrip(DIGITS)) :]
    if lower in UPPER or (lower[-1:].isdigit() and lower.rstrip(DIGITS) in UPPER):
        return word.upper()
    if lower in SMALL and not first:
        return lower
    return word[:1].upper() + word[1:]
