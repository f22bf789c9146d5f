"""Trials over the whole library."""

from __future__ import annotations

import sqlite3


def pooled(conn: sqlite3.Connection) -> dict[tuple[str, str], tuple[float, float]]:
    """(successes, failures) over all patterns by (language, kind), undecayed: for priors."""
    rows = conn.execute(
        """
        SELECT v.language, v.kind, SUM(t.good) AS good, SUM(t.bad) AS bad FROM (
            SELECT pattern_id, SUM(weight * success) AS good, SUM(weight * (1 - success)) AS bad
            FROM trials GROUP BY pattern_id
        ) AS t JOIN patterns p ON p.id = t.pattern_id JOIN versions v ON v.id = p.version_id
        GROUP BY v.language, v.kind
        """
    )
    return {(row["language"], row["kind"]): (row["good"], row["bad"]) for row in rows}
