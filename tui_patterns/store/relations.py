"""How patterns hang together: relations, and what is counted over them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui_patterns.models import Metrics
from tui_patterns.store.sql import rows_in

SIMILAR = "SIMILAR_TO"


class Edge(NamedTuple):
    """``source`` relates to ``target`` (row ids); confidence in 0..1."""

    source: int
    target: int
    kind: str
    confidence: float
    resolved: bool


def replace(conn: sqlite3.Connection, sources: Iterable[int], edges: Iterable[Edge]) -> None:
    """What these patterns relate to from now on, likeness left as it is."""
    wanted = set(edges)
    present = _of(conn, sources)
    conn.executemany(
        "DELETE FROM relations WHERE source_id = ? AND target_id = ? AND kind = ?",
        [one[:3] for one in present - wanted],
    )
    save(conn, sorted(wanted - present))


def _of(conn: sqlite3.Connection, sources: Iterable[int]) -> set[Edge]:
    rows = rows_in(
        conn,
        "SELECT source_id, target_id, kind, confidence, resolved FROM relations "
        "WHERE source_id IN (:ids) AND kind <> :similar",
        sources,
        similar=SIMILAR,
    )
    return {Edge(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}


def save(conn: sqlite3.Connection, edges: Iterable[Edge]) -> None:
    """Add relations that are not there yet."""
    conn.executemany(
        "INSERT INTO relations (source_id, target_id, kind, confidence, resolved) VALUES (?, ?, ?, ?, ?)",
        [(one.source, one.target, one.kind, one.confidence, int(one.resolved)) for one in edges],
    )


def drop_gone(conn: sqlite3.Connection, patterns: Iterable[int]) -> None:
    """Patterns that stand nowhere relate to nothing, and have no metrics."""
    gone = [(pattern,) for pattern in patterns]
    for table, column in (("relations", "source_id"), ("relations", "target_id"), ("metrics", "pattern_id")):
        conn.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)


def standing(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """(file, qualified name) of every site of these patterns."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = rows_in(
        conn,
        "SELECT pattern_id, file_id, qualname FROM sites WHERE pattern_id IN (:ids) ORDER BY id",
        patterns,
    )
    for pattern, file, name in rows:
        found.setdefault(pattern, []).append((file, name))
    return found


def drop_metrics(conn: sqlite3.Connection, patterns: Iterable[int]) -> None:
    """Nothing can be counted of these patterns."""
    conn.executemany("DELETE FROM metrics WHERE pattern_id = ?", [(pattern,) for pattern in patterns])


def save_metrics(conn: sqlite3.Connection, rows: Mapping[int, Metrics]) -> None:
    """Replace what is counted of these patterns."""
    conn.executemany(
        """
        INSERT INTO metrics (pattern_id, fan_in, fan_out, coupling, files, lcom4) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (pattern_id) DO UPDATE SET fan_in = excluded.fan_in, fan_out = excluded.fan_out,
            coupling = excluded.coupling, files = excluded.files, lcom4 = excluded.lcom4
        """,
        [
            (pattern, one.fan_in, one.fan_out, one.coupling, one.files, one.lcom4)
            for pattern, one in rows.items()
        ],
    )


def metrics(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, Metrics]:
    """What is counted of patterns; those of which nothing was read are left out."""
    rows = rows_in(
        conn,
        "SELECT pattern_id, fan_in, fan_out, coupling, files, lcom4 FROM metrics WHERE pattern_id IN (:ids)",
        patterns,
    )
    return {row[0]: Metrics(*row[1:]) for row in rows}


def versions(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, int]:
    """The version that each pattern shows."""
    rows = rows_in(
        conn, "SELECT id, version_id FROM patterns WHERE version_id IS NOT NULL AND id IN (:ids)", patterns
    )
    return {row[0]: row[1] for row in rows}
