"""Reading the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from tui_patterns.models import Event, EventKind
from tui_patterns.store.sql import load, now, rows_in

_COLUMNS = "e.id, e.key, e.at, e.kind, e.session_id, e.injection_id, e.version_id, e.data, p.uuid"
_WRITTEN, _ALL = "events", "all_events"  # with those that the patterns' own rows tell


def known(conn: sqlite3.Connection, key: str) -> bool:
    """Whether an event with this key was written."""
    return conn.execute("SELECT 1 FROM events WHERE key = :key", {"key": key}).fetchone() is not None


def events(
    conn: sqlite3.Connection,
    *,
    pattern: str | None = None,
    injection: str | None = None,
    session: str | None = None,
    kinds: Iterable[EventKind] = (),
    since: float | None = None,
) -> list[Event]:
    """Events as they happened, oldest first; each argument that is given narrows them."""
    where, values = _about(pattern, injection, session)
    names = {f"kind{at}": kind for at, kind in enumerate(sorted(frozenset(kinds)))}
    if names:
        where += f" AND e.kind IN ({', '.join(f':{name}' for name in names)})"
    if since is not None:
        where += " AND e.at >= :since"
    return _read(conn, _ALL, f"WHERE {where}", {**values, **names, "since": since})


def _about(
    pattern: str | None, injection: str | None, session: str | None
) -> tuple[str, dict[str, str | None]]:
    """A condition that an index can answer, and its values."""
    values = {"pattern": pattern, "injection": injection, "session": session}
    tests = {
        "pattern": "e.pattern_id = (SELECT id FROM patterns WHERE uuid = :pattern)",
        "injection": "e.injection_id = :injection",
        "session": "e.session_id = :session",
    }
    named = [tests[name] for name, value in values.items() if value is not None]
    return " AND ".join(named) or "1", values


def read(conn: sqlite3.Connection, where: str, values: dict[str, Any]) -> list[Event]:
    """Events of the ledger that ``where`` (over the aliases e and p) selects, oldest first.

    That a pattern was identified is none of them: ``events`` tells it, from the pattern's own row.
    """
    return _read(conn, _WRITTEN, where, values)


def _read(conn: sqlite3.Connection, table: str, where: str, values: dict[str, Any]) -> list[Event]:
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM {table} e LEFT JOIN patterns p ON p.id = e.pattern_id {where} "
        "ORDER BY e.at, e.id",
        values,
    )
    return [
        Event(
            kind=row["kind"],
            at=row["at"],
            session=row["session_id"],
            injection=row["injection_id"],
            pattern=row["uuid"],
            version=row["version_id"],
            key=row["key"],
            data=load(row["data"]),
            id=row["id"],
        )
        for row in rows
    ]


def newest(conn: sqlite3.Connection) -> int:
    """The place of the last event in the ledger, 0 where there is none."""
    return int(conn.execute("SELECT COALESCE(MAX(id), 0) FROM events").fetchone()[0])


def uses_after(conn: sqlite3.Connection, after: int, limit: int) -> list[Event]:
    """Uses and outcomes that were written after that place, oldest first."""
    where = "WHERE e.id IN (SELECT id FROM events WHERE id > :after AND kind IN ('use', 'outcome') "
    return read(conn, where + "ORDER BY id LIMIT :limit)", {"after": after, "limit": limit})


def told(conn: sqlite3.Connection, prefix: str) -> int:
    """How many events have a key that begins with ``prefix``: makes the next key of a subject."""
    query = "SELECT COUNT(*) FROM events WHERE key >= :low AND key < :high"
    return int(conn.execute(query, {"low": prefix, "high": prefix + "\uffff"}).fetchone()[0])


def latest(
    conn: sqlite3.Connection,
    *,
    pattern: str | None = None,
    session: str | None = None,
    injection: str | None = None,
) -> float:
    """Now, or the time of the last event on this matter, if a clock that was set back says less."""
    where, values = _about(pattern, injection, session)
    row = conn.execute(f"SELECT MAX(e.at) AS at FROM {_ALL} e WHERE {where}", values).fetchone()
    return max(now(), row["at"] or 0.0)


def speakers(conn: sqlite3.Connection, sessions: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    """(agent, source) by session; sessions that are not known are left out."""
    rows = rows_in(conn, "SELECT id, agent, source FROM sessions WHERE id IN (:ids)", sorted(sessions))
    return {row["id"]: (row["agent"], row["source"]) for row in rows}
