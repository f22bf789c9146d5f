"""Guards of a library: where a pattern fails again and again, and goes into no prompt."""

from __future__ import annotations

from dataclasses import dataclass

from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning.guards import Guard
from tui_patterns.store import guards as store


@dataclass(frozen=True, slots=True)
class PatternGuard:
    """A guard and the pattern that it keeps out."""

    id: str
    name: str
    guard: Guard


def pattern_guards(library: PatternLibrary) -> list[PatternGuard]:
    """Every guard, those with most failures first."""
    with library.connections.lend() as conn:
        rows = store.everything(conn)
    names = {id: library.pattern(id).name for id in {row.pattern for row in rows}}
    return [
        PatternGuard(
            row.pattern,
            names[row.pattern],
            Guard(row.condition, row.failures, row.successes, row.passing, row.population),
        )
        for row in rows
    ]
