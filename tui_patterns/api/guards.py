"""Guards of a library: where a pattern fails again and again, and goes into no prompt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import guard_findings
from tui_patterns.learning.guards import Guard
from tui_patterns.models import Finding
from tui_patterns.store import guards as store


@dataclass(frozen=True, slots=True)
class PatternGuard:
    """A guard and the pattern that it keeps out."""

    id: str
    name: str
    guard: Guard


def guards_below(library: PatternLibrary, place: Path) -> list[Finding]:
    """Guards of patterns at or below a place, as anti-patterns; none without a database."""
    if not library.path.exists():
        return []
    with library.connections.lend() as conn:
        return guard_findings.below(conn, place.resolve())


def pattern_guards(library: PatternLibrary, id: str | None = None) -> list[PatternGuard]:
    """Every guard, those with most failures first; with an ``id``, those of that pattern."""
    with library.connections.lend() as conn:
        rows = [row for row in store.everything(conn) if id is None or row.pattern == id]
    names = {id: library.pattern(id).name for id in {row.pattern for row in rows}}
    return [
        PatternGuard(
            row.pattern,
            names[row.pattern],
            Guard(row.condition, row.failures, row.successes, row.passing, row.population),
        )
        for row in rows
    ]
