"""What is known of each pattern's worth, and nothing else: for rankings over the whole library."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from tui_patterns.models import Event, Filters
from tui_patterns.store import ledger
from tui_patterns.store.conditions import conditions
from tui_patterns.store.patterns import id_of
from tui_patterns.store.sql import now


class Worth(NamedTuple):
    """Quality and outcomes of a pattern; ratings of 4 and more are successes, of 2 and less failures."""

    row_id: int
    language: str
    kind: str
    quality: float | None
    successes: float
    failures: float


def worths(conn: sqlite3.Connection, filters: Filters = Filters()) -> list[Worth]:
    """Every live pattern that ``filters`` admit."""
    where, values = conditions(filters)
    values |= {"now": now(), "half_life_days": filters.half_life_days}
    rows = conn.execute(
        f"""
        WITH evidence AS (
            SELECT pattern_id, weight * success * fade(at, :now, :half_life_days) AS good,
                   weight * (1 - success) * fade(at, :now, :half_life_days) AS bad FROM trials
        ), own AS (
            SELECT pattern_id, SUM(good) AS good, SUM(bad) AS bad FROM evidence GROUP BY pattern_id
        )
        SELECT p.id, v.language, v.kind, v.quality, COALESCE(o.good, 0.0) AS good, COALESCE(o.bad, 0.0) AS bad
        FROM patterns p JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id
        LEFT JOIN own o ON o.pattern_id = p.id WHERE p.gone IS NULL {where} ORDER BY p.id
        """,
        values,
    )
    return [
        Worth(row["id"], row["language"], row["kind"], row["quality"], row["good"], row["bad"])
        for row in rows
    ]


def counts_by(conn: sqlite3.Connection, column: str) -> dict[str, int]:
    """Live patterns by ``category``, ``pattern_type`` or ``component_type``, most first; unknown left out."""
    assert column in {"category", "pattern_type", "component_type"}
    rows = conn.execute(
        f"""
        SELECT v.{column} AS share, COUNT(*) AS n FROM patterns p JOIN versions v ON v.id = p.version_id
        WHERE p.gone IS NULL AND v.{column} IS NOT NULL GROUP BY share ORDER BY n DESC, share
        """
    )
    return {row["share"]: row["n"] for row in rows}


def components(conn: sqlite3.Connection, root: str, filters: Filters) -> list[int]:
    """Row ids of what is a component: of a framework, or at the top of a file stored at ``root``."""
    where, values = conditions(filters)
    rows = conn.execute(
        f"""
        SELECT p.id FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id
        WHERE p.gone IS NULL AND (v.component_type IS NOT NULL
              OR (r.root = :components AND p.qualname NOT LIKE '%.%')) {where}
        ORDER BY p.id
        """,
        {**values, "components": root},
    )
    return [row["id"] for row in rows]


def add_outcome(conn: sqlite3.Connection, row_id: int, *, success: bool, kind: str, source: str) -> None:
    """One more outcome of a pattern, of no injection."""
    uuid = id_of(conn, row_id)
    subject = f"{kind}:{source}:{uuid}:"
    data = {"what": kind, "success": success, "weight": 1.0, "source": source}
    key = f"{subject}{ledger.told(conn, subject)}"
    ledger.append(conn, Event("outcome", now(), pattern=uuid, key=key, data=data))
