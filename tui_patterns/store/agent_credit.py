"""What a session was given, where it used it, and which files it had read before it wrote them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

from tui_patterns.store.sql import load, rows_in


class AgentUse(NamedTuple):
    """A use whose evidence names a file by its whole path; ``shown`` is when the pattern was."""

    injection: str
    pattern: str
    path: str
    qualname: str
    shown: float


def injections(conn: sqlite3.Connection, session: str) -> set[str]:
    """Ids of the session's injections."""
    rows = conn.execute("SELECT id FROM injections WHERE session_id = :session", {"session": session})
    return {row["id"] for row in rows}


def uses(conn: sqlite3.Connection, ids: Collection[str]) -> list[AgentUse]:
    """Uses in files outside every project, of these injections."""
    found: list[AgentUse] = []
    rows = rows_in(
        conn,
        """
        SELECT x.injection_id, p.uuid, x.evidence, i.created FROM injection_patterns x
        JOIN injections i ON i.id = x.injection_id JOIN patterns p ON p.id = x.pattern_id
        WHERE x.state = 'used' AND x.injection_id IN (:ids) ORDER BY i.created, x.position
        """,
        sorted(ids),
    )
    for row in rows:
        place: dict[str, Any] = next(iter(load(row["evidence"])), {})
        path, name = str(place.get("path", "")), str(place.get("qualname", ""))
        if Path(path).is_absolute():
            found.append(AgentUse(row["injection_id"], row["uuid"], path, name, row["created"]))
    return found


def was_read(conn: sqlite3.Connection, session: str, path: str, before: float) -> bool:
    """Whether the session looked into a file before that time, so that the file was there."""
    rows = conn.execute(
        "SELECT files FROM tool_events WHERE session_id = :session AND category = 'read' AND at <= :before",
        {"session": session, "before": before},
    )
    return any(path in load(row["files"]) for row in rows)
