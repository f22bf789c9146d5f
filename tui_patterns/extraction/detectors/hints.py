"""Names as weak evidence: they may tip the balance, they never decide alone."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
BONUS = 0.2


def words(name: str) -> frozenset[str]:
    """The words of an identifier, in lower case."""
    return frozenset(part.lower() for part in _PARTS.findall(name))


def named(name: str, *choices: str) -> bool:
    """Whether one of *choices* is a word of *name*."""
    return not words(name).isdisjoint(choices)


def bonus(name: str, *choices: str) -> float:
    """What a name that says it adds to a confidence."""
    return BONUS if named(name, *choices) else 0.0
