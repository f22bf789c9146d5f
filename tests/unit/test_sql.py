"""Rows by any number of ids, whatever SQLite allows at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tui_patterns.store.sql import CHUNK, rows_in

MANY = 2 * CHUNK + 1


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, kind TEXT)")
    made.executemany(
        "INSERT INTO things VALUES (?, ?)", [(n, "odd" if n % 2 else "even") for n in range(MANY)]
    )
    yield made
    made.close()


def test_more_ids_than_a_statement_takes_are_all_asked_for(conn: sqlite3.Connection) -> None:
    found = rows_in(conn, "SELECT id FROM things WHERE id IN (:ids)", range(-5, MANY + 5))
    assert sorted(row[0] for row in found) == list(range(MANY))


def test_ids_may_stand_twice_and_other_values_beside_them(conn: sqlite3.Connection) -> None:
    odd = "SELECT id FROM things WHERE id IN (:ids) AND kind = :kind"
    query = f"{odd} UNION SELECT -id FROM things WHERE id IN (:ids)"
    assert {row[0] for row in rows_in(conn, query, [1, 2], kind="odd")} == {1, -1, -2}


def test_no_ids_ask_nothing(conn: sqlite3.Connection) -> None:
    assert list(rows_in(conn, "not even SQL (:ids)", [])) == []


def test_who_takes_the_rows_may_write_meanwhile(conn: sqlite3.Connection) -> None:
    for (id,) in rows_in(conn, "SELECT id FROM things WHERE id IN (:ids)", range(MANY)):
        conn.execute("DELETE FROM things WHERE id = ?", (id,))
    assert conn.execute("SELECT COUNT(*) FROM things").fetchone() == (0,)
