"""How patterns hang together: relations, and what is counted over them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from tui_patterns.models import Metrics
from tui_patterns.store.sql import chunks, dump, load, named_list

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
    wanted = {(one.source, one.target, one.kind): one for one in edges}
    present: set[tuple[int, int, str]] = set()
    for part in chunks(sources):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT * FROM relations WHERE source_id IN ({names}) AND kind <> :similar",
            {"similar": SIMILAR, **values},
        ).fetchall()
        for row in rows:
            key = (row["source_id"], row["target_id"], row["kind"])
            one = wanted.get(key)
            if one is not None and (one.confidence, one.resolved) == (row["confidence"], row["resolved"]):
                present.add(key)
    stale = [key for key in _keys(conn, sources) if key not in present]
    conn.executemany("DELETE FROM relations WHERE source_id = ? AND target_id = ? AND kind = ?", stale)
    save(conn, (one for key, one in wanted.items() if key not in present))


def _keys(conn: sqlite3.Connection, sources: Iterable[int]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for part in chunks(sources):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT source_id, target_id, kind FROM relations WHERE source_id IN ({names}) AND kind <> :similar",
            {"similar": SIMILAR, **values},
        )
        found += [(row[0], row[1], row[2]) for row in rows]
    return found


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
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT pattern_id, file_id, qualname FROM sites WHERE pattern_id IN ({names}) ORDER BY id",
            values,
        )
        for pattern, file, name in rows:
            found.setdefault(pattern, []).append((file, name))
    return found


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
    found: dict[int, Metrics] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT pattern_id, fan_in, fan_out, coupling, files, lcom4 FROM metrics "
            f"WHERE pattern_id IN ({names})",
            values,
        )
        found.update((row[0], Metrics(*row[1:])) for row in rows)
    return found


def quality_parts(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """(version, parts of its quality) of the version that each pattern shows."""
    found: dict[int, tuple[int, dict[str, Any]]] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT p.id, v.id, v.quality_parts FROM patterns p JOIN versions v ON v.id = p.version_id "
            f"WHERE p.gone IS NULL AND p.id IN ({names})",
            values,
        )
        found.update((row[0], (row[1], load(row[2]))) for row in rows)
    return found


def save_quality(
    conn: sqlite3.Connection, rows: Iterable[tuple[int, float | None, Mapping[str, float | None]]]
) -> None:
    """(version, overall, parts): what a version's quality is from now on."""
    conn.executemany(
        "UPDATE versions SET quality = ?, quality_parts = ? WHERE id = ?",
        [(overall, dump(dict(parts)), version) for version, overall, parts in rows],
    )
