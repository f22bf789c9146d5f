"""How patterns hang together: what the command line and the app list, walk and draw."""

from __future__ import annotations

import sqlite3

from tui_patterns.api.connections import Connections
from tui_patterns.models import Graph, Metrics, Related
from tui_patterns.store import graph as reading
from tui_patterns.store import patterns
from tui_patterns.store import relations as stored

MOST_DEPTH = 4


def related(conn: sqlite3.Connection, row_id: int) -> list[Related]:
    """What a pattern relates to and what relates to it, by kind and direction, the surest first."""
    return reading.related(conn, patterns.family(conn, row_id))


def metrics(conn: sqlite3.Connection, row_id: int) -> Metrics | None:
    """What is counted of a pattern; ``None`` until its project was indexed with relations."""
    return stored.metrics(conn, [row_id]).get(row_id)


def graph(connections: Connections, row_id: int | None, depth: int, project: str | None) -> Graph:
    """The surroundings of one pattern, or everything that is related (of one project)."""
    with connections.lend() as conn:
        if row_id is None:
            return reading.whole(conn, project)
        return reading.around(conn, patterns.family(conn, row_id), max(1, min(depth, MOST_DEPTH)))
