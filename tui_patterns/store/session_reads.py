"""What is asked of stored transcripts: rows in the order of time, totals, and what patterns did."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

_TOTALS = """
SELECT COUNT(*) AS messages, COALESCE(SUM(input), 0) AS input, COALESCE(SUM(output), 0) AS output,
    COALESCE(SUM(cache_5m + cache_1h), 0) AS cache_creation, COALESCE(SUM(cache_read), 0) AS cache_read,
    COALESCE(SUM(reasoning), 0) AS reasoning, SUM(reported_total) AS reported_total,
    SUM(cost_usd) AS cost_usd, SUM(recorded_usd) AS recorded_usd
FROM counted_messages WHERE session_id = :session
"""


def totals(conn: sqlite3.Connection, session: str) -> sqlite3.Row:
    """Tokens by class and cost in USD over the counted messages of a session."""
    row: sqlite3.Row = conn.execute(_TOTALS, {"session": session}).fetchone()
    return row


def totals_by_file(conn: sqlite3.Connection, session: str) -> dict[int, sqlite3.Row]:
    """The same for each transcript, by its id."""
    rows = conn.execute(
        f"SELECT transcript_id, {_TOTALS.strip().removeprefix('SELECT')} GROUP BY transcript_id",
        {"session": session},
    )
    return {row["transcript_id"]: row for row in rows}


def models(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """Per model: messages, those without a price, and the tables that priced them."""
    return conn.execute(
        """
        SELECT model, price_table, COUNT(*) AS messages, SUM(cost_usd) AS cost_usd
        FROM counted_messages WHERE session_id = :session
        GROUP BY model, price_table ORDER BY messages DESC, model, price_table
        """,
        {"session": session},
    ).fetchall()


def messages(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """The counted messages, in the order of time."""
    return conn.execute(
        "SELECT * FROM counted_messages WHERE session_id = :session ORDER BY COALESCE(at, 0), key",
        {"session": session},
    ).fetchall()


def prompts(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """What the person asked, by turn."""
    return conn.execute(
        "SELECT * FROM session_prompts WHERE session_id = :session ORDER BY turn, key", {"session": session}
    ).fetchall()


def tool_events(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """Uses of tools, in the order of time."""
    return conn.execute(
        """
        SELECT * FROM tool_events WHERE session_id = :session AND tool IS NOT NULL
        ORDER BY COALESCE(at, ended, 0), call_id
        """,
        {"session": session},
    ).fetchall()


def edits(conn: sqlite3.Connection, session: str) -> Iterator[sqlite3.Row]:
    """Code that was written, in the order of time, each with the success of its call."""
    yield from conn.execute(
        """
        SELECT e.*, t.success, t.failed, t.sidechain FROM session_edits e
        LEFT JOIN tool_events t ON t.session_id = e.session_id AND t.call_id = e.call_id
        WHERE e.session_id = :session ORDER BY COALESCE(e.at, 0), e.place, e.call_id, e.part
        """,
        {"session": session},
    )


def tasks(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """Items of task lists."""
    return conn.execute(
        "SELECT * FROM session_tasks WHERE session_id = :session ORDER BY key", {"session": session}
    ).fetchall()


def marks(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """Compactions, errors of the service, stops by the person."""
    return conn.execute(
        "SELECT * FROM session_marks WHERE session_id = :session ORDER BY COALESCE(at, 0), key",
        {"session": session},
    ).fetchall()


def injected(conn: sqlite3.Connection, session: str) -> list[sqlite3.Row]:
    """Per pattern that this session was given: how often, how often used, and its trials there."""
    return conn.execute(
        """
        SELECT p.uuid, v.name, COUNT(DISTINCT x.injection_id) AS injected,
            COUNT(DISTINCT CASE WHEN x.state = 'used' THEN x.injection_id END) AS used,
            COALESCE(SUM(CASE WHEN t.success = 1 THEN t.weight END), 0) AS good,
            COALESCE(SUM(CASE WHEN t.success = 0 THEN t.weight END), 0) AS bad
        FROM injections i JOIN injection_patterns x ON x.injection_id = i.id
        JOIN patterns p ON p.id = x.pattern_id JOIN versions v ON v.id = x.version_id
        LEFT JOIN trials t ON t.injection_id = i.id AND t.pattern_id = x.pattern_id
        WHERE i.session_id = :session GROUP BY p.uuid, v.name ORDER BY good DESC, injected DESC, p.uuid
        """,
        {"session": session},
    ).fetchall()


def overall(conn: sqlite3.Connection) -> dict[str, Any]:
    """Totals over all sessions; what a resumed session repeats of another one counts once."""
    row = conn.execute(
        """
        SELECT COUNT(*) AS messages, COALESCE(SUM(input), 0) AS input, COALESCE(SUM(output), 0) AS output,
            COALESCE(SUM(cache), 0) AS cache_creation, COALESCE(SUM(cache_read), 0) AS cache_read,
            SUM(cost_usd) AS cost_usd
        FROM (SELECT key, MAX(input) AS input, MAX(output) AS output, MAX(cache_5m + cache_1h) AS cache,
              MAX(cache_read) AS cache_read, MAX(cost_usd) AS cost_usd
              FROM counted_messages GROUP BY key) AS once
        """
    ).fetchone()
    return dict(row)
