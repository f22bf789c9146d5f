"""What the API tells of stored sessions: plain data, and how rows become it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui_patterns.sessions import analysis
from tui_patterns.store import session_reads, sessions, transcripts
from tui_patterns.store.sql import load

if TYPE_CHECKING:
    from tui_patterns.sessions.importer import Taken


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A stored session as lists show it; ``new`` counts the rows that an import added to it.

    ``extracted`` is what came of its code, where a build has passed since it was last taken up.
    """

    id: str
    source: str
    agent: str | None
    model: str | None
    project: str | None
    title: str | None
    started: float
    ended: float | None
    messages: int
    prompts: int
    tools: int
    tokens: dict[str, int]
    cost_usd: float | None
    price_table: str | None
    compactions: int
    new: int = 0
    unreadable: int = 0
    refused: int = 0
    extracted: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A transcript that was not imported, and why."""

    path: str
    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """One use of a tool; ``success`` is ``None`` where it is not known, ``output`` the end of a failure's."""

    session: str
    call_id: str
    turn: int | None
    at: float | None
    tool: str
    category: str
    command: str | None
    files: tuple[str, ...]
    success: bool | None
    exit_code: int | None
    duration_ms: float | None
    output: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Code that a session wrote, secrets masked; ``old`` is what it replaces, ``None`` for a whole file."""

    session: str
    call_id: str
    turn: int | None
    at: float | None
    path: str
    old: str | None
    text: str
    applied: bool


def summary(
    conn: sqlite3.Connection, row: sqlite3.Row | None, new: int, taken: Sequence[Taken]
) -> SessionSummary | None:
    if row is None:  # a transcript without a whole line yet
        return None
    session = row["id"]
    totals, facts = session_reads.totals(conn, session), sessions.facts(row)
    files, told = transcripts.of_session(conn, session), analysis.has_transcript(conn, session)
    tables = [one["price_table"] for one in session_reads.models(conn, session) if one["price_table"]]
    counted = sessions.belongings(conn, session)
    return SessionSummary(
        id=session,
        source=files[0].path if files else row["source"],
        agent=row["agent"],
        model=row["model"],
        project=facts.get("cwd"),
        title=facts.get("title"),
        started=row["started"],
        ended=row["ended"],
        messages=totals["messages"],
        prompts=counted["session_prompts"],
        tools=counted["tool_events"],
        tokens={key: totals[key] for key in ("input", "output", "cache_creation", "cache_read")},
        cost_usd=totals["cost_usd"] if totals["messages"] or not told else 0.0,
        price_table="; ".join(dict.fromkeys(tables)) or None,
        compactions=analysis.compactions(conn, session, facts.get("iterations") or []),
        new=new,
        unreadable=sum(one.unreadable for one in taken),
        refused=sum(one.refused for one in taken),
    )


def tool_event(row: sqlite3.Row) -> ToolEvent:
    return ToolEvent(
        row["session_id"],
        row["call_id"],
        row["turn"],
        row["at"],
        row["tool"],
        row["category"],
        row["command"],
        tuple(load(row["files"])),
        None if row["success"] is None else bool(row["success"]),
        row["exit_code"],
        row["duration_ms"],
        row["output"],
    )


def edit(row: sqlite3.Row) -> Edit:
    return Edit(
        row["session_id"],
        row["call_id"],
        row["turn"],
        row["at"],
        row["path"],
        row["old"],
        row["text"],
        applied=not row["failed"],
    )
