"""Relations as they are read: near-copies stand as one pattern."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tui_patterns.models import Graph, GraphEdge, GraphNode, Related
from tui_patterns.store.sql import rows_in

# Ends are replaced by their leads; what then joins a pattern to itself is no relation.
_EDGES = """
    SELECT COALESCE(s.lead_id, s.id) AS source, COALESCE(t.lead_id, t.id) AS target, x.kind,
           MAX(x.confidence) AS confidence, MAX(x.resolved) AS resolved
    FROM relations x JOIN patterns s ON s.id = x.source_id JOIN patterns t ON t.id = x.target_id
    WHERE s.gone IS NULL AND t.gone IS NULL AND COALESCE(s.lead_id, s.id) <> COALESCE(t.lead_id, t.id)
"""
_GROUPED = "GROUP BY 1, 2, x.kind ORDER BY 1, 2, x.kind"
_ORDER = ("COMPOSED_OF", "EXTENDS", "CREATES", "USES", "SIMILAR_TO")


def related(conn: sqlite3.Connection, members: Sequence[int]) -> list[Related]:
    """What a pattern relates to, and what relates to it: by kind and direction, the surest first.

    ``members``: its row id and those of its near-copies, the lead first.
    """
    lead = members[0]
    rows = _edges(conn, members)
    nodes = _nodes(conn, {row["source"] for row in rows} | {row["target"] for row in rows})
    found: dict[tuple[str, bool, str], Related] = {}
    for row in rows:
        outgoing = row["source"] == lead or row["kind"] == "SIMILAR_TO"
        other = nodes[row["target"] if row["source"] == lead else row["source"]]
        found[row["kind"], outgoing, other.id] = Related(
            row["kind"], outgoing, row["confidence"], bool(row["resolved"]),
            other.id, other.name, other.qualname, other.path, other.line,
        )  # fmt: skip
    return sorted(found.values(), key=_rank)


def _rank(one: Related) -> tuple[int, bool, float, str, int]:
    return _ORDER.index(one.kind), not one.outgoing, -one.confidence, one.path, one.line


def _edges(conn: sqlite3.Connection, members: Sequence[int]) -> list[sqlite3.Row]:
    ends = ("x.source_id", "x.target_id")
    return [row for end in ends for row in rows_in(conn, f"{_EDGES} AND {end} IN (:ids) {_GROUPED}", members)]


def around(conn: sqlite3.Connection, start: Sequence[int], depth: int) -> Graph:
    """What is at most ``depth`` relations away from a pattern (``start``: it and its near-copies)."""
    seen, frontier = {start[0]}, set(start)
    rows: dict[tuple[int, int, str], sqlite3.Row] = {}
    for _ in range(depth):
        for row in _edges(conn, sorted(frontier)):
            rows[row["source"], row["target"], row["kind"]] = row
        reached = {end for source, target, _ in rows for end in (source, target)} - seen
        seen |= reached
        frontier = reached | _copies(conn, reached)
    return _graph(conn, seen, list(rows.values()))


def whole(conn: sqlite3.Connection, project: str | None) -> Graph:
    """All related patterns, or those of one project (by name or root)."""
    narrowed = (
        "AND EXISTS (SELECT 1 FROM projects r WHERE r.id = s.project_id AND :project IN (r.name, r.root))"
    )
    query = f"{_EDGES} {narrowed if project else ''} {_GROUPED}"
    rows = conn.execute(query, {"project": project} if project else {}).fetchall()
    return _graph(conn, {end for row in rows for end in (row["source"], row["target"])}, rows)


def _copies(conn: sqlite3.Connection, leads: Iterable[int]) -> set[int]:
    rows = rows_in(conn, "SELECT id FROM patterns WHERE lead_id IN (:ids) AND gone IS NULL", sorted(leads))
    return {row["id"] for row in rows}


def _graph(conn: sqlite3.Connection, ids: Iterable[int], rows: Sequence[sqlite3.Row]) -> Graph:
    nodes = _nodes(conn, ids)
    edges = [
        GraphEdge(
            nodes[row["source"]].id,
            nodes[row["target"]].id,
            row["kind"],
            row["confidence"],
            bool(row["resolved"]),
        )
        for row in rows
    ]
    return Graph(
        tuple(sorted(nodes.values(), key=lambda one: (one.project, one.path, one.line))), tuple(edges)
    )


def _nodes(conn: sqlite3.Connection, ids: Iterable[int]) -> dict[int, GraphNode]:
    rows = rows_in(
        conn,
        """
        SELECT p.id, p.uuid, v.name, v.kind, p.qualname, p.path, p.line, r.name AS project
        FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id WHERE p.id IN (:ids)
        """,
        sorted(ids),
    )
    return {row["id"]: GraphNode(*tuple(row)[1:]) for row in rows}
