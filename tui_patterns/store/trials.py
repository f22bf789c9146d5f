"""Trials over the whole library."""

from __future__ import annotations

import sqlite3

from tui_patterns.store.sqlite import remembered


def pooled(conn: sqlite3.Connection, strength: float) -> dict[tuple[str, str], tuple[float, float]]:
    """(good, bad) shares of all patterns' records by (language, kind), undecayed: for priors.

    A pattern's share is its successes and failures by their sum plus ``strength`` (confidence.share).
    """
    return remembered(conn, f"pooled {strength}", lambda: _pooled(conn, strength))


def _pooled(conn: sqlite3.Connection, strength: float) -> dict[tuple[str, str], tuple[float, float]]:
    rows = conn.execute(
        """
        SELECT v.language, v.kind, SUM(t.good / (t.good + t.bad + :strength)) AS good,
            SUM(t.bad / (t.good + t.bad + :strength)) AS bad FROM (
            SELECT pattern_id, SUM(weight * success) AS good, SUM(weight * (1 - success)) AS bad
            FROM trials GROUP BY pattern_id
        ) AS t JOIN patterns p ON p.id = t.pattern_id JOIN versions v ON v.id = p.version_id
        GROUP BY v.language, v.kind
        """,
        {"strength": strength},
    )
    return {(row["language"], row["kind"]): (row["good"], row["bad"]) for row in rows}


def worked_in(conn: sqlite3.Connection, pattern: str) -> tuple[str, ...]:
    """Roots of the projects in which the pattern with this id worked, by root."""
    rows = conn.execute(
        """
        SELECT DISTINCT COALESCE(t.project, r.root) AS root FROM trials t
        JOIN patterns p ON p.id = t.pattern_id JOIN projects r ON r.id = p.project_id
        WHERE p.uuid = :pattern AND t.success = 1 ORDER BY root
        """,
        {"pattern": pattern},
    )
    return tuple(row["root"] for row in rows)


def weight_since(conn: sqlite3.Connection, pattern: str, since: float) -> float:
    """What the trials of a pattern after a time weigh together, undecayed."""
    row = conn.execute(
        """
        SELECT COALESCE(SUM(t.weight), 0.0) AS weight FROM trials t JOIN patterns p ON p.id = t.pattern_id
        WHERE p.uuid = :pattern AND t.at > :since
        """,
        {"pattern": pattern, "since": since},
    ).fetchone()
    return float(row["weight"])


def tried(conn: sqlite3.Connection, least: float) -> list[str]:
    """Ids of patterns whose trials weigh at least so much, undecayed, and that are not retired."""
    rows = conn.execute(
        """
        SELECT p.uuid FROM patterns p WHERE NOT EXISTS (SELECT 1 FROM retired x WHERE x.pattern_id = p.id)
          AND p.id IN (SELECT pattern_id FROM trials GROUP BY pattern_id HAVING SUM(weight) >= :least)
        ORDER BY p.id
        """,
        {"least": least},
    )
    return [row["uuid"] for row in rows]
