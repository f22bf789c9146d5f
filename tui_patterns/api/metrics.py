"""Metrics of a library: its figures, what stands behind each, and injections with what they taught."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.evidence import record_outcome, retract_outcome
from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import behind, metrics
from tui_patterns.learning.behind import Entry
from tui_patterns.learning.effects import Effect, effects
from tui_patterns.learning.figures import KEYS, Asked, Figure, FigureKey, Period
from tui_patterns.learning.worked import Worked, worked
from tui_patterns.models import InjectedPattern, Injection
from tui_patterns.store import metrics as store
from tui_patterns.store.fading import DAY_S
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import reading

__all__ = ["KEYS", "Effect", "Entry", "Figure", "FigureKey", "Measured", "Metrics", "Taught"]


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures over one state of the library, from ``start`` to ``end`` in Unix seconds.

    Without ``days``, ``start`` is when the library began; sessions may be older, and count.
    """

    days: int | None
    start: float
    end: float
    figures: tuple[Figure, ...]

    def figure(self, key: FigureKey) -> Figure:
        """The figure of that name."""
        return next(one for one in self.figures if one.key == key)


@dataclass(frozen=True, slots=True)
class Taught:
    """An injection, and by pattern id what it has changed."""

    injection: Injection
    effects: dict[str, Effect]

    @property
    def patterns(self) -> tuple[InjectedPattern, ...]:
        """Its patterns, in the order of the prompt."""
        return self.injection.patterns


class Metrics:
    """Those of one library. Any thread may call any method; a later call reads only what has changed."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library
        self._worked: dict[str, tuple[tuple[object, ...], Worked]] = {}

    def measure(self, days: int | None = None) -> Measured:
        """All figures, over the last ``days`` or over all that is stored.

        Raises LibraryError for less than a day.
        """
        with self._library.connections.lend() as conn, reading(conn):
            asked = self._asked(conn, days)
            figures = metrics.collect(conn, asked)
        return Measured(days, asked.period.start, asked.period.end, figures)

    def behind(self, key: FigureKey, days: int | None = None, limit: int = 200) -> list[Entry]:
        """What the figure was counted from, the newest first."""
        with self._library.connections.lend() as conn, reading(conn):
            return behind.entries(conn, key, self._asked(conn, days), limit)

    def taught(self, *, open_only: bool = False, limit: int = 50) -> list[Taught]:
        """Injections, the newest first, with what each has changed so far."""
        found = self._library.injections(open_only=open_only, limit=limit)
        with self._library.connections.lend() as conn, reading(conn):
            home = self._library.home(conn)
            return [Taught(one, effects(conn, one.id, self._library.rules, home)) for one in found]

    def effect(self, injection: str, pattern: str) -> Effect | None:
        """What an injection has changed for one pattern; ``None`` if it does not hold it."""
        with self._library.connections.lend() as conn, reading(conn):
            home = self._library.home(conn)
            return effects(conn, injection, self._library.rules, home).get(pattern)

    def say(self, injection: str, pattern: str, success: bool | None) -> bool:
        """A person's word on one use; ``None``: neither. ``False``: it was said.

        Raises LibraryError for unknown ids.
        """
        return record_outcome(self._library, injection, pattern, success)

    def unsay(self, injection: str, pattern: str) -> bool:
        """Take back a person's last word on one use; ``False`` where none stands.

        Raises LibraryError for unknown ids.
        """
        return retract_outcome(self._library, injection, pattern)

    def _asked(self, conn: sqlite3.Connection, days: int | None) -> Asked:
        if days is not None and days < 1:
            raise LibraryError("metrics look back over one day or more")
        end, works = now(), self._sessions(conn)
        began = store.beginning(conn)
        start = end if began is None else min(began, end)
        expiry = end - self._library.settings.learning.open_days * DAY_S
        period = Period(start if days is None else end - days * DAY_S, end)
        return Asked(period, expiry, works, whole=days is None)

    def _sessions(self, conn: sqlite3.Connection) -> tuple[Worked, ...]:
        """The work of every session with a transcript; analysed again only when more of it was read."""
        found: dict[str, tuple[tuple[object, ...], Worked]] = {}
        for id, _, mark in store.transcribed(conn):
            known = self._worked.get(id)
            found[id] = known if known is not None and known[0] == mark else (mark, worked(conn, id))
        self._worked = found
        return tuple(work for _, work in found.values())
