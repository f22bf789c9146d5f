"""Chroma is told of every change, once, and of nothing else."""

from __future__ import annotations

from tests.unit.chroma_copy import embed, synced
from tests.unit.stock import Stock, unit
from tui_patterns.store import changes, vectors
from tui_patterns.store import synced as synced_rows


def wanted(stock: Stock) -> dict[str, str]:
    rows = stock.rows("SELECT p.uuid, v.doc_hash FROM patterns p JOIN versions v ON v.id = p.version_id "
                      "WHERE p.gone IS NULL")  # fmt: skip
    return {row["uuid"]: row["doc_hash"] for row in rows}


def test_chroma_is_told_of_every_change(stock: Stock) -> None:
    stock.put("app.py", unit("load"), unit("save", line=20))
    embed(stock)
    assert synced(stock) == wanted(stock) != {}
    stock.put("app.py", unit("load", docstring="Another meaning."))
    embed(stock)
    assert not synced_rows.is_synced(stock.conn, "c", "fp")
    assert synced(stock) == wanted(stock)
    stock.drop("app.py")
    assert synced(stock) == {} and synced_rows.is_synced(stock.conn, "c", "fp")


def test_a_copy_that_became_the_original_leaves_no_ghost_in_chroma(stock: Stock) -> None:
    shingles = tuple(range(1, 60))
    stock.put("app.py", unit("load", body="one", shingles=shingles))
    stock.conn.execute("UPDATE projects SET scanned = 1")
    stock.put("new.py", unit("load", "new.py", body="two", shingles=shingles))
    embed(stock)
    assert len(synced(stock)) == 2
    original = stock.rows("SELECT uuid FROM patterns ORDER BY id")[0]["uuid"]
    stock.drop("app.py")  # a move in two saves: the copy turns out to be the original
    assert list(wanted(stock)) == [original]
    assert synced(stock) == wanted(stock)
    stock.put("late.py", unit("other", "late.py", body="two"))
    embed(stock)
    assert synced(stock) == wanted(stock)


def test_a_branch_switched_back_to_costs_no_embedding(stock: Stock) -> None:
    stock.put("app.py", unit("load", body="a"))
    embed(stock)
    stock.put("app.py", unit("load", body="b", docstring="Elsewhere."))
    embed(stock)
    stock.put("app.py", unit("load", body="a"))
    assert vectors.missing(stock.conn, "fp", 5) == []
    assert vectors.share(stock.conn, "fp") == (1, 1)
    assert vectors.share(stock.conn, "another model") == (0, 1)


def test_deleting_an_identity_never_reuses_what_chroma_knew_of_it(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    embed(stock)
    synced(stock)
    changes.remove_pattern(stock.conn, stock.row("load"))
    stock.conn.execute("DELETE FROM files")
    stock.put("app.py", unit("load"))
    assert synced(stock) == wanted(stock)
