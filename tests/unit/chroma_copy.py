"""A collection in memory that is kept in step as the engine does with Chroma's."""

from __future__ import annotations

from pathlib import Path

from tests.unit.stock import Stock
from tui_patterns.store import synced as synced_rows
from tui_patterns.store import vectors

HELD: dict[Path, dict[str, str]] = {}


def synced(stock: Stock, collection: str = "c") -> dict[str, str]:
    """Run the sync to its end, as the engine does; what the collection then holds by pattern id."""
    held = HELD.setdefault(stock.path, {})
    while rows := synced_rows.to_sync(stock.conn, collection, "fp", 2):
        held.update((row.id, row.doc_hash) for row in rows)
        synced_rows.mark_synced(stock.conn, collection, [(row.row_id, row.doc_hash) for row in rows])
    while gone := synced_rows.to_unsync(stock.conn, collection, 2):
        for _, uuid in gone:
            held.pop(uuid, None)
        synced_rows.mark_unsynced(stock.conn, collection, [row_id for row_id, _ in gone])
    return held


def embed(stock: Stock) -> None:
    while found := vectors.missing(stock.conn, "fp", 3):
        vectors.save(stock.conn, "fp", [(doc_hash, b"\0" * 8) for doc_hash in found])
