"""Evidence for single facets of a pattern, as it follows from the ledger (``folds``): a row a use."""

from __future__ import annotations

import sqlite3


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
