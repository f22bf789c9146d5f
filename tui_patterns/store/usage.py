"""Uses over the whole library: ratings and injections; apart from them, who is referred to in the code.

Near-copies count for the pattern that shows them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from tui_patterns.models import Referenced
from tui_patterns.store.sql import named_list, now

MOST = 20


class Part(NamedTuple):
    """A pattern (by row id) was rated in a session, or was in a prompt of it and then ``used`` or not."""

    pattern: int
    session: str
    rated: int
    used: int
    agent: str | None
    source: str | None


class Tried(NamedTuple):
    """A pattern (by row id) with trials, as much of them as has not faded."""

    pattern: int
    successes: float
    failures: float


def parts(conn: sqlite3.Connection) -> list[Part]:
    """All ratings and injected patterns, with the agent and the source of their sessions."""
    rows = conn.execute(
        """
        SELECT COALESCE(p.lead_id, p.id) AS id, e.session_id, e.rated, e.used, s.agent, s.source
        FROM (
            SELECT pattern_id, session_id, 1 AS rated, 0 AS used FROM ratings
            UNION ALL
            SELECT x.pattern_id, i.session_id, 0, CASE WHEN x.state = 'used' THEN 1 ELSE 0 END
            FROM injection_patterns x JOIN injections i ON i.id = x.injection_id
        ) AS e JOIN patterns p ON p.id = e.pattern_id LEFT JOIN sessions s ON s.id = e.session_id
        """
    )
    return [Part(*row) for row in rows]


def named(conn: sqlite3.Connection, row_ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """(id, name, project) of patterns by row id, also of those no longer in the code."""
    names, values = named_list("id", row_ids)
    rows = conn.execute(
        f"""
        SELECT p.id, p.uuid, v.name, r.name AS project FROM patterns p
        JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id WHERE p.id IN ({names})
        """,
        values,
    )
    return {row["id"]: (row["uuid"], row["name"], row["project"]) for row in rows}


def states(conn: sqlite3.Connection) -> dict[str, int]:
    """Patterns put into prompts, by what became of them."""
    rows = conn.execute(
        "SELECT state, COUNT(*) AS n FROM injection_patterns GROUP BY state ORDER BY n DESC, state"
    )
    return {row["state"]: row["n"] for row in rows}


def most_referenced(conn: sqlite3.Connection, limit: int = MOST) -> list[Referenced]:
    """The patterns that most other definitions refer to."""
    rows = conn.execute(
        """
        SELECT p.uuid AS id, v.name, p.qualname, r.name AS project, p.path, p.line, m.fan_in, m.files
        FROM (SELECT m.pattern_id, m.fan_in, m.files FROM metrics m JOIN patterns p ON p.id = m.pattern_id
              WHERE m.fan_in > 0 AND p.gone IS NULL AND p.lead_id IS NULL
              ORDER BY m.fan_in DESC, m.files DESC, p.uuid LIMIT :limit) AS m
        JOIN patterns p ON p.id = m.pattern_id JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id ORDER BY m.fan_in DESC, m.files DESC, p.uuid
        """,
        {"limit": limit},
    )
    return [Referenced(**dict(row)) for row in rows]


def tried(conn: sqlite3.Connection, half_life_days: float) -> list[Tried]:
    """Every pattern of which it is known how a use went."""
    rows = conn.execute(
        """
        SELECT COALESCE(p.lead_id, p.id) AS id,
               SUM(t.weight * t.success * fade(t.at, :now, :half_life_days)) AS good,
               SUM(t.weight * (1 - t.success) * fade(t.at, :now, :half_life_days)) AS bad
        FROM trials t JOIN patterns p ON p.id = t.pattern_id GROUP BY COALESCE(p.lead_id, p.id)
        """,
        {"now": now(), "half_life_days": half_life_days},
    )
    return [Tried(*row) for row in rows]
