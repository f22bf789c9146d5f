"""What the holder of the index lock last said of itself, for other processes to show."""

from __future__ import annotations

import sqlite3
from typing import Any

from tui_patterns.store.sql import dump, load, now


def say(conn: sqlite3.Connection, name: str, value: dict[str, Any]) -> None:
    """Publish ``value`` under ``name``."""
    conn.execute(
        "INSERT INTO engine_status (name, value, updated) VALUES (:name, :value, :now) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated = excluded.updated",
        {"name": name, "value": dump(value), "now": now()},
    )


def said(conn: sqlite3.Connection, name: str) -> tuple[dict[str, Any], float] | None:
    """(value, when) last published under ``name``."""
    row = conn.execute(
        "SELECT value, updated FROM engine_status WHERE name = :name", {"name": name}
    ).fetchone()
    return (load(row["value"]), row["updated"]) if row else None
