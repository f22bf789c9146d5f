"""Projects: the folders that are watched or were indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tui_patterns.store.sql import now


def ensure(conn: sqlite3.Connection, root: Path) -> int:
    """The id of the project at ``root``, made on first sight."""
    conn.execute(
        "INSERT INTO projects (root, name, created) VALUES (:root, :name, :now) "
        "ON CONFLICT (root) DO NOTHING",
        {"root": str(root), "name": root.name or str(root), "now": now()},
    )
    found = conn.execute("SELECT id FROM projects WHERE root = :root", {"root": str(root)}).fetchone()
    return int(found["id"])


def within(path: str, roots: Iterable[str]) -> bool:
    """Whether a path lies in any of these folders."""
    return any(Path(path).is_relative_to(root) for root in roots)


def scanned(conn: sqlite3.Connection, project_id: int, options: str) -> None:
    """Note that disk and store were compared just now, under these extraction options."""
    conn.execute(
        "UPDATE projects SET scanned = :now, options = :options WHERE id = :id",
        {"now": now(), "options": options, "id": project_id},
    )


def options(conn: sqlite3.Connection, project_id: int) -> str | None:
    """The extraction options of the last whole scan."""
    row = conn.execute("SELECT options FROM projects WHERE id = :id", {"id": project_id}).fetchone()
    return row["options"] if row else None


def everything(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """(name, root) of all projects, by name."""
    rows = conn.execute("SELECT name, root FROM projects ORDER BY name, root")
    return [(row["name"], row["root"]) for row in rows]


def around(conn: sqlite3.Connection, places: Iterable[str]) -> frozenset[str]:
    """Roots of the projects that hold one of these folders, or lie in one."""
    roots = [Path(row["root"]) for row in conn.execute("SELECT root FROM projects")]
    folders = [Path(place) for place in places]
    return frozenset(
        str(root)
        for root in roots
        if any(place.is_relative_to(root) or root.is_relative_to(place) for place in folders)
    )


def last_scan(conn: sqlite3.Connection, project_id: int) -> float | None:
    """When disk and store were last compared as a whole."""
    row = conn.execute("SELECT scanned FROM projects WHERE id = :id", {"id": project_id}).fetchone()
    return row["scanned"] if row else None


def was_scanned(conn: sqlite3.Connection, root: Path) -> bool:
    """Whether the project at ``root`` was ever compared with the store as a whole."""
    query = "SELECT 1 FROM projects WHERE root = :root AND scanned IS NOT NULL"
    return conn.execute(query, {"root": str(root)}).fetchone() is not None


def patterns_in(conn: sqlite3.Connection, root: str) -> int:
    """How many patterns the project at this folder has, also those that are gone from its code."""
    query = "SELECT COUNT(*) FROM patterns p JOIN projects r ON r.id = p.project_id WHERE r.root = :root"
    return int(conn.execute(query, {"root": root}).fetchone()[0])
