"""Guards as anti-patterns: what was learned from failures, shown beside what is found by looking at code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tui_patterns.learning.guards import Guard
from tui_patterns.models import Finding
from tui_patterns.store import guards
from tui_patterns.store.guards import GuardPlace

LABEL, RULE = "repeated_failure", "guard"
WHY = "What failed again and again in one context will fail there again."
INSTEAD = (
    "There it goes into no prompt, and the prompt says to avoid it: take another pattern, "
    "or change this one until code that follows it passes its tests."
)


def guard(place: GuardPlace) -> Guard:
    """The condition with its counts."""
    row = place.guard
    return Guard(row.condition, row.failures, row.successes, row.passing, row.population)


def finding(place: GuardPlace) -> Finding:
    """A guard as an anti-pattern at its pattern's place. It has no id: evidence ends it, not a dismissal."""
    known = guard(place)
    return Finding(
        path=place.path,
        line=place.line,
        end_line=place.end_line,
        qualname=place.qualname,
        label=LABEL,
        rule=RULE,
        severity="warning",
        message=f"Where {known.words}, it {known.counts}.",
        instead=INSTEAD,
        why=WHY,
    )


def in_file(conn: sqlite3.Connection, root: str, path: str) -> list[Finding]:
    """Those of patterns that stand in a file of the project at ``root``."""
    return [finding(one) for one in guards.placed(conn) if (one.root, one.path) == (root, path)]


def below(conn: sqlite3.Connection, place: Path) -> list[Finding]:
    """Those of patterns at or below ``place``, by path and line; paths as seen from a folder, or its name."""
    return sorted(_below(guards.placed(conn), place), key=lambda one: (one.path, one.line))


def _below(placed: Iterable[GuardPlace], place: Path) -> Iterable[Finding]:
    folder = place if place.is_dir() else place.parent
    for one in placed:
        file = Path(one.root) / one.path
        if file == place or (place == folder and file.is_relative_to(folder)):
            yield replace(finding(one), path=file.relative_to(folder).as_posix())
