"""Decisions in the ledger, with what came of them."""

from __future__ import annotations

import sqlite3
from typing import Any

from tui_patterns.store import fixes
from tui_patterns.store.sql import load

MOST = 2000  # of the latest, which is what voters are weighed by


def latest(conn: sqlite3.Connection, limit: int = MOST) -> list[tuple[float, dict[str, Any], bool | None]]:
    """(time, decision, whether what it chose worked or ``None``), newest first."""
    rows = conn.execute(
        """
        SELECT e.at, e.data, t.success FROM events e
        LEFT JOIN trials t ON t.injection_id = e.injection_id AND t.pattern_id = e.pattern_id
        WHERE e.kind = 'decision' ORDER BY e.id DESC LIMIT :limit
        """,
        {"limit": limit},
    )
    return [(row["at"], data := load(row["data"]), _success(conn, row, data)) for row in rows.fetchall()]


def _success(conn: sqlite3.Connection, row: sqlite3.Row, data: dict[str, Any]) -> bool | None:
    """Of the pattern in that injection; of a fix, how it did when it was tried next."""
    if data.get("kind") == "fix":
        return fixes.last_success(conn, str(data.get("chosen")), row["at"])
    return None if row["success"] is None else bool(row["success"])
