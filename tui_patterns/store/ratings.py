"""Ratings: one per pattern and session; rating again replaces."""

from __future__ import annotations

import sqlite3

from tui_patterns.store.sql import now


def save(
    conn: sqlite3.Connection,
    row_id: int,
    session: str,
    rating: int,
    task: str | None = None,
    note: str | None = None,
) -> None:
    """Rate a pattern's current version 1..5 in a session."""
    conn.execute(
        """
        INSERT INTO ratings (pattern_id, version_id, session_id, task, rating, note, created, updated)
        SELECT id, version_id, :session, :task, :rating, :note, :now, :now FROM patterns WHERE id = :id
        ON CONFLICT (pattern_id, session_id) DO UPDATE SET
            rating = excluded.rating, version_id = excluded.version_id, updated = excluded.updated,
            task = COALESCE(excluded.task, ratings.task), note = COALESCE(excluded.note, ratings.note)
        """,
        {"id": row_id, "session": session, "task": task, "rating": rating, "note": note, "now": now()},
    )


def remove(conn: sqlite3.Connection, row_id: int, session: str) -> None:
    """Take a session's rating of a pattern back."""
    conn.execute(
        "DELETE FROM ratings WHERE pattern_id = :id AND session_id = :session",
        {"id": row_id, "session": session},
    )


def in_session(conn: sqlite3.Connection, row_id: int, session: str) -> int | None:
    """What a session rated a pattern, if it did."""
    row = conn.execute(
        "SELECT rating FROM ratings WHERE pattern_id = :id AND session_id = :session",
        {"id": row_id, "session": session},
    ).fetchone()
    return int(row["rating"]) if row else None


def pooled(conn: sqlite3.Connection) -> dict[tuple[str, str], tuple[float, float]]:
    """(successes, failures) over all patterns by (language, kind), for priors."""
    rows = conn.execute(
        """
        SELECT language, kind, SUM(good) AS good, SUM(bad) AS bad FROM (
            SELECT v.language, v.kind, CASE WHEN t.rating >= 4 THEN 1.0 ELSE 0.0 END AS good,
                   CASE WHEN t.rating <= 2 THEN 1.0 ELSE 0.0 END AS bad
            FROM ratings t JOIN patterns p ON p.id = t.pattern_id JOIN versions v ON v.id = p.version_id
            UNION ALL
            SELECT v.language, v.kind, o.weight * o.success, o.weight * (1 - o.success)
            FROM outcomes o JOIN patterns p ON p.id = o.pattern_id JOIN versions v ON v.id = p.version_id
            WHERE o.success IS NOT NULL
        ) AS evidence GROUP BY language, kind
        """
    )
    return {(row["language"], row["kind"]): (row["good"], row["bad"]) for row in rows}
