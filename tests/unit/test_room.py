"""A library that grew is written anew now and then; what was freed is used again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_patterns.store import room
from tui_patterns.store.database_file import bytes_held
from tui_patterns.store.sqlite import PAGE, connect, transaction

LONG = 900


@pytest.fixture
def conn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    monkeypatch.setattr(room, "LEAST", 100_000)
    made = connect(tmp_path / "patterns.db", durable=False)
    yield made
    made.close()


def grow(conn: sqlite3.Connection, first: int, count: int) -> None:
    """Documents in no order, so that pages are split."""
    with transaction(conn):
        conn.executemany(
            "INSERT INTO documents (doc_hash, body) VALUES (?, ?)",
            [(f"{n * 7919 % 100_003:06d}", bytes(LONG)) for n in range(first, first + count)],
        )


def test_it_is_written_anew_when_it_has_grown_and_not_before(conn: sqlite3.Connection) -> None:
    grow(conn, 0, 1_000)
    assert room.settle(conn) and not room.settle(conn)
    held = bytes_held(conn)
    grow(conn, 1_000, 30)
    assert not room.settle(conn), "a little more is nothing"
    grow(conn, 1_030, 1_000)
    loose = bytes_held(conn)
    assert room.settle(conn) and held < bytes_held(conn) <= loose
    assert conn.execute("SELECT COUNT(*) FROM documents").fetchone()[0] == 2_030


def test_a_small_one_is_left_alone(conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert not room.settle(conn)


def test_while_others_write_it_waits_for_the_next_time(conn: sqlite3.Connection, tmp_path: Path) -> None:
    grow(conn, 0, 1_000)
    conn.execute("PRAGMA busy_timeout = 1")
    other = connect(tmp_path / "patterns.db")
    other.execute("BEGIN IMMEDIATE")
    assert not room.settle(conn)
    other.execute("ROLLBACK")
    other.close()
    assert room.settle(conn)


def test_what_was_deleted_makes_room_for_what_comes(conn: sqlite3.Connection) -> None:
    grow(conn, 0, 1_000)
    room.settle(conn)
    held = bytes_held(conn)
    for turn in range(1, 20):
        with transaction(conn):
            conn.execute("DELETE FROM documents WHERE rowid IN (SELECT rowid FROM documents LIMIT 500)")
        grow(conn, turn * 1_000, 500)
    assert bytes_held(conn) < 1.25 * held, "19 times half of it came and went"


def test_its_pages_hold_several_codes(conn: sqlite3.Connection) -> None:
    assert conn.execute("PRAGMA page_size").fetchone()[0] == PAGE
