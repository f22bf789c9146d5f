"""Which patterns are alike: how they are found, and the pairs that were (shown as one: ``families.py``)."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tui_patterns.store.numbers import pack_keys, unpack_hashes, unpack_keys, widen
from tui_patterns.store.relations import SIMILAR
from tui_patterns.store.sql import rows_in


@dataclass(slots=True)
class Shape:
    """What likeness is decided from: the version that a pattern shows."""

    pattern: int
    kind: str
    structure_hash: str
    shingles: tuple[int, ...]


class Alike(NamedTuple):
    """Two patterns, the smaller row id first, with the similarity of their code and of their vectors."""

    one: int
    other: int
    similarity: float
    cosine: float | None


def shapes(conn: sqlite3.Connection, project_id: int, patterns: Iterable[int]) -> dict[int, Shape]:
    """The shapes of a project's patterns that stand in its code, shown or not."""
    rows = rows_in(
        conn,
        "SELECT p.id, v.kind, v.structure_hash, v.shingles FROM patterns p "
        "JOIN versions v ON v.id = p.version_id "
        "WHERE p.project_id = :project AND EXISTS (SELECT 1 FROM sites s WHERE s.pattern_id = p.id) "
        "AND p.id IN (:ids)",
        patterns,
        project=project_id,
    )
    return {row[0]: Shape(row[0], row[1], row[2], unpack_hashes(row[3])) for row in rows}


class Bands(NamedTuple):
    """The keys that a pattern is found by, and its rank among those found by the same."""

    rank: int
    keys: frozenset[int]


def bands_of(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, Bands]:
    """The bands of patterns as stored; those without any are left out."""
    rows = rows_in(conn, "SELECT pattern_id, rank, keys FROM bands WHERE pattern_id IN (:ids)", patterns)
    return {row[0]: Bands(row[1], frozenset(unpack_keys(row[2]))) for row in rows}


def replace_bands(conn: sqlite3.Connection, rows: Mapping[int, Bands | None]) -> None:
    """Find these patterns by these bands from now on; ``None``: by none."""
    conn.executemany("DELETE FROM bands WHERE pattern_id = ?", [(pattern,) for pattern in rows])
    found = {pattern: one for pattern, one in rows.items() if one}
    conn.executemany(
        "INSERT INTO bands (pattern_id, rank, keys) VALUES (?, ?, ?)",
        [(pattern, one.rank, pack_keys(one.keys)) for pattern, one in found.items()],
    )
    conn.executemany(
        "INSERT INTO likeness (key, pattern_id) VALUES (?, ?)",
        sorted((key, pattern) for pattern, one in found.items() for key in one.keys),
    )


def members(conn: sqlite3.Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """The patterns found by each key."""
    found: dict[int, list[int]] = {}
    rows = rows_in(conn, "SELECT key, pattern_id FROM likeness WHERE key IN (:ids)", keys)
    for key, pattern in rows:
        found.setdefault(key, []).append(pattern)
    return found


def hubs(conn: sqlite3.Connection, keys: Iterable[int], most: int) -> dict[int, int]:
    """The pattern of the lowest rank, by each key that finds more than ``most`` patterns."""
    query = "SELECT key FROM likeness WHERE key IN (:ids) GROUP BY key HAVING COUNT(*) > :most"
    crowded = [row[0] for row in rows_in(conn, query, keys, most=most)]
    falling = rows_in(
        conn,
        "SELECT l.key, l.pattern_id FROM likeness l JOIN bands b ON b.pattern_id = l.pattern_id "
        "WHERE l.key IN (:ids) ORDER BY b.rank DESC, l.pattern_id DESC",
        crowded,
    )
    return {row[0]: row[1] for row in falling}  # the last of a key, of the lowest rank, stays


def replace_alike(conn: sqlite3.Connection, patterns: Iterable[int], found: Iterable[Alike]) -> None:
    """What these patterns are alike from now on."""
    doomed = [(pattern, SIMILAR) for pattern in patterns]
    for column in ("source_id", "target_id"):
        conn.executemany(f"DELETE FROM relations WHERE {column} = ? AND kind = ?", doomed)
    conn.executemany(
        "INSERT INTO relations (source_id, target_id, kind, confidence, resolved, cosine) "
        "VALUES (?, ?, ?, ?, 1, ?)",
        [(one.one, one.other, SIMILAR, one.similarity, one.cosine) for one in found],
    )


def alike(conn: sqlite3.Connection, patterns: Collection[int]) -> set[Alike]:
    """Every pair with one of these patterns in it."""
    query = "SELECT source_id, target_id, confidence, cosine FROM relations WHERE kind = :similar AND"
    ends = [f"{query} {column} IN (:ids)" for column in ("source_id", "target_id")]
    return {Alike(*row) for end in ends for row in rows_in(conn, end, patterns, similar=SIMILAR)}


def save_cosines(conn: sqlite3.Connection, pairs: Iterable[Alike]) -> None:
    """Note how near the vectors of these pairs are."""
    conn.executemany(
        "UPDATE relations SET cosine = ? WHERE source_id = ? AND target_id = ? AND kind = ?",
        [(one.cosine, one.one, one.other, SIMILAR) for one in pairs],
    )


def newest_vectors(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, dict[str, bytes]]:
    """The vectors of patterns by model fingerprint."""
    found: dict[int, dict[str, bytes]] = {}
    rows = rows_in(
        conn,
        "SELECT p.id, m.fingerprint, x.vector FROM patterns p JOIN versions v ON v.id = p.version_id "
        "JOIN vectors x ON x.doc_hash = v.doc_hash JOIN models m ON m.id = x.model "
        "WHERE p.id IN (:ids) ORDER BY x.rowid",
        patterns,
    )
    for pattern, fingerprint, vector in rows:
        found.setdefault(pattern, {})[fingerprint] = widen(vector)
    return found


def with_documents(conn: sqlite3.Connection, hashes: Iterable[str]) -> set[int]:
    """Patterns that show a version with one of these documents."""
    rows = rows_in(
        conn,
        "SELECT p.id FROM patterns p JOIN versions v ON v.id = p.version_id WHERE v.doc_hash IN (:ids)",
        hashes,
    )
    return {row[0] for row in rows}


class Look(NamedTuple):
    """What tells a copy from what only looks like one: the unit's own name, and the size of its code."""

    name: str
    shingles: int
    shown: bool


def looks(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, Look]:
    """The looks of patterns."""
    rows = rows_in(
        conn,
        "SELECT p.id, p.qualname, LENGTH(v.shingles) / 3, p.gone FROM patterns p "
        "JOIN versions v ON v.id = p.version_id WHERE p.id IN (:ids)",
        patterns,
    )
    return {row[0]: Look(row[1].rpartition(".")[2], row[2], row[3] is None) for row in rows}
