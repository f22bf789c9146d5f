"""Near-copies that are shown as one: by which pattern each is shown, its lead."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable

from tui_patterns.store.relations import SIMILAR
from tui_patterns.store.sql import rows_in


def whole(conn: sqlite3.Connection, patterns: Collection[int]) -> dict[int, int | None]:
    """The leads of these patterns and of all who share a lead with one of them."""
    leads = sorted(set(own_leads(conn, patterns).values()))
    queries = [f"SELECT id, lead_id FROM patterns WHERE {column} IN (:ids)" for column in ("id", "lead_id")]
    return {row[0]: row[1] for query in queries for row in rows_in(conn, query, leads)}


def own_leads(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, int]:
    """By which pattern each of these is shown: its lead, or itself."""
    rows = rows_in(conn, "SELECT id, COALESCE(lead_id, id) FROM patterns WHERE id IN (:ids)", patterns)
    return {row[0]: row[1] for row in rows}


def in_families(conn: sqlite3.Connection, patterns: Iterable[int]) -> set[int]:
    """Those of these patterns that are shown by a lead, or are one."""
    rows = rows_in(
        conn,
        "SELECT id FROM patterns WHERE id IN (:ids) AND lead_id IS NOT NULL "
        "UNION SELECT lead_id FROM patterns WHERE lead_id IN (:ids)",
        patterns,
    )
    return {row[0] for row in rows}


def hand_over(conn: sqlite3.Connection, old: int, lead: int) -> None:
    """All that ``old`` leads, and itself, is shown by ``lead`` from now on."""
    values = {"old": old, "lead": lead}
    conn.execute("UPDATE patterns SET lead_id = :lead WHERE lead_id = :old OR id = :old", values)


def save_leads(conn: sqlite3.Connection, rows: Iterable[tuple[int, int | None]]) -> None:
    """(pattern, lead): by which pattern it is shown."""
    conn.executemany("UPDATE patterns SET lead_id = ? WHERE id = ?", [(lead, one) for one, lead in rows])


def everyone_alike(conn: sqlite3.Connection, project_id: int) -> set[int]:
    """Patterns of a project that are alike another one, or shown by one."""
    rows = conn.execute(
        """
        SELECT id FROM patterns WHERE project_id = :project AND lead_id IS NOT NULL
        UNION SELECT p.id FROM relations r JOIN patterns p ON p.id = r.source_id
        WHERE r.kind = :similar AND p.project_id = :project
        UNION SELECT p.id FROM relations r JOIN patterns p ON p.id = r.target_id
        WHERE r.kind = :similar AND p.project_id = :project
        """,
        {"project": project_id, "similar": SIMILAR},
    )
    return {row[0] for row in rows}
