"""What indexing did and does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did; the keys of ``index --json``.

    ``examined`` counts files looked at for anti-patterns.
    """

    files: int = 0
    parsed: int = 0
    unchanged: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: tuple[dict[str, str], ...] = ()
    patterns: int = 0
    new: int = 0
    updated: int = 0
    removed: int = 0
    embedded: int = 0
    seconds: float = 0.0
    left_out: dict[str, int] = field(default_factory=dict)
    unsupported: tuple[str, ...] = ()
    semantic: str | None = None
    examined: int = 0
    tests: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What one batch of saves changed in the library: pattern ids by kind."""

    project: str
    files: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
