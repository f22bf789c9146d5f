"""Documents to embed, their vectors, and what of them Chroma holds.

A vector is ``dimension`` float32, little-endian, L2-normalised, keyed by the
document's hash and the model's fingerprint: a branch switched back to, or a
moved file, costs no embedding.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_patterns.store.sql import chunks, named_list


class ToSync(NamedTuple):
    """A vector on its way to Chroma."""

    row_id: int
    id: str
    doc_hash: str
    vector: bytes


def save_document(conn: sqlite3.Connection, doc_hash: str, body: str) -> None:
    """Keep the text that a vector is made of."""
    conn.execute(
        "INSERT INTO documents (doc_hash, body) VALUES (:hash, :body) ON CONFLICT (doc_hash) DO NOTHING",
        {"hash": doc_hash, "body": body},
    )


def missing(conn: sqlite3.Connection, fingerprint: str, limit: int) -> list[tuple[str, str]]:
    """(hash, text) of live patterns' documents without a vector, last changed first."""
    rows = conn.execute(
        """
        SELECT d.doc_hash, d.body FROM patterns p
        JOIN versions v ON v.id = p.version_id
        JOIN documents d ON d.doc_hash = v.doc_hash
        LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.fingerprint = :fingerprint
        WHERE p.gone IS NULL AND x.doc_hash IS NULL
        GROUP BY d.doc_hash, d.body ORDER BY MAX(p.updated) DESC, MAX(p.id) DESC LIMIT :limit
        """,
        {"fingerprint": fingerprint, "limit": limit},
    )
    return [(row["doc_hash"], row["body"]) for row in rows]


def save(conn: sqlite3.Connection, fingerprint: str, vectors: Iterable[tuple[str, bytes]]) -> None:
    """Store vectors by document hash."""
    conn.executemany(
        "INSERT INTO vectors (doc_hash, fingerprint, vector) VALUES (?, ?, ?) "
        "ON CONFLICT (doc_hash, fingerprint) DO UPDATE SET vector = excluded.vector",
        [(doc_hash, fingerprint, blob) for doc_hash, blob in vectors],
    )


def by_hash(conn: sqlite3.Connection, fingerprint: str, hashes: Iterable[str]) -> dict[str, bytes]:
    """The vectors of these documents, as far as there are any."""
    found: dict[str, bytes] = {}
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            f"SELECT doc_hash, vector FROM vectors WHERE fingerprint = :model AND doc_hash IN ({names})",
            {"model": fingerprint, **values},
        )
        found.update((row["doc_hash"], row["vector"]) for row in rows)
    return found


def live(conn: sqlite3.Connection, fingerprint: str) -> tuple[list[str], bytes]:
    """Ids of all embedded live patterns, and their vectors joined into one buffer."""
    rows = conn.execute(
        """
        SELECT p.uuid, x.vector FROM patterns p
        JOIN versions v ON v.id = p.version_id
        JOIN vectors x ON x.doc_hash = v.doc_hash AND x.fingerprint = :fingerprint
        WHERE p.gone IS NULL ORDER BY p.id
        """,
        {"fingerprint": fingerprint},
    ).fetchall()
    return [row["uuid"] for row in rows], b"".join(row["vector"] for row in rows)


def of_rows(conn: sqlite3.Connection, fingerprint: str, row_ids: Sequence[int]) -> dict[int, bytes]:
    """Vectors of some patterns by row id; what is not embedded is left out."""
    found: dict[int, bytes] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.id, x.vector FROM patterns p JOIN versions v ON v.id = p.version_id
            JOIN vectors x ON x.doc_hash = v.doc_hash AND x.fingerprint = :fingerprint
            WHERE p.id IN ({names})
            """,
            {"fingerprint": fingerprint, **values},
        )
        found.update((row["id"], row["vector"]) for row in rows)
    return found


def share(conn: sqlite3.Connection, fingerprint: str) -> tuple[int, int]:
    """(embedded, all) counts of live patterns, near-copies counted as one."""
    row = conn.execute(
        """
        SELECT COUNT(x.doc_hash) AS embedded, COUNT(*) AS total FROM patterns p
        JOIN versions v ON v.id = p.version_id
        LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.fingerprint = :fingerprint
        WHERE p.gone IS NULL AND p.lead_id IS NULL
        """,
        {"fingerprint": fingerprint},
    ).fetchone()
    return int(row["embedded"]), int(row["total"])


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
