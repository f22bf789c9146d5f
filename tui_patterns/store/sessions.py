"""Sessions: a run of the app, a command, or an agent's work."""

from __future__ import annotations

import sqlite3
from typing import Any

from tui_patterns.models import Event
from tui_patterns.store import ledger
from tui_patterns.store.session_rows import FactsRow
from tui_patterns.store.sql import dump, load, now
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.transcripts import digest

# Children first; injections carry patterns and outcomes with them.
_BELONGINGS = (
    "transcripts",
    "session_messages",
    "session_prompts",
    "tool_events",
    "session_edits",
    "session_tasks",
    "session_marks",
    "experiment_sessions",
    "fixes",
    "fix_trials",
    "library_trials",
    "trials",
    "outcomes",
    "ratings",
    "injections",
    "events",
)


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


def merge(
    conn: sqlite3.Connection, session: str, source: str, facts: FactsRow, span: tuple[float, float]
) -> bool:
    """Add what a transcript says of a session, in seconds from ``span[0]`` to ``span[1]``; ``True`` if new.

    What was said before is kept where this says nothing; the span only grows.
    """
    old = conn.execute("SELECT * FROM sessions WHERE id = :id", {"id": session}).fetchone()
    said = {"cwd": facts.cwd, "branch": facts.branch, "version": facts.version, **(facts.more or {})}
    before = load(old["facts"]) if old else {}
    known = {**before, **{key: value for key, value in said.items() if value is not None}}
    if before.get("cwd"):
        known["cwd"] = before["cwd"]  # where it began
    conn.execute(
        """
        INSERT INTO sessions (id, source, agent, model, started, ended, facts)
        VALUES (:id, :source, :agent, :model, :started, :ended, :facts)
        ON CONFLICT (id) DO UPDATE SET
            agent = COALESCE(excluded.agent, sessions.agent),
            model = COALESCE(excluded.model, sessions.model),
            started = :started, ended = :ended, facts = excluded.facts
        """,
        {
            "id": session,
            "source": source,
            "agent": facts.agent,
            "model": facts.model,
            "started": min(span[0], old["started"]) if old else span[0],
            "ended": max(span[1], (old["ended"] or span[1]) if old else span[1]),
            "facts": dump(known),
        },
    )
    return old is None


def name_model(conn: sqlite3.Connection, session: str) -> None:
    """Let the session's model be the one that answered most often, subagents aside."""
    conn.execute(
        """
        UPDATE sessions SET model = COALESCE((
            SELECT model FROM counted_messages WHERE session_id = :id AND model IS NOT NULL
            GROUP BY model ORDER BY MIN(sidechain), COUNT(*) DESC, model LIMIT 1), model)
        WHERE id = :id
        """,
        {"id": session},
    )


def one(conn: sqlite3.Connection, session: str) -> sqlite3.Row | None:
    """The session with this id."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM sessions WHERE id = :id", {"id": session}
    ).fetchone()
    return row


def by_prefix(conn: sqlite3.Connection, prefix: str) -> list[str]:
    """Ids that begin so, at most two; the whole id itself comes first."""
    rows = conn.execute(
        "SELECT id FROM sessions WHERE SUBSTR(id, 1, :size) = :prefix ORDER BY LENGTH(id), id LIMIT 2",
        {"prefix": prefix, "size": len(prefix)},
    )
    return [row["id"] for row in rows]


def imported(conn: sqlite3.Connection, limit: int) -> list[sqlite3.Row]:
    """Sessions with a transcript, the last to end first."""
    return conn.execute(
        """
        SELECT * FROM sessions s WHERE EXISTS (SELECT 1 FROM transcripts t WHERE t.session_id = s.id)
        ORDER BY COALESCE(s.ended, s.started) DESC, s.id LIMIT :limit
        """,
        {"limit": limit},
    ).fetchall()


def all_ids(conn: sqlite3.Connection) -> list[str]:
    """Every session that is known, imported or not."""
    return [row["id"] for row in conn.execute("SELECT id FROM sessions ORDER BY id")]


def without_transcript(conn: sqlite3.Connection) -> list[str]:
    """Sessions that no agent's transcript tells, oldest first."""
    rows = conn.execute(
        """
        SELECT s.id FROM sessions s WHERE NOT EXISTS (
            SELECT 1 FROM transcripts t WHERE t.session_id = s.id AND t.format <> 'ledger')
        ORDER BY s.started, s.id
        """
    )
    return [row["id"] for row in rows]


def drop_own(conn: sqlite3.Connection, session: str) -> None:
    """Drop what the ledger alone told of a session: now a transcript tells it, and more."""
    known = "SELECT 1 FROM transcripts WHERE session_id = :id AND format = 'ledger'"
    if conn.execute(known, {"id": session}).fetchone() is None:
        return
    with transaction(conn):
        for table in ("transcripts", "session_prompts", "tool_events"):
            conn.execute(f"DELETE FROM {table} WHERE session_id = :id", {"id": session})


def belongings(conn: sqlite3.Connection, session: str) -> dict[str, int]:
    """How many rows of each kind a session has."""
    counted: dict[str, int] = {}
    for table in _BELONGINGS:
        query = f"SELECT COUNT(*) FROM {table} WHERE session_id = :id"
        counted[table] = int(conn.execute(query, {"id": session}).fetchone()[0])
    return counted


def forget(conn: sqlite3.Connection, session: str) -> None:
    """Delete a session and all that belongs to it; call it in a transaction.

    Only a hash of its id stays, so that a later import does not bring it back.
    """
    for table in _BELONGINGS:
        conn.execute(f"DELETE FROM {table} WHERE session_id = :id", {"id": session})
    conn.execute("UPDATE patterns SET seen_in = NULL WHERE seen_in = :id", {"id": session})
    ledger.rebuild_fixes(conn)  # what another session found as well stays, in that one's words
    conn.execute("DELETE FROM sessions WHERE id = :id", {"id": session})
    conn.execute(
        "INSERT INTO forgotten_sessions (digest, at) VALUES (:digest, :now) ON CONFLICT (digest) DO NOTHING",
        {"digest": digest(session), "now": now()},
    )


def facts(row: sqlite3.Row) -> dict[str, Any]:
    """What is known of a session beside its columns: cwd, branch, version …"""
    found: dict[str, Any] = load(row["facts"])
    return found


def note(conn: sqlite3.Connection, session: str, told: dict[str, Any]) -> None:
    """Keep something more of a known session."""
    row = one(conn, session)
    if row is not None:
        values = {"id": session, "facts": dump({**facts(row), **told})}
        conn.execute("UPDATE sessions SET facts = :facts WHERE id = :id", values)
