"""Injections: which versions of which patterns went into which prompt, and what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tui_patterns.models import Event
from tui_patterns.store import ledger
from tui_patterns.store.sql import now


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


def record(conn: sqlite3.Connection, injection: NewInjection, patterns: Sequence[InjectedRow]) -> bool:
    """Write an injection with its patterns; ``False`` if it is written already. Inside a transaction."""
    data = asdict(injection)
    del data["id"], data["session"]
    event = Event(
        "injection",
        now(),
        session=injection.session,
        injection=injection.id,
        key=f"injection:{injection.id}",
        data={**data, "patterns": [asdict(row) for row in patterns]},
    )
    return ledger.append(conn, event)


def listed(conn: sqlite3.Connection, *, open_only: bool, limit: int, since: float = 0.0) -> list[sqlite3.Row]:
    """Injections, newest first; ``open_only`` keeps those after ``since`` with a pattern still open."""
    where = (
        "WHERE i.created >= :since AND EXISTS "
        "(SELECT 1 FROM injection_patterns x WHERE x.injection_id = i.id AND x.state = 'open')"
        if open_only
        else ""
    )
    return conn.execute(
        f"SELECT i.* FROM injections i {where} ORDER BY i.created DESC, i.id LIMIT :limit",
        {"limit": limit, "since": since},
    ).fetchall()


def adoption(conn: sqlite3.Connection, pattern: str) -> tuple[int, int]:
    """How often an injected pattern was used, and how often it was surely not."""
    rows = conn.execute(
        """
        SELECT x.state, COUNT(*) AS n FROM injection_patterns x JOIN patterns p ON p.id = x.pattern_id
        WHERE p.uuid = :pattern GROUP BY x.state
        """,
        {"pattern": pattern},
    )
    counts = {row["state"]: row["n"] for row in rows}
    return counts.get("used", 0), counts.get("unused", 0)


def given(conn: sqlite3.Connection, session: str) -> frozenset[str]:
    """Ids of the patterns that were put into prompts of a session."""
    rows = conn.execute(
        """
        SELECT DISTINCT p.uuid FROM injections i JOIN injection_patterns x ON x.injection_id = i.id
        JOIN patterns p ON p.id = x.pattern_id WHERE i.session_id = :session
        """,
        {"session": session},
    )
    return frozenset(row["uuid"] for row in rows)


def outcomes_of(conn: sqlite3.Connection, injection_id: str) -> list[sqlite3.Row]:
    """The last word of each source on the patterns of an injection, oldest first."""
    return conn.execute(
        """
        SELECT p.uuid, o.kind, o.success, o.weight, o.source, o.created, o.detail FROM outcomes o
        JOIN patterns p ON p.id = o.pattern_id WHERE o.injection_id = :id ORDER BY o.created, o.id
        """,
        {"id": injection_id},
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
    """The patterns of an injection in prompt order, each with the outcome that counts."""
    return conn.execute(
        """
        SELECT x.*, p.uuid, v.name, (
            SELECT t.success FROM trials t
            WHERE t.injection_id = x.injection_id AND t.pattern_id = x.pattern_id
        ) AS success
        FROM injection_patterns x
        JOIN patterns p ON p.id = x.pattern_id JOIN versions v ON v.id = x.version_id
        WHERE x.injection_id = :id ORDER BY x.position
        """,
        {"id": injection_id},
    ).fetchall()
