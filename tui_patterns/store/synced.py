"""What of the vectors a Chroma collection is known to hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple


class ToSync(NamedTuple):
    """A vector on its way to Chroma."""

    row_id: int
    id: str
    doc_hash: str
    vector: bytes


def to_sync(conn: sqlite3.Connection, collection: str, fingerprint: str, limit: int) -> list[ToSync]:
    """Vectors of live patterns that ``collection`` lacks or holds outdated."""
    rows = conn.execute(
        """
        SELECT p.id, p.uuid, v.doc_hash, x.vector FROM patterns p
        JOIN versions v ON v.id = p.version_id
        JOIN vectors x ON x.doc_hash = v.doc_hash AND x.fingerprint = :fingerprint
        LEFT JOIN synced s ON s.collection = :collection AND s.pattern_id = p.id
        WHERE p.gone IS NULL AND (s.doc_hash IS NULL OR s.doc_hash <> v.doc_hash) LIMIT :limit
        """,
        {"collection": collection, "fingerprint": fingerprint, "limit": limit},
    )
    return [ToSync(row["id"], row["uuid"], row["doc_hash"], row["vector"]) for row in rows]


def to_unsync(conn: sqlite3.Connection, collection: str, limit: int) -> list[tuple[int, str]]:
    """(row id, pattern id) that ``collection`` holds though the pattern is gone."""
    rows = conn.execute(
        """
        SELECT s.pattern_id, p.uuid FROM synced s JOIN patterns p ON p.id = s.pattern_id
        WHERE s.collection = :collection AND p.gone IS NOT NULL LIMIT :limit
        """,
        {"collection": collection, "limit": limit},
    )
    return [(row["pattern_id"], row["uuid"]) for row in rows]


def mark_synced(conn: sqlite3.Connection, collection: str, rows: Iterable[tuple[int, str]]) -> None:
    """``collection`` now holds these (row id, hash)."""
    conn.executemany(
        "INSERT INTO synced (collection, pattern_id, doc_hash) VALUES (?, ?, ?) "
        "ON CONFLICT (collection, pattern_id) DO UPDATE SET doc_hash = excluded.doc_hash",
        [(collection, row_id, doc_hash) for row_id, doc_hash in rows],
    )


def synced_sample(conn: sqlite3.Connection, collection: str, fingerprint: str, limit: int) -> list[bytes]:
    """Some of the vectors that ``collection`` is said to hold, of any patterns."""
    rows = conn.execute(
        """
        SELECT x.vector FROM synced s
        JOIN vectors x ON x.doc_hash = s.doc_hash AND x.fingerprint = :fingerprint
        WHERE s.collection = :collection ORDER BY random() LIMIT :limit
        """,
        {"collection": collection, "fingerprint": fingerprint, "limit": limit},
    )
    return [row["vector"] for row in rows]


def mark_unsynced(conn: sqlite3.Connection, collection: str, row_ids: Iterable[int]) -> None:
    """``collection`` no longer holds these."""
    conn.executemany(
        "DELETE FROM synced WHERE collection = ? AND pattern_id = ?",
        [(collection, row_id) for row_id in row_ids],
    )


def forget_other_collections(conn: sqlite3.Connection, collection: str) -> None:
    """Drop the bookkeeping of all collections but this one."""
    conn.execute("DELETE FROM synced WHERE collection <> :collection", {"collection": collection})


def synced_total(conn: sqlite3.Connection) -> int:
    """How many patterns the collection synced last is known to hold."""
    rows = conn.execute("SELECT COUNT(*) FROM synced GROUP BY collection ORDER BY MAX(rowid) DESC").fetchone()
    return int(rows[0]) if rows else 0


def is_synced(conn: sqlite3.Connection, collection: str, fingerprint: str) -> bool:
    """Whether ``collection`` holds the current vector of every embedded live pattern."""
    return not to_sync(conn, collection, fingerprint, 1) and not to_unsync(conn, collection, 1)
