"""Nearest patterns among what filters admit, without asking Chroma to look at everything.

Chroma goes through its whole graph for a list of ids: the fewer they are, the longer. Most
filters admit many of what is near anyway: so more is asked for than is wanted, and the store
says what of it counts; the share of it says how much more it takes. Only where that would be
too much are the admitted ones listed, and a few of them compared one by one.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from tui_patterns.models import Filters
from tui_patterns.search.vectors import Match
from tui_patterns.store import patterns, vectors

if TYPE_CHECKING:
    import numpy as np

Ask = Callable[["np.ndarray", int, Collection[str] | None], list[Match] | None]
"""As ``VectorIndex.query``; ``None`` while the index cannot tell."""
FIRST = 4  # times what is wanted: 200 of 100,000 are found as soon as 50
SPARE = 1.5  # what is near is not spread evenly over what a filter admits
MOST = 1_600  # asked for at once: 13 ms at 100,000, where a list of ids takes 25 to 70
FEW = 2_000  # vectors read from the store and compared: 25 ms at most


def nearest(
    conn: sqlite3.Connection, ask: Ask, vector: np.ndarray, limit: int, filters: Filters, fingerprint: str
) -> list[Match] | None:
    """The ``limit`` nearest that ``filters`` admit, best first; fewer only if no more are admitted.

    ``fingerprint`` names the model whose vectors ``ask`` looks through.
    """
    if not patterns.narrows(filters):
        return ask(vector, limit, None)
    wanted = limit * FIRST
    while wanted <= MOST:
        found = ask(vector, wanted, None)
        if found is None:
            return None
        admitted = patterns.admitted(conn, [id for id, _ in found], filters)
        kept = [match for match in found if match[0] in admitted]
        if len(kept) >= limit or len(found) < wanted:
            return kept[:limit]
        wanted = max(_needed(wanted, len(kept), limit), 2 * wanted)
    allowed = patterns.allowed(conn, filters) or {}
    if len(allowed) > FEW:
        return ask(vector, limit, allowed)
    return _compared(conn, vector, limit, allowed, fingerprint)


def _needed(asked: int, kept: int, limit: int) -> int:
    """How many to ask for, since ``kept`` of ``asked`` were admitted."""
    return math.ceil(limit * asked / kept * SPARE) if kept else MOST + 1


def _compared(
    conn: sqlite3.Connection, vector: np.ndarray, limit: int, allowed: Mapping[str, int], fingerprint: str
) -> list[Match]:
    """The nearest of these row ids by pattern id, by the vectors in the store."""
    from tui_patterns.search.exact import as_matrix, top

    blobs = vectors.of_rows(conn, fingerprint, list(allowed.values()))
    ids = [id for id, row_id in allowed.items() if row_id in blobs]
    rows = as_matrix(b"".join(blobs[allowed[id]] for id in ids), len(vector))
    return top(vector, ids, rows, limit)
