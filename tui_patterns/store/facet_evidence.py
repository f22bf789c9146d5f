"""Evidence for single facets of a pattern: events, told once a source."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tui_patterns.store.sql import now


def add(
    conn: sqlite3.Connection,
    row_id: int,
    facets: Iterable[str],
    source: str,
    *,
    success: bool,
    weight: float = 1.0,
) -> None:
    """A use of a pattern went well, or not, in what these facets cover.

    *source* names the use (an injection, a session): told again, it replaces.
    Raises sqlite3.IntegrityError for a weight that is not positive.
    """
    conn.executemany(
        """
        INSERT INTO facet_evidence (pattern_id, facet, source, success, weight, created)
        VALUES (:pattern, :facet, :source, :success, :weight, :now)
        ON CONFLICT (pattern_id, facet, source) DO UPDATE SET
            success = excluded.success, weight = excluded.weight, created = excluded.created
        """,
        [
            {
                "pattern": row_id,
                "facet": facet,
                "source": source,
                "success": int(success),
                "weight": weight,
                "now": now(),
            }
            for facet in facets
        ],
    )


def remove(conn: sqlite3.Connection, row_id: int, source: str) -> None:
    """Take back what a source said of a pattern."""
    conn.execute(
        "DELETE FROM facet_evidence WHERE pattern_id = :pattern AND source = :source",
        {"pattern": row_id, "source": source},
    )


def counts(conn: sqlite3.Connection, row_id: int) -> dict[str, tuple[float, float]]:
    """(successes, failures) by facet, as sums of weights; facets without evidence are absent."""
    rows = conn.execute(
        """
        SELECT facet, SUM(weight * success) AS good, SUM(weight * (1 - success)) AS bad
        FROM facet_evidence WHERE pattern_id = :pattern GROUP BY facet ORDER BY facet
        """,
        {"pattern": row_id},
    )
    return {row["facet"]: (row["good"], row["bad"]) for row in rows}
