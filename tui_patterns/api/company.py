"""A pattern among others: its versions, what comes with it, and what does not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from tui_patterns.models import Combination, Conflict, HistoryEntry, Pattern
from tui_patterns.prompts import conflicts as rules

if TYPE_CHECKING:
    from tui_patterns.api.library.reading import Reading

LOOKED_AT = 60


def combinations(library: Reading, id: str, limit: int = 8) -> list[Combination]:
    """What often comes together with a pattern, the most telling first. Raises LibraryError."""
    from tui_patterns.learning.combinations import together

    pattern = library.pattern(id)
    with library.connections.lend() as conn:
        return together(conn, _row_id(library, pattern), limit=limit)


def conflicts(library: Reading, id: str) -> list[tuple[Conflict, Pattern]]:
    """Patterns that should not go into one prompt with this one, each with the reason. Raises LibraryError.

    Looked at are namesakes of its project, and single instances if it is one.
    """
    pattern = library.pattern(id)
    found = []
    for other in _suspects(library, pattern):
        found += [(conflict, other) for conflict in rules.between(pattern, other)]
    return found


def _suspects(library: Reading, pattern: Pattern) -> list[Pattern]:
    from tui_patterns.store import combinations as store

    row_id = _row_id(library, pattern)
    names = rules.variant_names(pattern.qualname.rpartition(".")[2])
    with library.connections.lend() as conn:
        rows = store.same_named(conn, store.project_of(conn, row_id), names, LOOKED_AT)
        if any(label.label in rules.SINGLETONS for label in pattern.labels):
            rows += store.labelled(conn, sorted(rules.SINGLETONS), rules.SURE, LOOKED_AT)
        others = [row for row in dict.fromkeys(rows) if row != row_id]
        return library.load(conn, others)


def _row_id(library: Reading, pattern: Pattern) -> int:
    from tui_patterns.store import patterns

    with library.connections.lend() as conn:
        return patterns.row_ids(conn, [pattern.id])[pattern.id]


def diffs(history: Sequence[HistoryEntry]) -> list[str]:
    """What each version, newest first, changed in the one before, as a unified diff; empty for the first."""
    if not history:
        return []
    total = len(history)
    found = [_diff(older, newer, total - at - 1) for at, (newer, older) in enumerate(pairwise(history))]
    return [*found, ""]


def _diff(older: HistoryEntry, newer: HistoryEntry, number: int) -> str:
    lines = difflib.unified_diff(
        older.code.splitlines(),
        newer.code.splitlines(),
        f"v{number}",
        f"v{number + 1}",
        _when(older.created),
        _when(newer.created),
        lineterm="",
    )
    return "\n".join(lines)


def _when(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
