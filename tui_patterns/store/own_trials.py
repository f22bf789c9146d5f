"""The trials that one injection has led to."""

from __future__ import annotations

import sqlite3

from tui_patterns.store.patterns import Trial


def of_injection(conn: sqlite3.Connection, injection: str) -> dict[str, Trial]:
    """By pattern id, as a pattern's row holds them."""
    rows = conn.execute(
        """
        SELECT p.uuid, t.at, t.success, t.weight, COALESCE(t.project, r.root) AS project
        FROM trials t JOIN patterns p ON p.id = t.pattern_id JOIN projects r ON r.id = p.project_id
        WHERE t.injection_id = :injection
        """,
        {"injection": injection},
    )
    return {
        row["uuid"]: Trial(row["at"], bool(row["success"]), row["weight"], row["project"]) for row in rows
    }
