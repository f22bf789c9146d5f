"""Nearest patterns among what filters admit, without asking Chroma to look at everything.

Chroma goes through all of its records for each filter, also for a list of ids. Most
filters admit many of what is near anyway: so more is asked for than is wanted, and
the store says what of it counts. Only where too little is left are the admitted ones
listed; those are few then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from tui_patterns.models import Filters
from tui_patterns.search.vectors import Match
from tui_patterns.store import patterns

if TYPE_CHECKING:
    import numpy as np

Ask = Callable[["np.ndarray", int, Collection[str] | None], list[Match] | None]
"""As ``VectorIndex.query``; ``None`` while the index cannot tell."""
MORE = (4, 16)  # times what is wanted: 16 × 60 candidates are still found within milliseconds


def nearest(
    conn: sqlite3.Connection, ask: Ask, vector: np.ndarray, limit: int, filters: Filters
) -> list[Match] | None:
    """The ``limit`` nearest that ``filters`` admit, best first; fewer only if no more are admitted."""
    if not patterns.narrows(filters):
        return ask(vector, limit, None)
    for more in MORE:
        found = ask(vector, limit * more, None)
        if found is None:
            return None
        admitted = patterns.admitted(conn, [id for id, _ in found], filters)
        kept = [match for match in found if match[0] in admitted]
        if len(kept) >= limit or len(found) < limit * more:
            return kept[:limit]
    return ask(vector, limit, patterns.allowed(conn, filters))
