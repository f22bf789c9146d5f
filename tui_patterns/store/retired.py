"""Patterns that are kept, but put into no prompt: one or the other by the last event that says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from tui_patterns.models import Event
from tui_patterns.store import ledger
from tui_patterns.store.sql import rows_in


def retire(conn: sqlite3.Connection, pattern: str, source: str, reason: str | None) -> bool:
    """Retire the pattern with this id; ``False`` if it is retired. Inside a transaction."""
    last = last_word(conn, pattern)
    if last is not None and last.kind == "retire":
        return False
    return _say(conn, pattern, Event("retire", 0.0, data={"source": source, "reason": reason}))


def restore(conn: sqlite3.Connection, pattern: str, source: str = "person") -> bool:
    """Take it back; ``False`` if it is not retired. Inside a transaction."""
    last = last_word(conn, pattern)
    if last is None or last.kind != "retire":
        return False
    return _say(conn, pattern, Event("restore", 0.0, data={"source": source}))


def _say(conn: sqlite3.Connection, pattern: str, said: Event) -> bool:
    subject = f"retired:{pattern}:"
    key = f"{subject}{ledger.told(conn, subject)}"
    at = ledger.latest(conn, pattern=pattern)
    return ledger.append(conn, Event(said.kind, at, pattern=pattern, key=key, data=said.data))


def last_word(conn: sqlite3.Connection, pattern: str) -> Event | None:
    """The last event that retired or restored the pattern."""
    found = ledger.events(conn, pattern=pattern, kinds=("retire", "restore"))
    return found[-1] if found else None


def listed(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    """(pattern_id, at, source, reason), the last retired first."""
    return conn.execute(
        "SELECT pattern_id, at, source, reason FROM retired ORDER BY at DESC, pattern_id"
    ).fetchall()


def among(conn: sqlite3.Connection, row_ids: Iterable[int]) -> set[int]:
    """Which of these row ids are retired."""
    rows = rows_in(conn, "SELECT pattern_id FROM retired WHERE pattern_id IN (:ids)", row_ids)
    return {row["pattern_id"] for row in rows}
