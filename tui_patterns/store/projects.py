"""Projects: the folders that are watched or were indexed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tui_patterns.store.sql import now


def ensure(conn: sqlite3.Connection, root: Path) -> int:
    """The id of the project at ``root``, made on first sight."""
    conn.execute(
        "INSERT INTO projects (root, name, created) VALUES (:root, :name, :now) ON CONFLICT (root) DO NOTHING",
        {"root": str(root), "name": root.name or str(root), "now": now()},
    )
    found = conn.execute("SELECT id FROM projects WHERE root = :root", {"root": str(root)}).fetchone()
    return int(found["id"])


def scanned(conn: sqlite3.Connection, project_id: int) -> None:
    """Note that disk and store were compared just now."""
    conn.execute("UPDATE projects SET scanned = :now WHERE id = :id", {"now": now(), "id": project_id})


def everything(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """(name, root) of all projects, by name."""
    rows = conn.execute("SELECT name, root FROM projects ORDER BY name, root")
    return [(row["name"], row["root"]) for row in rows]
