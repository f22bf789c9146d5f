"""Files of transcripts: which were read, how far, and what their readers remember."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any, NamedTuple

from tui_patterns.store.sql import dump, load, now


class Transcript(NamedTuple):
    """A file as far as it was read: ``position`` bytes, whose first and last part hash to head and tail."""

    id: int
    path: str
    session: str
    format: str
    head: str
    tail: str
    position: int
    lines: int
    unreadable: int
    refused: int
    state: dict[str, Any]


def of_path(conn: sqlite3.Connection, path: str) -> Transcript | None:
    """What was read of the file at this path."""
    row = conn.execute("SELECT * FROM transcripts WHERE path = :path", {"path": path}).fetchone()
    return _transcript(row) if row else None


def of_session(conn: sqlite3.Connection, session: str) -> list[Transcript]:
    """The files of a session, by path."""
    rows = conn.execute(
        "SELECT * FROM transcripts WHERE session_id = :session ORDER BY path", {"session": session}
    )
    return [_transcript(row) for row in rows]


def _transcript(row: sqlite3.Row) -> Transcript:
    return Transcript(
        row["id"],
        row["path"],
        row["session_id"],
        row["format"],
        row["head"],
        row["tail"],
        row["position"],
        row["lines"],
        row["unreadable"],
        row["refused"],
        load(row["state"]),
    )


def save(conn: sqlite3.Connection, found: Transcript) -> int:
    """Note how far a file was read; returns its id."""
    values = {**found._asdict(), "state": dump(found.state), "now": now()}
    conn.execute(
        """
        INSERT INTO transcripts
            (path, session_id, format, head, tail, position, lines, unreadable, refused, state, imported)
        VALUES
            (:path, :session, :format, :head, :tail, :position, :lines, :unreadable, :refused, :state, :now)
        ON CONFLICT (path) DO UPDATE SET
            session_id = excluded.session_id, format = excluded.format, head = excluded.head,
            tail = excluded.tail, position = excluded.position, lines = excluded.lines,
            unreadable = excluded.unreadable, refused = excluded.refused, state = excluded.state,
            imported = excluded.imported
        """,
        values,
    )
    row = conn.execute("SELECT id FROM transcripts WHERE path = :path", values).fetchone()
    return int(row["id"])


def digest(session: str) -> str:
    """What is kept of the id of a forgotten session."""
    return hashlib.sha256(session.encode("utf-8", "replace")).hexdigest()


def is_forgotten(conn: sqlite3.Connection, session: str) -> bool:
    """Whether a person asked to forget this session."""
    found = conn.execute(
        "SELECT 1 FROM forgotten_sessions WHERE digest = :digest", {"digest": digest(session)}
    ).fetchone()
    return found is not None


def welcome(conn: sqlite3.Connection, session: str) -> None:
    """Let a forgotten session be imported again."""
    conn.execute("DELETE FROM forgotten_sessions WHERE digest = :digest", {"digest": digest(session)})
