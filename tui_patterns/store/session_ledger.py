"""What sessions add to the ledger: many events at once, each once by its key.

They carry no text of a prompt, a command or a file: only what happened, when, and how it went.
Nothing is derived from them, so that they need no fold. Call these inside a transaction.

``data`` by kind: ``session`` has ``source``; ``turn`` has ``turn``, its number in the session; ``tool``
has ``call category tool success exit_code duration_ms``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Any

from tui_patterns.store.sql import dump, named_list, now, rows_in

TELLING = ("build", "test", "lint", "edit")  # categories of tools that say something of the code
_ADD = """
INSERT INTO events (key, at, kind, session_id, data)
VALUES (:key, :at, :kind, :session, :data) ON CONFLICT (key) DO NOTHING
"""


def begun(conn: sqlite3.Connection, session: str, at: float, source: str) -> None:
    """A session was first heard of."""
    _add(conn, [_row(f"session:{session}", at, "session", session, {"source": source})])


def turns(
    conn: sqlite3.Connection, session: str, asked: Iterable[tuple[int, float | None]], at: float
) -> None:
    """A person asked for something: (number of the turn, when, else ``at``)."""
    _add(conn, (turn(session, number, at if when is None else when) for number, when in asked))


def turn(session: str, number: int, at: float) -> dict[str, Any]:
    """The row of one turn."""
    return _row(f"turn:{session}:{number}", at, "turn", session, {"turn": number})


def next_turn(conn: sqlite3.Connection, session: str, at: float) -> int:
    """A further turn of a session, told by a hook as it begins; returns its number."""
    query = "SELECT COUNT(*) FROM events WHERE session_id = :session AND kind = 'turn'"
    number = int(conn.execute(query, {"session": session}).fetchone()[0]) + 1
    _add(conn, [turn(session, number, at)])
    return number


def tools(conn: sqlite3.Connection, session: str, calls: Collection[str], at: float) -> None:
    """Calls of builds, tests, linters and edits that have ended; one of which more is known now anew."""
    kinds, values = named_list("kind", TELLING)
    rows = rows_in(
        conn,
        f"""
        SELECT call_id, COALESCE(ended, at, :at) AS at, category, tool, success, exit_code, duration_ms
        FROM tool_events WHERE session_id = :session AND call_id IN (:ids)
          AND category IN ({kinds}) AND failed IS NOT NULL
        """,
        sorted(calls),
        session=session,
        at=at,
        **values,
    )
    _add(conn, (_tool(session, row) for row in rows))


def _tool(session: str, row: sqlite3.Row) -> dict[str, Any]:
    success = None if row["success"] is None else bool(row["success"])
    return tool(session, row["call_id"], row["at"], row["category"], row["tool"], success,
                row["exit_code"], row["duration_ms"])  # fmt: skip


def tool(
    session: str,
    call: str,
    at: float,
    category: str,
    name: str,
    success: bool | None,
    exit_code: int | None,
    duration_ms: float | None,
) -> dict[str, Any]:
    """The row of one call; what is said of it is part of its key, so that more can be said later."""
    data = {
        "call": call,
        "category": category,
        "tool": name,
        "success": success,
        "exit_code": exit_code,
        "duration_ms": duration_ms,
    }
    said = blake2b(dump([success, exit_code, duration_ms]).encode(), digest_size=4).hexdigest()
    return _row(f"tool:{session}:{call}:{said}", at, "tool", session, data)


def identified(conn: sqlite3.Connection, patterns: Iterable[int], session: str) -> None:
    """These patterns were first seen in the code of a session; when, their own rows say."""
    conn.executemany(
        "UPDATE patterns SET seen_in = :session WHERE id = :id",
        [{"session": session, "id": pattern} for pattern in patterns],
    )


def add(conn: sqlite3.Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows that ``turn`` and ``tool`` made."""
    _add(conn, rows)


def _row(
    key: str,
    at: float,
    kind: str,
    session: str | None,
    data: dict[str, Any],
) -> dict[str, Any]:
    return {
        "key": key,
        "at": min(at, now()),  # the clock of a transcript may be ahead
        "kind": kind,
        "session": session,
        "data": dump(data),
    }


def _add(conn: sqlite3.Connection, rows: Iterable[dict[str, Any]]) -> None:
    conn.executemany(_ADD, rows)
