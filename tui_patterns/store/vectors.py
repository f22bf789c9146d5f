"""Vectors of documents, and which documents have none.

A vector is ``dimension`` float32, little-endian, L2-normalised, keyed by the
document's hash and the model's fingerprint: a branch switched back to, or a
moved file, costs no embedding. It is stored as a byte a number (``numbers.py``),
which moves no cosine by more than 0.005; what is read is what was stored, not what
was given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tui_patterns.store.numbers import shrink, size, widen, widened
from tui_patterns.store.sql import chunks, named_list

MODEL = "(SELECT id FROM models WHERE fingerprint = :fingerprint)"
"""The number of a model in the table of vectors; NULL, which equals nothing, if there are none of it."""
# Where all patterns are looked through, versions are found by pattern: an index holds all that is asked for
# then, and their long rows are not read (as in store/stats.py).


def missing(conn: sqlite3.Connection, fingerprint: str, limit: int) -> list[str]:
    """Hashes of live patterns' documents without a vector, last changed first."""
    rows = conn.execute(
        f"""
        SELECT v.doc_hash FROM patterns p
        JOIN versions v ON v.pattern_id = p.id AND +v.id = p.version_id
        LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
        WHERE p.gone IS NULL AND x.doc_hash IS NULL
        GROUP BY v.doc_hash ORDER BY MAX(p.updated) DESC, MAX(p.id) DESC LIMIT :limit
        """,
        {"fingerprint": fingerprint, "limit": limit},
    )
    return [row["doc_hash"] for row in rows]


def missing_among(conn: sqlite3.Connection, fingerprint: str, ids: Sequence[str]) -> list[str]:
    """Hashes of the documents of these live patterns that have no vector, in the order of ``ids``."""
    found: dict[str, str] = {}
    for part in chunks(ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.uuid, v.doc_hash FROM patterns p JOIN versions v ON v.id = p.version_id
            LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
            WHERE p.uuid IN ({names}) AND p.gone IS NULL AND x.doc_hash IS NULL
            """,
            {"fingerprint": fingerprint, **values},
        )
        found.update((row["uuid"], row["doc_hash"]) for row in rows)
    return list(dict.fromkeys(found[one] for one in ids if one in found))


def save(conn: sqlite3.Connection, fingerprint: str, vectors: Iterable[tuple[str, bytes]]) -> None:
    """Store vectors by document hash."""
    conn.execute(
        "INSERT INTO models (fingerprint) VALUES (:fingerprint) ON CONFLICT (fingerprint) DO NOTHING",
        {"fingerprint": fingerprint},
    )
    conn.executemany(
        f"INSERT INTO vectors (doc_hash, model, vector) VALUES (:hash, {MODEL}, :vector) "
        "ON CONFLICT (doc_hash, model) DO UPDATE SET vector = excluded.vector",
        [{"hash": one, "fingerprint": fingerprint, "vector": shrink(blob)} for one, blob in vectors],
    )


def by_hash(conn: sqlite3.Connection, fingerprint: str, hashes: Iterable[str]) -> dict[str, bytes]:
    """The vectors of these documents, as far as there are any."""
    found: dict[str, bytes] = {}
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            f"SELECT doc_hash, vector FROM vectors WHERE model = {MODEL} AND doc_hash IN ({names})",
            {"fingerprint": fingerprint, **values},
        )
        found.update((row["doc_hash"], widen(row["vector"])) for row in rows)
    return found


def live(conn: sqlite3.Connection, fingerprint: str) -> tuple[list[str], memoryview]:
    """Ids of all embedded live patterns, and their vectors joined into one buffer."""
    rows = conn.execute(
        f"""
        SELECT p.uuid, x.vector FROM patterns p
        JOIN versions v ON v.id = p.version_id
        JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
        WHERE p.gone IS NULL ORDER BY p.id
        """,
        {"fingerprint": fingerprint},
    ).fetchall()
    return [row["uuid"] for row in rows], widened([row["vector"] for row in rows])


def of_rows(conn: sqlite3.Connection, fingerprint: str, row_ids: Sequence[int]) -> dict[int, bytes]:
    """Vectors of some patterns by row id; what is not embedded is left out."""
    found: dict[int, bytes] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.id, x.vector FROM patterns p JOIN versions v ON v.id = p.version_id
            JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
            WHERE p.id IN ({names})
            """,
            {"fingerprint": fingerprint, **values},
        )
        found.update((row["id"], widen(row["vector"])) for row in rows)
    return found


def share(conn: sqlite3.Connection, fingerprint: str) -> tuple[int, int]:
    """(embedded, all) counts of live patterns, near-copies counted as one."""
    row = conn.execute(
        f"""
        SELECT COUNT(x.doc_hash) AS embedded, COUNT(*) AS total FROM patterns p
        JOIN versions v ON v.pattern_id = p.id AND +v.id = p.version_id
        LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
        WHERE p.gone IS NULL AND p.lead_id IS NULL
        """,
        {"fingerprint": fingerprint},
    ).fetchone()
    return int(row["embedded"]), int(row["total"])


def models(conn: sqlite3.Connection) -> list[str]:
    """Fingerprints of all models that there are vectors of."""
    return [row[0] for row in conn.execute("SELECT fingerprint FROM models ORDER BY fingerprint")]


def forget_model(conn: sqlite3.Connection, fingerprint: str, limit: int) -> int:
    """Delete up to ``limit`` vectors of a model, with the last of them the model; how many there were."""
    model = {"fingerprint": fingerprint}
    gone = conn.execute(
        f"DELETE FROM vectors WHERE model = {MODEL} AND doc_hash IN "
        f"(SELECT doc_hash FROM vectors WHERE model = {MODEL} LIMIT :limit)",
        {**model, "limit": limit},
    ).rowcount
    if gone < limit:
        conn.execute("DELETE FROM models WHERE fingerprint = :fingerprint", model)
    return gone


def forget_misfits(conn: sqlite3.Connection, fingerprint: str, dimension: int) -> int:
    """Delete vectors of another dimension, as none of this model can be; how many there were."""
    return conn.execute(
        f"DELETE FROM vectors WHERE model = {MODEL} AND LENGTH(vector) <> :size",
        {"fingerprint": fingerprint, "size": size(dimension)},
    ).rowcount


def forget_orphans(conn: sqlite3.Connection, keep: int) -> int:
    """Delete vectors of documents that no version has, but of the ``keep`` last of these; how many.

    A pattern keeps its versions, so what another branch holds is in use; where only the
    file has another name there, one version has two documents in turn. Texts that no
    version has go as well.
    """
    unused = "NOT EXISTS (SELECT 1 FROM versions v WHERE v.doc_hash = {table}.doc_hash)"
    conn.execute(f"DELETE FROM documents WHERE {unused.format(table='documents')}")
    return conn.execute(
        f"""
        DELETE FROM vectors WHERE doc_hash IN (
            SELECT x.doc_hash FROM vectors x WHERE {unused.format(table="x")}
            GROUP BY x.doc_hash ORDER BY MAX(x.rowid) DESC LIMIT -1 OFFSET :keep)
        """,
        {"keep": keep},
    ).rowcount
