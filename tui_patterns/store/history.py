"""The versions of a pattern across edits."""

from __future__ import annotations

import sqlite3

from tui_patterns.models import HistoryEntry


def versions(conn: sqlite3.Connection, row_id: int) -> list[HistoryEntry]:
    """What the code of a pattern was, newest first; one text counts once, whatever is around it."""
    rows = conn.execute(
        """
        SELECT v.id AS version, v.created, v.name, code_of(c.body) AS code, v.complexity,
               (v.id = p.version_id) AS current
        FROM versions v JOIN codes c ON c.version_id = v.id
        JOIN patterns p ON p.id = v.pattern_id
        WHERE v.pattern_id = :id ORDER BY v.created DESC, v.id DESC
        """,
        {"id": row_id},
    )
    found: dict[str, HistoryEntry] = {}
    for row in rows:
        if row["code"] not in found or row["current"]:
            found[row["code"]] = HistoryEntry(**{**dict(row), "current": bool(row["current"])})
    return list(found.values())
