"""Large libraries made of real patterns, for what cannot be indexed in half an hour: up to 300,000 of them.

Each further pattern has the code, title and prose of a stored one, the path, tags
and code's words of another one, and as its vector the mean of both. So nothing is
found twice, words are as frequent as they were, and vectors lie where vectors lie.
What hangs on files (outlines, references) is not repeated: disk is measured where
everything is real.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from tui_patterns.store import vectors
from tui_patterns.store.sqlite import connect, transaction
from tui_patterns.store.vectors import MODEL
from tui_patterns.store.words import FIELDS

STRIDE = 7919  # a prime: in round k the other half comes from k strides further on
MARK = "000000"  # how the ids of what was added begin
PART = 5_000  # patterns in one transaction
_OWN = frozenset({"title", "names", "prose"})
_KEYS = {
    "patterns": {"id": ":patterns + m.number", "uuid": "m.tag || substr(t.uuid, 9)",
                 "version_id": ":versions + m.number"},
    "versions": {"id": ":versions + m.number", "pattern_id": ":patterns + m.number",
                 "code_hash": "m.tag || substr(t.code_hash, 9)",
                 "doc_hash": "m.tag || substr(t.doc_hash, 9)"},
    "sites": {"id": ":sites + m.number", "pattern_id": ":patterns + m.number",
              "version_id": ":versions + m.number"},
    "codes": {"version_id": ":versions + m.number"},
    "labels": {"version_id": ":versions + m.number"},
    "documents": {"doc_hash": "m.tag || substr(t.doc_hash, 9)"},
}  # fmt: skip
_FROM = {
    "patterns": "t.id = m.source",
    "versions": "t.id = m.version",
    "sites": "t.id = (SELECT MIN(id) FROM sites WHERE pattern_id = m.source)",
    "codes": "t.version_id = m.version",
    "labels": "t.version_id = m.version",
    "documents": "t.doc_hash = (SELECT doc_hash FROM versions WHERE id = m.version)",
}
Original = tuple[int, int, str]
"""Row id, version and document's hash of a pattern that was really indexed."""


def grow(database: Path, size: int, fingerprint: str) -> int:
    """Bring the library at ``database`` to ``size`` embedded patterns; how many it has then."""
    with closing(connect(database, durable=False)) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")  # a pattern and its version name each other
        originals = _originals(conn, fingerprint)
        have = _embedded(conn, fingerprint)
        while have < size:
            at = (have - len(originals)) % len(originals)
            part = range(at, min(at + PART, at + size - have, len(originals)))
            with transaction(conn):
                _add(conn, originals, part, have // len(originals), fingerprint)
            have += len(part)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("ANALYZE")
    return have


def _originals(conn: sqlite3.Connection, fingerprint: str) -> list[Original]:
    rows = conn.execute(
        "SELECT p.id, v.id, v.doc_hash FROM patterns p JOIN versions v ON v.id = p.version_id "
        f"JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL} "
        "WHERE p.gone IS NULL AND substr(p.uuid, 1, :long) <> :mark ORDER BY p.id",
        {"fingerprint": fingerprint, "mark": MARK, "long": len(MARK)},
    )
    return [tuple(row) for row in rows]


def _embedded(conn: sqlite3.Connection, fingerprint: str) -> int:
    row = conn.execute(
        "SELECT COUNT(*) FROM patterns p JOIN versions v ON v.id = p.version_id JOIN vectors x "
        f"ON x.doc_hash = v.doc_hash AND x.model = {MODEL} WHERE p.gone IS NULL",
        {"fingerprint": fingerprint},
    ).fetchone()
    return int(row[0])


def _add(
    conn: sqlite3.Connection, originals: Sequence[Original], part: Sequence[int], turn: int, fingerprint: str
) -> None:
    """Add the patterns of one part of a round."""
    tag = f"{MARK}{turn:02x}"
    others = {at: originals[(at + turn * STRIDE) % len(originals)] for at in part}
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS more (number INTEGER PRIMARY KEY, source INTEGER, "
                 "version INTEGER, other INTEGER, tag TEXT)")  # fmt: skip
    conn.execute("DELETE FROM more")
    conn.executemany(
        "INSERT INTO more VALUES (?, ?, ?, ?, ?)",
        [(n, originals[at][0], originals[at][1], others[at][0], tag) for n, at in enumerate(part, start=1)],
    )
    last = {table: conn.execute(f"SELECT MAX(id) FROM {table}").fetchone()[0]
            for table in ("patterns", "versions", "sites")}  # fmt: skip
    for table in _KEYS:
        _copy(conn, table, last)
    _copy_words(conn, last["patterns"])
    known = vectors.of_rows(
        conn, fingerprint, sorted({one[0] for at in part for one in (originals[at], others[at])})
    )
    vectors.save(
        conn,
        fingerprint,
        [(tag + originals[at][2][8:], _mean(known[originals[at][0]], known[others[at][0]])) for at in part],
    )


def _copy(conn: sqlite3.Connection, table: str, last: dict[str, int]) -> None:
    columns = [row["name"] for row in conn.execute(f"PRAGMA table_info({table})")]
    chosen = ", ".join(_KEYS[table].get(column, f"t.{column}") for column in columns)
    conn.execute(
        f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) "
        f"SELECT {chosen} FROM more m CROSS JOIN {table} t ON {_FROM[table]}",
        last,
    )


def _copy_words(conn: sqlite3.Connection, last: int) -> None:
    words = ", ".join(
        f"words_of({'a' if field in _OWN else 'b'}.words, {at})" for at, field in enumerate(FIELDS)
    )
    conn.execute(
        f"INSERT INTO search_docs (pattern_id, words) SELECT :last + m.number, pack_words({words}) "
        "FROM more m CROSS JOIN search_docs a ON a.pattern_id = m.source "
        "JOIN search_docs b ON b.pattern_id = m.other",
        {"last": last},
    )


def _mean(one: bytes, other: bytes) -> bytes:
    total = np.frombuffer(one, "<f4") + np.frombuffer(other, "<f4")
    mean: bytes = (total / np.linalg.norm(total)).astype("<f4").tobytes()
    return mean
