"""What transcripts say, written so that the same thing said twice is stored once.

Each function takes rows of one session and may run any number of times with
the same rows, in any order and cut into any batches: the stored result is the
same. Call them inside a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from tui_patterns.store.session_rows import (
    EditRow,
    MarkRow,
    MessageRow,
    PromptRow,
    TaskRow,
    ToolEnd,
    ToolStart,
)
from tui_patterns.store.sql import dump

_MESSAGE = """
INSERT INTO session_messages (
    session_id, key, message_id, transcript_id, turn, at, model, sidechain, input, output, cache_5m,
    cache_1h, cache_read, total, reasoning, reported_total, context_window, fast, recorded_usd, cost_usd,
    price_table)
VALUES (
    :session, :key, :message_id, :transcript, :turn, :at, :model, :sidechain, :input, :output, :cache_5m,
    :cache_1h, :cache_read, :total, :reasoning, :reported_total, :context_window, :fast, :recorded_usd,
    :cost_usd, :price_table)
ON CONFLICT (session_id, key) DO UPDATE SET
    turn = excluded.turn, at = excluded.at, model = excluded.model, sidechain = excluded.sidechain,
    context_window = excluded.context_window, input = excluded.input,
    output = excluded.output, cache_5m = excluded.cache_5m, cache_1h = excluded.cache_1h,
    cache_read = excluded.cache_read, total = excluded.total, reasoning = excluded.reasoning,
    reported_total = excluded.reported_total, fast = excluded.fast,
    recorded_usd = COALESCE(excluded.recorded_usd, session_messages.recorded_usd),
    cost_usd = excluded.cost_usd, price_table = excluded.price_table
WHERE excluded.sidechain < session_messages.sidechain
    OR (excluded.sidechain = session_messages.sidechain AND (
        excluded.total > session_messages.total
        OR (excluded.total = session_messages.total AND excluded.output > session_messages.output)))
"""
_START = """
INSERT INTO tool_events (session_id, call_id, turn, at, sidechain, tool, category, command, decisive, files)
VALUES (:session, :call_id, :turn, :at, :sidechain, :tool, :category, :command, :decisive, :files)
ON CONFLICT (session_id, call_id) DO UPDATE SET
    turn = excluded.turn, at = excluded.at, sidechain = excluded.sidechain, tool = excluded.tool,
    category = excluded.category, command = excluded.command, decisive = excluded.decisive,
    files = excluded.files
WHERE tool_events.tool IS NULL
"""
_END = """
INSERT INTO tool_events (
    session_id, call_id, ended, failed, sure, stopped, exit_code, verdict, coverage, duration_ms, output)
VALUES (
    :session, :call_id, :at, :failed, :sure, :stopped, :exit_code, :verdict, :coverage, :duration_ms, :output)
ON CONFLICT (session_id, call_id) DO UPDATE SET
    ended = excluded.ended, failed = excluded.failed, sure = excluded.sure, stopped = excluded.stopped,
    exit_code = excluded.exit_code, verdict = excluded.verdict, coverage = excluded.coverage,
    duration_ms = excluded.duration_ms,
    output = excluded.output
WHERE tool_events.failed IS NULL
"""
# An answer that another line tells in more detail: its exit code and its duration are taken over.
_END_DETAIL = """
UPDATE tool_events SET exit_code = COALESCE(exit_code, :exit_code),
    duration_ms = COALESCE(duration_ms, :duration_ms), verdict = COALESCE(verdict, :verdict),
    coverage = COALESCE(coverage, :coverage),
    failed = CASE WHEN exit_code IS NULL AND :exit_code <> 0 THEN 1 ELSE failed END,
    output = COALESCE(output, :output)
WHERE session_id = :session AND call_id = :call_id
"""
_DETAILS = ("exit_code", "verdict", "coverage", "duration_ms", "output")
# What a call and its answer say together. A day is longer than any command; a clock that jumped says nothing.
_SETTLE = """
UPDATE tool_events SET
    success = CASE
        WHEN stopped = 1 THEN NULL
        WHEN failed = 1 OR (verdict = 0 AND category = 'test') THEN 0
        WHEN exit_code IS NOT NULL AND exit_code <> 0 THEN 0
        WHEN (verdict = 1 AND category = 'test') OR (decisive = 1 AND (sure = 1 OR exit_code = 0)) THEN 1
        ELSE NULL END,
    exit_code = CASE WHEN exit_code IS NULL AND command IS NOT NULL AND sure = 1 AND failed = 0
        AND stopped = 0 THEN 0 ELSE exit_code END,
    duration_ms = COALESCE(
        duration_ms,
        CASE WHEN ended >= at AND ended - at < 86400 THEN ROUND((ended - at) * 1000) ELSE NULL END)
WHERE session_id = :session AND call_id = :call_id AND tool IS NOT NULL AND failed IS NOT NULL
"""


class Batch(NamedTuple):
    """Rows of one session, by kind."""

    messages: list[MessageRow]
    prompts: list[PromptRow]
    starts: list[ToolStart]
    ends: list[ToolEnd]
    edits: list[EditRow]
    tasks: list[TaskRow]
    marks: list[MarkRow]


def empty() -> Batch:
    """A batch without rows."""
    return Batch([], [], [], [], [], [], [])


def save(conn: sqlite3.Connection, session: str, transcript: int, batch: Batch) -> None:
    """Write a batch of one session that was read from one file."""
    place = {"session": session, "transcript": transcript}
    conn.executemany(_MESSAGE, (place | row._asdict() for row in batch.messages))
    _prompts(conn, session, batch.prompts)
    conn.executemany(_START, (_listed(session, row) for row in batch.starts))
    ends = [{"session": session} | row._asdict() for row in batch.ends]
    conn.executemany(_END, ends)
    conn.executemany(_END_DETAIL, (row for row in ends if any(row[key] is not None for key in _DETAILS)))
    calls = {row.call_id for rows in (batch.starts, batch.ends) for row in rows}
    conn.executemany(_SETTLE, [{"session": session, "call_id": call} for call in sorted(calls)])
    _edits(conn, session, batch.edits)
    _tasks(conn, session, batch.tasks)
    _marks(conn, session, batch.marks)


def _listed(session: str, row: ToolStart) -> dict[str, Any]:
    return {"session": session, **row._asdict(), "files": dump(row.files)}


def _prompts(conn: sqlite3.Connection, session: str, rows: Iterable[PromptRow]) -> None:
    conn.executemany(
        """
        INSERT INTO session_prompts (session_id, key, turn, at, text)
        VALUES (:session, :key, :turn, :at, :text) ON CONFLICT (session_id, key) DO NOTHING
        """,
        ({"session": session} | row._asdict() for row in rows),
    )


def _edits(conn: sqlite3.Connection, session: str, rows: Iterable[EditRow]) -> None:
    conn.executemany(
        """
        INSERT INTO session_edits (session_id, call_id, part, turn, at, place, path, old, text)
        VALUES (:session, :call_id, :part, :turn, :at, :place, :path, :old, :text)
        ON CONFLICT (session_id, call_id, part) DO NOTHING
        """,
        ({"session": session} | row._asdict() for row in rows),
    )


def _tasks(conn: sqlite3.Connection, session: str, rows: Iterable[TaskRow]) -> None:
    conn.executemany(
        """
        INSERT INTO session_tasks (session_id, key, title, status, at)
        VALUES (:session, :key, :title, :status, :at)
        ON CONFLICT (session_id, key) DO UPDATE SET
            title = COALESCE(session_tasks.title, excluded.title),
            status = CASE WHEN excluded.at >= session_tasks.at
                THEN COALESCE(excluded.status, session_tasks.status)
                ELSE COALESCE(session_tasks.status, excluded.status) END,
            at = CASE WHEN excluded.at >= session_tasks.at THEN excluded.at ELSE session_tasks.at END
        """,
        ({"session": session} | row._asdict() for row in rows),
    )


def _marks(conn: sqlite3.Connection, session: str, rows: Iterable[MarkRow]) -> None:
    conn.executemany(
        """
        INSERT INTO session_marks (session_id, key, kind, turn, at, detail)
        VALUES (:session, :key, :kind, :turn, :at, :detail) ON CONFLICT (session_id, key) DO NOTHING
        """,
        ({"session": session, **row._asdict(), "detail": dump(row.detail)} for row in rows),
    )
