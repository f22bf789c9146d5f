"""The texts that vectors are made of: not kept, but written again from a version when a model asks for them.

Only libraries from before versions kept all that it takes (their calls) hold texts, packed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.embedding.document import document_hash, embedding_text
from tui_patterns.store.packing import unpack
from tui_patterns.store.sql import chunks, named_list
from tui_patterns.store.vectors import MODEL

CALLS = "\n"
"""Between the names of what a version calls, the last of its packed texts."""


@dataclass(frozen=True, slots=True)
class Described:
    """What of a version its document is made of."""

    qualname: str
    name: str
    code: str
    docstring: str | None
    signature: str
    calls: tuple[str, ...]


def forget(conn: sqlite3.Connection, doc_hash: str) -> None:
    """Keep this text no longer: a version from which it can be written is about to be stored."""
    conn.execute("DELETE FROM documents WHERE doc_hash = :hash", {"hash": doc_hash})


def without_vector(
    conn: sqlite3.Connection, fingerprint: str, hashes: Sequence[str]
) -> list[tuple[str, str]]:
    """(hash, text) of those of these documents that still have no vector, in the order of ``hashes``."""
    lacking: list[str] = []
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            f"""
            SELECT DISTINCT v.doc_hash FROM versions v
            LEFT JOIN vectors x ON x.doc_hash = v.doc_hash AND x.model = {MODEL}
            WHERE v.doc_hash IN ({names}) AND x.doc_hash IS NULL
            """,
            {"fingerprint": fingerprint, **values},
        )
        lacking += [row["doc_hash"] for row in rows]
    found = texts(conn, lacking)
    return [(one, found[one]) for one in hashes if one in found]


def texts(conn: sqlite3.Connection, hashes: Iterable[str]) -> dict[str, str]:
    """The texts of documents by hash; those that no version has any more are left out."""
    found: dict[str, str] = {}
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        kept = f"SELECT doc_hash, body FROM documents WHERE doc_hash IN ({names}) AND body IS NOT NULL"
        found.update((row["doc_hash"], unpack(row["body"])[0] or "") for row in conn.execute(kept, values))
        found = {**_written(conn, names, values), **found}
    return found


def _written(conn: sqlite3.Connection, names: str, values: dict[str, str]) -> dict[str, str]:
    """From versions; of one that has several names the one that the hash is of."""
    rows = conn.execute(
        f"""
        SELECT v.doc_hash, v.name, c.body, p.qualname FROM versions v
        JOIN codes c ON c.version_id = v.id
        JOIN patterns p ON p.version_id = v.id WHERE v.doc_hash IN ({names})
        UNION SELECT v.doc_hash, v.name, c.body, s.qualname FROM versions v
        JOIN codes c ON c.version_id = v.id
        JOIN sites s ON s.version_id = v.id WHERE v.doc_hash IN ({names})
        """,
        values,
    )
    found: dict[str, str] = {}
    exact: set[str] = set()
    for row in rows:
        wanted = row["doc_hash"]
        if wanted not in exact and (text := _text(row)) is not None:
            same = document_hash(text) == wanted
            found[wanted] = text if same else found.get(wanted, text)
            exact |= {wanted} if same else set()
    return found


def _text(row: sqlite3.Row) -> str | None:
    """The document of a version; ``None`` if it was stored without its calls."""
    code, docstring, signature, _, *calls = unpack(row["body"])
    if not calls:
        return None
    called = tuple(filter(None, (calls[0] or "").split(CALLS)))
    return embedding_text(
        Described(row["qualname"], row["name"], code or "", docstring, signature or "", called)
    )
