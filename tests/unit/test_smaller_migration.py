"""A library of schema 25 becomes smaller and tells the same."""

from __future__ import annotations

import sqlite3
from array import array
from pathlib import Path

import pytest

from tests.unit import test_packing_migration as older
from tui_patterns.store import (
    behind,
    candidates,
    events,
    ledger,
    migrate,
    references,
    relations,
    sessions,
    sqlite,
    symbols,
    vectors,
)
from tui_patterns.store.database_file import integrity
from tui_patterns.store.fts import fields_of
from tui_patterns.store.sqlite import PAGE, connect, transaction

BEFORE = 26
WORDS = ("load text", "load_7", "a", "prose", "tag", "what modul say", "retry")
SHINGLES = array("I", [0x01000001, 0x010000FF, 0xFFFFFF00])


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made by schema 22, brought to 25, with what came since."""
    path = tmp_path / "patterns.db"
    shipped = migrate.migrations()
    older.old_library(path, monkeypatch)
    monkeypatch.setattr(migrate, "migrations", lambda: tuple(one for one in shipped if one[0] < BEFORE))
    monkeypatch.setattr(sqlite, "PAGE", 4_096)
    conn = connect(path)
    conn.execute("UPDATE versions SET shingles = ?", (SHINGLES.tobytes(),))
    conn.execute(
        "INSERT INTO relations VALUES (1, 2, 'USES', 0.9, 1, NULL), (2, 1, 'SIMILAR_TO', 0.8, 1, 0.7)"
    )
    conn.execute("INSERT INTO file_reads VALUES (1, 'b.py', NULL), (1, 'c.py', 'hash')")
    for n, session in ((1, None), (2, "s1")):
        conn.execute(
            "INSERT INTO events (key, at, kind, session_id, pattern_id, version_id) "
            "SELECT 'pattern_identified:' || uuid, created, 'pattern_identified', ?, id, version_id "
            "FROM patterns WHERE id = ?",
            (session, n),
        )
    conn.execute("INSERT INTO events (key, at, kind, session_id) VALUES ('session:s1', 5, 'session', 's1')")
    conn.close()
    monkeypatch.setattr(migrate, "migrations", lambda: shipped)
    monkeypatch.setattr(sqlite, "PAGE", PAGE)
    return path


def test_the_rest_of_the_room_is_given_back_and_nothing_is_damaged(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PAGE", 4_096)  # of so few rows larger pages are mostly empty
    before = library.stat().st_size
    conn = connect(library)
    assert library.stat().st_size < before
    assert integrity(conn) == "ok" and not conn.execute("PRAGMA foreign_key_check").fetchall()
    conn.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    assert conn.execute("PRAGMA freelist_count").fetchone()[0] == 0
    conn.close()
    with sqlite3.connect(library.with_name("patterns.schema-25.db")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM versions").fetchone()[0] == older.COUNT


def test_its_pages_become_as_large_as_those_of_a_new_one(library: Path) -> None:
    conn = connect(library)
    assert conn.execute("PRAGMA page_size").fetchone()[0] == PAGE
    assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    conn.close()


def test_while_another_has_it_open_its_pages_stay(library: Path) -> None:
    other = sqlite3.connect(library)
    other.execute("SELECT COUNT(*) FROM patterns").fetchone()
    conn = connect(library, patience_ms=50)
    assert conn.execute("PRAGMA page_size").fetchone()[0] == 4_096
    assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal" and integrity(conn) == "ok"
    conn.close()
    other.close()


def test_what_was_first_seen_is_told_as_an_event_with_its_session(library: Path) -> None:
    conn = connect(library)
    told = events.events(conn, kinds=["pattern_identified"])
    assert len(told) == older.COUNT, "of each pattern, since each was seen"
    (of_session,) = events.events(conn, kinds=["pattern_identified"], session="s1")
    assert (of_session.pattern, of_session.at, of_session.version) == ("uuid-2", 0, 2)
    assert [one.kind for one in events.events(conn, session="s1")] == ["pattern_identified", "session"]
    assert {one.event for one in behind.identified(conn, -1.0, 9)} < {one.id for one in told}
    with transaction(conn):
        assert not any(ledger.rebuild(conn).values())
        sessions.forget(conn, "s1")
    assert not events.events(conn, session="s1")
    conn.close()


def test_what_hangs_on_patterns_and_files_is_as_it_was(library: Path) -> None:
    conn = connect(library)
    assert fields_of(conn, [7]) == {7: WORDS}
    assert [tuple(row) for row in conn.execute("SELECT * FROM relations ORDER BY kind")] == [
        (2, 1, "SIMILAR_TO", 0.8, 1, 0.7),
        (1, 2, "USES", 0.9, 1, None),
    ]
    assert relations.standing(conn, [2]) == {2: [(1, "load_2")]}
    assert conn.execute("SELECT COUNT(*) FROM file_reads WHERE file_id = 1").fetchone()[0] == 2
    (candidate,) = candidates.candidates(conn, [3])
    assert candidate.shingles == (0x010000, 0xFFFFFF), "their first 24 bits, each once"
    (ref,) = references.refs_in(conn, 1, "load_2")
    assert (ref.source, ref.kinds, ref.target.name) == ("load_1", "c", "load_2")
    conn.execute("DELETE FROM files WHERE id = 1")
    assert references.sources(conn, [1, 700]) == set()
    assert conn.execute("SELECT COUNT(*) FROM referrers").fetchone()[0] == 0
    symbols.sweep(conn, 1)
    assert conn.execute("SELECT COUNT(*) FROM paths").fetchone()[0] == 0
    conn.close()


def test_vectors_stay_and_texts_that_can_be_written_again_are_not_noted(library: Path) -> None:
    conn = connect(library)
    assert len(vectors.live(conn, older.PRINT)[0]) == older.COUNT - 1
    kept = conn.execute("SELECT COUNT(*) FROM documents WHERE body IS NULL").fetchone()[0]
    assert kept == 0 and len(vectors.missing(conn, older.PRINT, 999)) == 1
    conn.close()
