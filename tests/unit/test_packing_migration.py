"""A library from before texts were packed answers as it did, from less than half the room."""

from __future__ import annotations

import sqlite3
from array import array
from pathlib import Path

import pytest

from tests.unit.stock import Stock
from tui_patterns.models import Filters
from tui_patterns.search import lexical
from tui_patterns.store import (
    documents,
    likeness,
    migrate,
    patterns,
    references,
    symbols,
    synced,
    value_names,
    vectors,
)
from tui_patterns.store.database_file import integrity
from tui_patterns.store.qualities import parts
from tui_patterns.store.sql import dump
from tui_patterns.store.sqlite import connect

BEFORE = 23
COUNT = 300
PRINT = "model"
CODE = "def load_{n}(path):\n" + "".join(
    f"    if path.endswith('.{{n}}-{line}'):\n        return retry(path, attempts={line})\n"
    for line in range(100)
)
FACETS = {"structural": {"definition": "def load(path)", "kind": "function", "line": 0}}
QUALITY = dict.fromkeys(("complexity", "coverage", "documentation", "maintainability"), 0.1 + 0.2)
VECTOR = array("f", [0.6, 0.8, 1e-8])


def old_library(path: Path, patch: pytest.MonkeyPatch) -> None:
    """Patterns as schema 22 held them, with all that hangs on them."""
    shipped = migrate.migrations()
    patch.setattr(migrate, "migrations", lambda: tuple(one for one in shipped if one[0] < BEFORE))
    Stock(path).close()
    conn = connect(path, durable=False)
    conn.execute("BEGIN")
    conn.execute(
        "INSERT INTO files (project_id, path, language, size, mtime_ns, parsed) "
        "VALUES (1, 'a.py', 'python', 1, 1, 0)"
    )
    for n in range(1, COUNT + 1):
        _add(conn, n)
    conn.execute("INSERT INTO vectors VALUES ('fix:1', 'model', ?)", (VECTOR.tobytes(),))
    conn.execute("INSERT INTO paths VALUES (1, 1, '//a.load_2', 1, 'load_2', 'function', 1)")
    conn.execute("INSERT INTO paths VALUES (700, 1, '//a.none', NULL, NULL, NULL, 1)")
    conn.execute("INSERT INTO refs VALUES (1, 'load_1', 10, 1, 'c'), (1, 'load_1', 10, 700, 'u')")
    conn.execute("INSERT INTO needs VALUES (4294967295, 1), (4294967295, 2), (4294967295, 700), (5, 1)")
    names = {"load_1": "d", "LIMIT": "v//a.LIMIT", "Tool.size": "v"}
    conn.execute("INSERT INTO outlines VALUES (1, ?, ?, '{}')", (dump(names), dump({"load_1": 10})))
    conn.execute("COMMIT")
    conn.close()
    patch.setattr(migrate, "migrations", lambda: shipped)


def _add(conn: sqlite3.Connection, n: int) -> None:
    doc = f"{n:032x}"[::-1]
    values = {
        "n": n, "name": f"load_{n}", "line": 10 * n, "uuid": f"uuid-{n}", "code": CODE.format(n=n),
        "doc": doc,
        "hash": f"{n:064x}"[::-1], "facets": dump(FACETS), "quality": dump(QUALITY | {"reusability": None}),
        "docstring": None if n % 2 else f"Load {n}.", "vector": VECTOR.tobytes(),
    }  # fmt: skip
    for statement in (
        "INSERT INTO patterns (id, uuid, project_id, path, qualname, line, end_line, created, updated) "
        "VALUES (:n, :uuid, 1, 'a.py', :name, :line, :line + 3, 0, :n)",
        "INSERT INTO versions (id, pattern_id, code_hash, structure_hash, name, kind, pattern_type, "
        "language, code, signature, docstring, quality_parts, facets, doc_hash, created) "
        "VALUES (:n, :n, :hash, :hash, "
        "'Load', 'function', 'function_pattern', 'python', :code, 'def load(path)', :docstring, :quality, "
        ":facets, :doc, 0)",
        "UPDATE patterns SET version_id = :n WHERE id = :n",
        "INSERT INTO sites (pattern_id, version_id, file_id, qualname, line, end_line, context) "
        "VALUES (:n, :n, 1, :name, :line, :line + 3, 'what modul say')",
        "INSERT INTO documents VALUES (:doc, 'document ' || :n)",
        "INSERT INTO search_docs "
        "VALUES (:n, 'load text', :name, 'a', 'prose', 'tag', 'what modul say', 'retry')",
        "INSERT INTO likeness (key, pattern_id, rank) "
        "VALUES (4000000000, :n, 1000 - :n), (:n, :n, 1000 - :n)",
    ):
        conn.execute(statement, values)
    if n > 1:  # one is not embedded yet
        conn.execute("INSERT INTO vectors VALUES (:doc, 'model', :vector)", values)
        conn.execute("INSERT INTO synced VALUES ('patterns-model:nonce', :n, :doc)", values)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "patterns.db"
    old_library(path, monkeypatch)
    return path


def test_it_takes_less_room_and_was_copied_aside(library: Path) -> None:
    before = library.stat().st_size
    connect(library).close()
    assert library.stat().st_size < 0.6 * before, "what was freed is given back at once"
    (copy,) = library.parent.glob("*.schema-22.db")
    with sqlite3.connect(copy) as old:
        assert old.execute("SELECT code FROM versions WHERE id = 7").fetchone()[0] == CODE.format(n=7)


def test_patterns_are_read_and_found_as_before(library: Path) -> None:
    conn = connect(library)
    (one, two) = patterns.fetch(conn, [1, 2])
    assert one.texts() == (CODE.format(n=1), None, "def load(path)", dump(FACETS))
    assert two.texts()[1] == "Load 2."
    assert parts(conn, [1])[1] == QUALITY | {"reusability": None}, "to the last digit"
    assert next(hit.row_id for hit in lexical.search(conn, "load_77 ", 5)) == 77
    for begun in ("l", "lo", "loa", "load_7"):
        assert lexical.search(conn, begun, 5), begun
    assert integrity(conn) == "ok" and not conn.execute("PRAGMA foreign_key_check").fetchall()
    conn.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    conn.close()


def test_vectors_and_documents_are_known_and_nothing_is_embedded_or_synced_again(library: Path) -> None:
    conn = connect(library)
    (lacking,) = vectors.missing(conn, PRINT, 999)
    assert documents.without_vector(conn, PRINT, [lacking]) == [(lacking, "document 1")]
    ids, blob = vectors.live(conn, PRINT)
    assert ids == [f"uuid-{n}" for n in range(2, COUNT + 1)]
    assert array("f", bytes(blob[:12])).tolist() == pytest.approx(VECTOR.tolist(), abs=2e-3)
    assert synced.is_synced(conn, "patterns-model:nonce", PRINT)
    assert set(vectors.by_hash(conn, PRINT, ["fix:1"])) == {"fix:1"} and vectors.models(conn) == [PRINT]
    conn.close()


def test_what_hangs_on_files_is_as_it_was(library: Path) -> None:
    conn = connect(library)
    (ref,) = references.refs_of_files(conn, [1])
    assert (ref.source, ref.line, ref.kinds, ref.target.name) == ("load_1", 10, "c", "load_2")
    assert references.sources(conn, [700]) == {(1, "load_1", 10)}
    assert symbols.needing(conn, [4294967295]) == {1, 2, 700} and symbols.needing(conn, [5]) == {1}
    assert symbols.path_ids(conn, 1, ["//a.load_2", "//a.absent"]) == {"//a.load_2": 1}
    assert symbols.outlines(conn, [1])[1].lines == {"load_1": 10}
    assert [one.names for one in value_names.value_names(conn, ["limit"])] == [("LIMIT",)]
    assert likeness.bands_of(conn, [3]) == {} == likeness.members(conn, [3]), "made anew with the next look"
    conn.execute("DELETE FROM patterns WHERE id = 3")
    assert patterns.recent(conn, 1, Filters()) == [COUNT]
    conn.close()
