"""Forgetting on a Chroma server: what this library has put there of patterns that are no more.

Other libraries may keep theirs in the same collection, so nothing but these vectors is deleted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui_patterns.store import synced
from tui_patterns.store.sql import chunks

if TYPE_CHECKING:
    from tui_patterns.settings import IndexSettings

Held = Mapping[str, frozenset[str]]


def held(conn: sqlite3.Connection, index: IndexSettings) -> Held:
    """Ids of patterns by the collection that has their vectors; nothing without a server."""
    return synced.by_collection(conn) if index.chroma else {}


def gone(before: Held, conn: sqlite3.Connection) -> Held:
    """What of it is no pattern of the library any more."""
    left = synced.known(conn, {id for ids in before.values() for id in ids})
    return {name: ids - left for name, ids in before.items() if ids - left}


def drop(found: Held, index: IndexSettings) -> list[str]:
    """Delete these vectors on the server; in words what could not be deleted."""
    if not found:
        return []
    from tui_patterns.search.chroma_client import server
    from tui_patterns.search.chroma_folder import ChromaDamaged, ChromaUnavailable, faults

    try:
        with faults("remove vectors"):
            _delete(server(index.chroma, index.chroma_headers), found)
    except (ChromaDamaged, ChromaUnavailable) as error:
        names = ", ".join(sorted(key.partition(":")[0] for key in found))
        return [f"vectors, without any text, in {names} on the Chroma server: {error}"]
    return []


def _delete(client: object, found: Held) -> None:
    from chromadb.errors import NotFoundError

    for key, ids in found.items():
        name, _, nonce = key.partition(":")
        try:
            collection = client.get_collection(name, embedding_function=None)  # type: ignore[attr-defined]
        except NotFoundError:
            continue
        if (collection.metadata or {}).get("nonce", "") == nonce:
            for part in chunks(sorted(ids)):
                collection.delete(ids=list(part))
