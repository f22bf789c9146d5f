"""What of the vectors a Chroma collection is known to hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from tui_patterns.store.numbers import widen
from tui_patterns.store.sql import rows_in
from tui_patterns.store.vectors import MODEL

_COLLECTION = "(SELECT id FROM collections WHERE collection = :collection)"


class ToSync(NamedTuple):
    """A vector on its way to Chroma."""

    row_id: int
    id: str
    doc_hash: str
    vector: bytes
    replaces: bool


def to_sync(
    conn: sqlite3.Connection, collection: str, fingerprint: str, limit: int, after: int = 0
) -> list[ToSync]:
    """Vectors of live patterns that ``collection`` lacks or holds outdated, by row id, from ``after`` on."""
    rows = conn.execute(
        f"""
        SELECT p.id, p.uuid, v.doc_hash, x.vector, s.doc_hash AS held FROM patterns p
        JOIN versions v ON v.pattern_id = p.id AND +v.id = p.version_id
        LEFT JOIN synced s ON s.collection = {_COLLECTION} AND s.pattern_id = p.id
        JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
        WHERE p.id > :after AND +p.gone IS NULL AND (s.doc_hash IS NULL OR s.doc_hash <> v.doc_hash)
        ORDER BY p.id LIMIT :limit
        """,
        {"collection": collection, "fingerprint": fingerprint, "limit": limit, "after": after},
    )
    return [
        ToSync(row["id"], row["uuid"], row["doc_hash"], widen(row["vector"]), row["held"] is not None)
        for row in rows
    ]


def to_unsync(conn: sqlite3.Connection, collection: str, limit: int) -> list[tuple[int, str]]:
    """(row id, pattern id) that ``collection`` holds though the pattern is gone."""
    rows = conn.execute(
        f"""
        SELECT s.pattern_id, p.uuid FROM synced s JOIN patterns p ON p.id = s.pattern_id
        WHERE s.collection = {_COLLECTION} AND p.gone IS NOT NULL LIMIT :limit
        """,
        {"collection": collection, "limit": limit},
    )
    return [(row["pattern_id"], row["uuid"]) for row in rows]


def mark_synced(conn: sqlite3.Connection, collection: str, rows: Iterable[tuple[int, str]]) -> None:
    """``collection`` now holds these (row id, hash)."""
    new = "INSERT INTO collections (collection) VALUES (:collection) ON CONFLICT (collection) DO NOTHING"
    conn.execute(new, {"collection": collection})
    conn.executemany(
        f"INSERT INTO synced (collection, pattern_id, doc_hash) VALUES ({_COLLECTION}, :id, :hash) "
        "ON CONFLICT (collection, pattern_id) DO UPDATE SET doc_hash = excluded.doc_hash",
        [{"collection": collection, "id": row_id, "hash": doc_hash} for row_id, doc_hash in rows],
    )


def synced_sample(conn: sqlite3.Connection, collection: str, fingerprint: str, limit: int) -> list[bytes]:
    """Some of the vectors that ``collection`` is said to hold, of any patterns."""
    rows = conn.execute(
        f"""
        SELECT x.vector FROM synced s
        JOIN vectors x ON x.doc_hash = s.doc_hash AND x.model = {MODEL}
        WHERE s.collection = {_COLLECTION} ORDER BY random() LIMIT :limit
        """,
        {"collection": collection, "fingerprint": fingerprint, "limit": limit},
    )
    return [widen(row["vector"]) for row in rows]


def mark_unsynced(conn: sqlite3.Connection, collection: str, row_ids: Iterable[int]) -> None:
    """``collection`` no longer holds these."""
    conn.executemany(
        f"DELETE FROM synced WHERE collection = {_COLLECTION} AND pattern_id = :id",
        [{"collection": collection, "id": row_id} for row_id in row_ids],
    )


def forget_collection(conn: sqlite3.Connection, collection: str) -> None:
    """Drop the bookkeeping of a collection that is no more."""
    conn.execute("DELETE FROM collections WHERE collection = :collection", {"collection": collection})


def forget_other_collections(conn: sqlite3.Connection, collection: str) -> None:
    """Drop the bookkeeping of all collections but this one."""
    conn.execute("DELETE FROM collections WHERE collection <> :collection", {"collection": collection})


def synced_total(conn: sqlite3.Connection) -> int:
    """How many patterns the newest collection is known to hold."""
    rows = conn.execute("SELECT COUNT(*) FROM synced GROUP BY collection ORDER BY collection DESC").fetchone()
    return int(rows[0]) if rows else 0


def by_collection(conn: sqlite3.Connection) -> dict[str, frozenset[str]]:
    """Ids of patterns that each collection is known to hold."""
    found: dict[str, set[str]] = {}
    for row in conn.execute(
        "SELECT c.collection, p.uuid FROM synced s JOIN patterns p ON p.id = s.pattern_id "
        "JOIN collections c ON c.id = s.collection"
    ):
        found.setdefault(row["collection"], set()).add(row["uuid"])
    return {name: frozenset(ids) for name, ids in found.items()}


def known(conn: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are of patterns, gone ones too."""
    rows = rows_in(conn, "SELECT uuid FROM patterns WHERE uuid IN (:ids)", sorted(ids))
    return {row["uuid"] for row in rows}


def is_synced(conn: sqlite3.Connection, collection: str, fingerprint: str) -> bool:
    """Whether ``collection`` holds the current vector of every embedded live pattern."""
    return not to_sync(conn, collection, fingerprint, 1) and not to_unsync(conn, collection, 1)


# -- does a collection still find what it holds? -------------------------------------------


def held(conn: sqlite3.Connection, collection: str) -> int:
    """How many patterns ``collection`` is known to hold."""
    rows = conn.execute(
        f"SELECT COUNT(*) FROM synced WHERE collection = {_COLLECTION}", {"collection": collection}
    )
    return int(rows.fetchone()[0])


def note_churn(conn: sqlite3.Connection, collection: str, count: int) -> None:
    """``count`` more vectors of ``collection`` were replaced or removed."""
    if count:
        conn.execute(
            "INSERT INTO collections (collection, dead, churn) VALUES (:collection, :count, :count) "
            "ON CONFLICT (collection) DO UPDATE SET dead = collections.dead + excluded.dead, "
            "churn = collections.churn + excluded.churn",
            {"collection": collection, "count": count},
        )


class Audit(NamedTuple):
    """What is known of a collection's health; counts as in the table, ``reached`` is a row id."""

    dead: int
    churn: int
    reached: int | None


def audit(conn: sqlite3.Connection, collection: str) -> Audit:
    """How ``collection`` stands."""
    row = conn.execute(
        "SELECT dead, churn, audited_to FROM collections WHERE collection = :collection",
        {"collection": collection},
    ).fetchone()
    return Audit(row["dead"], row["churn"], row["audited_to"]) if row else Audit(0, 0, None)


def audited_to(conn: sqlite3.Connection, collection: str, row_id: int) -> None:
    """The audit has come to this pattern."""
    conn.execute(
        "UPDATE collections SET audited_to = :id WHERE collection = :collection",
        {"collection": collection, "id": row_id},
    )


def audited(conn: sqlite3.Connection, collection: str) -> None:
    """Every vector of ``collection`` was found."""
    conn.execute(
        "UPDATE collections SET churn = 0, audited_to = NULL WHERE collection = :collection",
        {"collection": collection},
    )


def to_audit(
    conn: sqlite3.Connection, collection: str, fingerprint: str, after: int, limit: int
) -> list[tuple[int, bytes]]:
    """(row id, vector) of patterns that ``collection`` is said to hold, from ``after`` on."""
    rows = conn.execute(
        f"""
        SELECT s.pattern_id, x.vector FROM synced s
        JOIN vectors x ON x.doc_hash = s.doc_hash AND x.model = {MODEL}
        WHERE s.collection = {_COLLECTION} AND s.pattern_id > :after ORDER BY s.pattern_id LIMIT :limit
        """,
        {"collection": collection, "fingerprint": fingerprint, "after": after, "limit": limit},
    )
    return [(row["pattern_id"], widen(row["vector"])) for row in rows]
