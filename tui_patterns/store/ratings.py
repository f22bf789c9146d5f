"""Ratings: one per pattern and session; rating again replaces."""

from __future__ import annotations

import sqlite3
from typing import Any

from tui_patterns.models import Event, EventKind
from tui_patterns.store import ledger


def save(
    conn: sqlite3.Connection,
    row_id: int,
    session: str,
    rating: int,
    task: str | None = None,
    note: str | None = None,
    project: str | None = None,
) -> bool:
    """Rate a pattern's current version 1..5 in a session; ``False`` if that is what it says already.

    ``project`` is the root of the project in which it was used, if that is known.
    """
    shown = conn.execute("SELECT uuid, version_id FROM patterns WHERE id = :id", {"id": row_id}).fetchone()
    old = conn.execute(
        "SELECT * FROM ratings WHERE pattern_id = :id AND session_id = :session",
        {"id": row_id, "session": session},
    ).fetchone()
    said = (rating, shown["version_id"], task, note)
    if old and said == (old["rating"], old["version_id"], task and old["task"], note and old["note"]):
        return False
    data = {"rating": rating, "task": task, "note": note, "project": project}
    return _append(conn, "rating", session, shown["uuid"], shown["version_id"], data)


def remove(conn: sqlite3.Connection, row_id: int, session: str) -> bool:
    """Take a session's rating of a pattern back; ``False`` if there is none."""
    if in_session(conn, row_id, session) is None:
        return False
    row = conn.execute("SELECT uuid FROM patterns WHERE id = :id", {"id": row_id}).fetchone()
    return _append(conn, "unrate", session, row["uuid"], None, {})


def _append(
    conn: sqlite3.Connection,
    kind: EventKind,
    session: str,
    pattern: str,
    version: int | None,
    data: dict[str, Any],
) -> bool:
    subject = f"rating:{session}:{pattern}:"
    at = ledger.latest(conn, pattern=pattern, session=session)
    key = f"{subject}{ledger.told(conn, subject)}"
    event = Event(kind, at, session=session, pattern=pattern, version=version, key=key, data=data)
    return ledger.append(conn, event)


def in_session(conn: sqlite3.Connection, row_id: int, session: str) -> int | None:
    """What a session rated a pattern, if it did."""
    row = conn.execute(
        "SELECT rating FROM ratings WHERE pattern_id = :id AND session_id = :session",
        {"id": row_id, "session": session},
    ).fetchone()
    return int(row["rating"]) if row else None
