"""Ranges of versions, and whether two of them leave anything.

Versions are compared by their release numbers alone (PEP 440 without pre-releases and epochs). A lock
file says exactly one version; two locks clash where the first number that is not zero differs, as
semantic versioning has it. Ranges clash where they share no version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

Release = tuple[int, ...]
_CLAUSE = re.compile(r"(===|==|~=|>=|<=|!=|>|<|\^|~)?\s*v?(\d+(?:\.\d+)*)(\.\*)?")


@dataclass(frozen=True, slots=True)
class Versions:
    """What is asked for: from ``low`` (included) to ``high`` (not included; ``None``: no end)."""

    text: str
    low: Release = ()
    high: Release | None = None
    locked: bool = False


def clash(one: Versions, other: Versions) -> bool:
    """Whether no version suits both."""
    if one.locked and other.locked:
        return _series(one.low) != _series(other.low)
    low = max(one.low, other.low)
    highs = [item.high for item in (one, other) if item.high is not None]
    return any(_padded(low, high) >= high for high in highs)


def _padded(low: Release, high: Release) -> Release:
    return low + (0,) * (len(high) - len(low))


def _series(release: Release) -> Release:
    """Up to the first number that is not zero: what may break things."""
    at = next((index for index, number in enumerate(release) if number), len(release) - 1)
    return release[: at + 1]


def exactly(version: str) -> Versions | None:
    """The one version of a lock file; ``None`` if it is not a number."""
    match = _CLAUSE.match(version)
    if match is None:
        return None
    release = _release(match[2])
    return Versions(version, release, _next(release), locked=True)


def within(text: str) -> Versions | None:
    """``>=2,<3`` as from (2,) to (3,); ``None`` if it says nothing of either end."""
    low: Release = ()
    high: Release | None = None
    for clause in text.split(","):
        match = _CLAUSE.match(clause.strip())
        if match is None:
            continue
        start, end = _bounds(match[1] or "==", _release(match[2]), bool(match[3]))
        low = max(low, start)
        high = end if high is None else min(high, end) if end is not None else high
    return Versions(text, low, high) if low or high is not None else None


def _bounds(operator: str, release: Release, is_prefix: bool) -> tuple[Release, Release | None]:
    """Where a clause begins, and where it ends."""
    match operator:
        case "==" | "===":
            return release, _after(release) if is_prefix else _next(release)
        case "~=":
            return release, _after(release[:-1]) if len(release) > 1 else None
        case "^":
            return release, _after(_series(release))
        case "~":
            return release, _after(release[:2])
        case ">=":
            return release, None
        case ">":
            return _next(release), None
        case "<":
            return (), release
        case "<=":
            return (), _next(release)
    return (), None


def _release(text: str) -> Release:
    return tuple(int(number) for number in text.split("."))


def _next(release: Release) -> Release:
    """The smallest release after just this one."""
    return (*release, 0, 1)


def _after(release: Release) -> Release:
    """The first release after all that begin so."""
    return (*release[:-1], release[-1] + 1) if release else (1 << 30,)
