"""The proven pattern that does what an anti-pattern does wrong, where the library has one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_patterns.extraction.antipatterns.advice import advice
from tui_patterns.learning import records
from tui_patterns.learning.confidence import STRENGTH
from tui_patterns.models import Pattern
from tui_patterns.store.findings import faulty_patterns
from tui_patterns.store.findings_better import candidates

LOOKED_AT = 60
COMPARED = 12
UNKNOWN_QUALITY = 0.5


class Advisor:
    """Answers for the findings of one listing; each label is looked up once for each project.

    The same project comes before all others, the same language before other ones; then quality
    times the mean of the success rate decides, and of equals the shorter one. A pattern that has the
    anti-pattern itself, or whose file was not examined, is never offered.
    """

    def __init__(self, conn: sqlite3.Connection, strength: float = STRENGTH) -> None:
        self._conn = conn
        self._strength = strength
        self._known: dict[tuple[str, str, str], Pattern | None] = {}

    def best(self, label: str, root: str = "", language: str = "python") -> Pattern | None:
        """The pattern to look at instead, for a finding in the project at ``root``."""
        key = (label, root, language)
        if key not in self._known:
            self._known[key] = self._choose(label, root, language) if advice()[label].better else None
        return self._known[key]

    def _choose(self, label: str, root: str, language: str) -> Pattern | None:
        for inside in (True, False):
            found = self._good(label, root, inside, language)
            if found:
                return max(found, key=lambda one: (one.language == language, _worth(one), -len(one.code)))
        return None

    def _good(self, label: str, root: str, inside: bool, language: str) -> Sequence[Pattern]:
        rows = candidates(self._conn, label, root=root, inside=inside, language=language, limit=LOOKED_AT)
        faulty = faulty_patterns(self._conn, label, rows)
        fit = [row for row in rows if row not in faulty]
        return records.load(self._conn, fit[:COMPARED], self._strength)


def _worth(pattern: Pattern) -> float:
    quality = UNKNOWN_QUALITY if pattern.quality.overall is None else pattern.quality.overall
    return quality * pattern.confidence.mean
