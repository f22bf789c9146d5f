"""Sessions: a run of the app, a command, or an agent's work."""

from __future__ import annotations

import sqlite3

from tui_patterns.models import Event
from tui_patterns.store import ledger
from tui_patterns.store.sql import now


def start(conn: sqlite3.Connection, session: str, source: str) -> None:
    """Note that a session has begun; known sessions are left as they are."""
    begun = now()
    conn.execute(
        "INSERT INTO sessions (id, source, started) VALUES (:id, :source, :now) ON CONFLICT (id) DO NOTHING",
        {"id": session, "source": source, "now": begun},
    )
    key = f"session:{session}"
    if not ledger.known(conn, key):
        ledger.append(conn, Event("session", begun, session=session, key=key, data={"source": source}))
