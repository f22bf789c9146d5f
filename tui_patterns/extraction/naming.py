"""Readable names: ``fetch_user_with_retry`` becomes "Async Fetch User with Retry".

Three to seven words where the code offers them, never a file's name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tui_patterns.extraction.words import SMALL, SPECIAL, UPPER
from tui_patterns.models import Kind

FEWEST, MOST = 3, 7
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_WORD = re.compile(r"[^\W_]+")
# The first that applies says what the unit is.
_ROLES = (
    ("context-manager", "context manager"),
    ("fixture", "fixture"),
    ("decorator", "decorator"),
    ("property", "property"),
    ("async-generator", "generator"),
    ("generator", "generator"),
    ("metaclass", "metaclass"),
    ("protocol", "protocol"),
    ("enum", "enum"),
    ("dataclass", "dataclass"),
)


def readable_name(
    qualname: str, kind: Kind, traits: Collection[str] = (), parameters: Sequence[str] = ()
) -> str:
    """A title for the unit from its qualified name, its tags and, if still too short, its parameters."""
    owner, _, name = qualname.rpartition(".")
    words = _words(name) or ["anonymous"]
    is_async = "async" in traits and kind != "class" and words[0] != "async"
    special = _is_special(name)
    if kind == "class" or special or len(words) + is_async < FEWEST:
        words = _completed(words, kind, owner, traits, parameters, special)
    return _title(_trimmed(["async", *words] if is_async else words))


def _completed(
    words: list[str],
    kind: Kind,
    owner: str,
    traits: Collection[str],
    parameters: Sequence[str],
    special: bool,
) -> list[str]:
    """*words* with the class it belongs to, what it works on, and what it is."""
    role = _role(kind, traits).split()
    if words[-len(role) :] == role:
        role = []
    if kind == "class":
        return [*words, *role]
    around = _words(owner.rpartition(".")[2])
    if around and words[: len(around)] != around:
        words = [*around, *words]
    if special:
        return words if len(words) >= FEWEST else [*words, *role]
    if len(words) + len(role) < FEWEST and parameters:
        words = [*words, *_words(parameters[0])]
    return words if len(words) >= FEWEST else [*words, *role]


def _role(kind: Kind, traits: Collection[str]) -> str:
    return next((word for tag, word in _ROLES if tag in traits), str(kind))


def _is_special(name: str) -> bool:
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def _words(identifier: str) -> list[str]:
    """The words of an identifier, lower case but for words in capitals that another word follows or leads."""
    if _is_special(identifier):
        inner = identifier[2:-2]
        return SPECIAL.get(inner, inner.replace("_", " ")).split()
    shouted = identifier.isupper()
    parts = [part for word in _WORD.findall(identifier) for part in _parts(word)]
    return [part if part.isupper() and len(part) > 1 and not shouted else part.lower() for part in parts]


def _parts(word: str) -> list[str]:
    """``HTTPPool2`` in its parts; a word in another script stays whole."""
    return _PARTS.findall(word) if word.isascii() else [word]


def _trimmed(words: list[str]) -> list[str]:
    """At most MOST words, one after another only once, no small word at the end."""
    kept = [word for at, word in enumerate(words) if not at or word.lower() != words[at - 1].lower()][:MOST]
    while len(kept) > 1 and kept[-1] in SMALL:
        kept.pop()
    return kept


def _title(words: list[str]) -> str:
    return " ".join(_cased(word, first=at == 0) for at, word in enumerate(words))


def _cased(word: str, first: bool) -> str:
    if word.lower() in UPPER:
        return word.upper()
    if word in SMALL and not first:
        return word
    return word[:1].upper() + word[1:]
