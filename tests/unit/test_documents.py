"""A document that is not kept is the one that its hash is of, whenever a model asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.embedding.document import document_hash, embedding_text
from tui_patterns.models import Unit
from tui_patterns.store import documents, vectors
from tui_patterns.store.packing import pack

PRINT = "model"
TOLD = replace(
    unit("Store.load_page", docstring="Load a page.\n\nOr none."), calls=("fetch", "self.client.get", "retry")
)
SILENT = unit("save_page", line=20)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", TOLD, SILENT)
    yield made
    made.close()


def named(one: Unit) -> tuple[str, str]:
    return document_hash(embedding_text(one)), embedding_text(one)


def test_it_is_written_again_to_the_letter(stock: Stock) -> None:
    assert stock.rows("SELECT * FROM documents") == []
    assert documents.texts(stock.conn, [named(TOLD)[0], named(SILENT)[0]]) == dict(map(named, (TOLD, SILENT)))


def test_it_outlives_a_move_and_what_has_a_vector_is_not_asked_for(stock: Stock) -> None:
    stock.drop("app.py")
    stock.put("pkg/new.py", replace(TOLD, path="pkg/new.py", line=7), replace(SILENT, path="pkg/new.py"))
    hashes = [named(SILENT)[0], named(TOLD)[0]]
    assert documents.without_vector(stock.conn, PRINT, hashes) == [named(SILENT), named(TOLD)]
    vectors.save(stock.conn, PRINT, [(hashes[0], bytes(8))])
    assert documents.without_vector(stock.conn, PRINT, hashes) == [named(TOLD)]
    assert documents.without_vector(stock.conn, "another", hashes) == [named(SILENT), named(TOLD)]


def test_what_an_older_program_kept_is_read_until_its_version_tells_all(stock: Stock) -> None:
    hash, text = named(SILENT)
    stock.conn.execute(
        "UPDATE codes SET body = pack('code', NULL, '', '{}') "
        "WHERE version_id = (SELECT id FROM versions WHERE doc_hash = ?)",
        (hash,),
    )
    assert documents.texts(stock.conn, [hash]) == {}
    stock.conn.execute("INSERT INTO documents (doc_hash, body) VALUES (?, ?)", (hash, pack(text)))
    assert documents.texts(stock.conn, [hash]) == {hash: text}
    stock.put("app.py", TOLD, replace(SILENT, complexity=5))
    assert stock.rows("SELECT 1 FROM documents WHERE body IS NOT NULL") == []
    assert documents.texts(stock.conn, [hash]) == {hash: text}
