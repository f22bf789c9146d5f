"""Injections: which versions of which patterns went into which prompt, and what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.sql import dump, now


@dataclass(frozen=True, slots=True)
class NewInjection:
    """An injection as it is recorded, before its patterns."""

    id: str
    session: str
    task: str | None
    arm: str
    prompt_hash: str
    tokens: int
    budget: int


@dataclass(frozen=True, slots=True)
class InjectedRow:
    """One pattern of an injection; ``version`` is the version's row id."""

    pattern: str
    version: int
    position: int
    score: float
    relevance: float
    propensity: float
    tokens: int
    why: dict[str, Any]


def record(conn: sqlite3.Connection, injection: NewInjection, patterns: Sequence[InjectedRow]) -> None:
    """Write an injection with its patterns; call it inside a transaction."""
    conn.execute(
        """
        INSERT INTO injections (id, session_id, created, task, arm, prompt_hash, tokens, budget)
        VALUES (:id, :session, :now, :task, :arm, :prompt_hash, :tokens, :budget)
        """,
        {
            "id": injection.id,
            "session": injection.session,
            "now": now(),
            "task": injection.task,
            "arm": injection.arm,
            "prompt_hash": injection.prompt_hash,
            "tokens": injection.tokens,
            "budget": injection.budget,
        },
    )
    for row in patterns:
        _record_pattern(conn, injection.id, row)


def _record_pattern(conn: sqlite3.Connection, injection_id: str, row: InjectedRow) -> None:
    conn.execute(
        """
        INSERT INTO injection_patterns
            (injection_id, pattern_id, version_id, position, score, relevance, propensity, tokens, why)
        SELECT :injection, id, :version, :position, :score, :relevance, :propensity, :tokens, :why
        FROM patterns WHERE uuid = :pattern
        """,
        {
            "injection": injection_id,
            "pattern": row.pattern,
            "version": row.version,
            "position": row.position,
            "score": row.score,
            "relevance": row.relevance,
            "propensity": row.propensity,
            "tokens": row.tokens,
            "why": dump(row.why),
        },
    )


def listed(conn: sqlite3.Connection, *, open_only: bool, limit: int) -> list[sqlite3.Row]:
    """Injections, newest first; ``open_only`` keeps those with a pattern still open."""
    where = (
        "WHERE EXISTS (SELECT 1 FROM injection_patterns x WHERE x.injection_id = i.id AND x.state = 'open')"
        if open_only
        else ""
    )
    return conn.execute(
        f"SELECT i.* FROM injections i {where} ORDER BY i.created DESC, i.id LIMIT :limit", {"limit": limit}
    ).fetchall()


def count(conn: sqlite3.Connection) -> int:
    """How many injections were ever recorded."""
    return int(conn.execute("SELECT COUNT(*) FROM injections").fetchone()[0])


def one(conn: sqlite3.Connection, injection_id: str) -> sqlite3.Row | None:
    """The injection with this id."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT * FROM injections WHERE id = :id", {"id": injection_id}
    ).fetchone()
    return row


def patterns_of(conn: sqlite3.Connection, injection_id: str) -> list[sqlite3.Row]:
    """The patterns of an injection in prompt order, each with its last outcome."""
    return conn.execute(
        """
        SELECT x.*, p.uuid, v.name, (
            SELECT o.success FROM outcomes o
            WHERE o.injection_id = x.injection_id AND o.pattern_id = x.pattern_id AND o.success IS NOT NULL
            ORDER BY o.created DESC, o.id DESC LIMIT 1
        ) AS success
        FROM injection_patterns x
        JOIN patterns p ON p.id = x.pattern_id JOIN versions v ON v.id = x.version_id
        WHERE x.injection_id = :id ORDER BY x.position
        """,
        {"id": injection_id},
    ).fetchall()


def save_outcome(
    conn: sqlite3.Connection, injection_id: str, row_id: int, success: bool, source: str
) -> None:
    """Say how an injected pattern did; the same source says it again: it replaces."""
    place = {"injection": injection_id, "pattern": row_id, "source": source}
    conn.execute(
        "DELETE FROM outcomes WHERE injection_id = :injection AND pattern_id = :pattern AND source = :source",
        place,
    )
    conn.execute(
        """
        INSERT INTO outcomes (injection_id, pattern_id, kind, success, source, created)
        VALUES (:injection, :pattern, 'explicit', :success, :source, :now)
        """,
        {**place, "success": int(success), "now": now()},
    )
    conn.execute(
        "UPDATE injection_patterns SET state = 'used' "
        "WHERE injection_id = :injection AND pattern_id = :pattern",
        {"injection": injection_id, "pattern": row_id},
    )
