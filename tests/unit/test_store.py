"""The store keeps what it is told: whole transactions, faults in one line, several at work at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary
from tui_patterns.models import Label
from tui_patterns.settings import Settings
from tui_patterns.store import fts, patterns, ratings, requests, status
from tui_patterns.store.database_file import integrity
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, explain, transaction


def test_foreign_keys_hold(stock: Stock) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        stock.conn.execute("INSERT INTO sites (pattern_id, version_id, file_id, qualname, line, end_line) "
                           "VALUES (1, 1, 1, 'f', 1, 2)")  # fmt: skip


def test_a_project_that_goes_takes_all_of_its_own_with_it(stock: Stock) -> None:
    stock.put("app.py", unit("load", labels=[Label("retry", 0.9, (1,))]))
    ratings.save(stock.conn, stock.row("load"), "s", 5)
    stock.conn.execute("DELETE FROM projects")
    for table in ("patterns", "versions", "sites", "labels", "files", "search_docs", "ratings"):
        assert stock.rows(f"SELECT * FROM {table}") == [], table
    assert fts.match(stock.conn, '"load"', 5) == []


def test_every_reference_is_whole_after_edits(stock: Stock) -> None:
    stock.put("app.py", unit("load", body="a"), unit("save", body="b", line=20))
    stock.put("copy.py", unit("load", "copy.py", body="a"))
    stock.put("app.py", unit("load", body="c"))
    stock.drop("copy.py")
    assert stock.rows("PRAGMA foreign_key_check") == []
    assert integrity(stock.conn) == "ok"


def test_a_transaction_is_all_or_nothing(stock: Stock) -> None:
    with pytest.raises(RuntimeError, match="half-way"), transaction(stock.conn):
        stock.conn.execute("INSERT INTO documents VALUES ('a', NULL)")
        raise RuntimeError("half-way")
    assert stock.rows("SELECT * FROM documents") == []


def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path: Path) -> None:
    class FullAtCommit(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql == "COMMIT":
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *values)  # type: ignore[arg-type]

    conn = sqlite3.connect(tmp_path / "any.db", isolation_level=None, factory=FullAtCommit)
    conn.execute("CREATE TABLE t (x)")
    with pytest.raises(sqlite3.OperationalError, match="full"), transaction(conn):
        conn.execute("INSERT INTO t VALUES (1)")
    assert not conn.in_transaction
    assert conn.execute("SELECT * FROM t").fetchall() == []


def test_a_damaged_database_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "patterns.db"
    path.write_bytes(b"This is no database, and was never one.\n" * 200)
    with pytest.raises(StoreError) as damaged:
        connect(path)
    assert str(damaged.value) == f"{path} is damaged: `patterns-tui restore` brings back the last backup"


def test_a_page_that_rotted_is_explained_when_it_is_met(stock: Stock, tmp_path: Path) -> None:
    stock.put("app.py", *(unit(f"name_{n}", line=10 * n, docstring="word " * 200) for n in range(60)))
    stock.close()
    data = bytearray(stock.path.read_bytes())
    data[8192:] = b"\xa5" * len(data[8192:])
    stock.path.write_bytes(bytes(data))
    library = PatternLibrary(stock.path, settings=Settings())
    with pytest.raises(StoreError, match="is damaged: `patterns-tui restore`"):
        library.search("name")
        library.recent()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (sqlite3.OperationalError("database or disk is full"), "the disk is full"),
        (OSError(28, "No space left on device"), "the disk is full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "check its permissions"),
        (sqlite3.OperationalError("unable to open database file"), "check its permissions"),
        (PermissionError(13, "Permission denied", "/full/locked"), "check its permissions"),
        (sqlite3.OperationalError("database is locked"), "locked by another process"),
        (sqlite3.DatabaseError("file is not a database"), "patterns-tui restore"),
        (NotADirectoryError(20, "Not a directory", "/a/full/b"), "Not a directory"),
    ],
)
def test_each_fault_has_its_own_line(error: Exception, said: str) -> None:
    line = explain(error, Path("/data/patterns.db"))
    assert said in line and "\n" not in line and "/data/patterns.db" in line


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match="is not a folder: --data-dir"):
            connect(folder / "patterns.db")


def test_ids_are_found_by_their_beginning(stock: Stock) -> None:
    stock.put("app.py", unit("load"), unit("save", line=20))
    library = PatternLibrary(stock.path, settings=Settings())
    known = stock.id("load")
    assert library.pattern(known[:8]).id == library.pattern(f" {known.upper()} ").id == known
    for wrong, said in ((known[:3], "too short"), ("zzzz", "no pattern"), ("", "too short")):
        with pytest.raises(LibraryError, match=said):
            library.pattern(wrong)
    stock.conn.execute("UPDATE patterns SET uuid = 'abcd-' || id")
    with pytest.raises(LibraryError, match="several"):
        library.pattern("abcd")


def test_labels_point_at_lines_wherever_the_unit_stands(stock: Stock) -> None:
    retry = Label("retry", 0.8, (12, 13), "A loop around a try.")
    stock.put("app.py", unit("load", line=10, labels=[retry, Label("x", 0.9)]))
    stock.put("app.py", unit("load", line=30, labels=[replace(retry, evidence=(32, 33)), Label("x", 0.9)]))
    (found,) = patterns.fetch(stock.conn, [stock.row("load")])
    assert found.labels == [Label("x", 0.9), replace(retry, evidence=(32, 33))]


def test_a_request_is_taken_once_and_answered(stock: Stock) -> None:
    first, second = (requests.ask(stock.conn, root, {}) for root in ("/a", "/b"))
    assert (taken := requests.take(stock.conn)) is not None and (taken.id, taken.root) == (first, "/a")
    assert (later := requests.take(stock.conn)) is not None and later.id == second
    assert requests.take(stock.conn) is None
    requests.progress(stock.conn, first, {"done": 3, "total": 7})
    requests.finish(stock.conn, first, {"files": 7}, None)
    done = requests.one(stock.conn, first)
    assert done is not None and (done.progress, done.report) == ({"done": 3, "total": 7}, {"files": 7})
    requests.release_orphans(stock.conn)
    assert (again := requests.take(stock.conn)) is not None and again.id == second


def test_status_is_the_last_one_said(stock: Stock) -> None:
    assert status.said(stock.conn, "engine") is None
    for number in (1, 2):
        status.say(stock.conn, "engine", {"queue": number})
    found = status.said(stock.conn, "engine")
    assert found is not None and found[0] == {"queue": 2}


def test_data_version_moves_when_another_process_writes(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    seen = library.data_version()
    assert library.data_version() == seen
    code = "import sys; from tui_patterns.api import PatternLibrary; "
    code += "PatternLibrary(sys.argv[1]).rate(sys.argv[2], 5, 's')"
    subprocess.run([sys.executable, "-c", code, str(stock.path), stock.id("load")], check=True, timeout=180)
    assert library.data_version() != seen
    assert library.pattern(stock.id("load")).ratings.last == 5


def test_many_threads_share_a_library(stock: Stock) -> None:
    stock.put("app.py", *(unit(f"load_{n}", line=10 * n) for n in range(20)))
    library = PatternLibrary(stock.path, settings=Settings())
    ids = [stock.id(f"load_{n}") for n in range(4)]
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(3):
                library.rate(ids[number], 1 + turn % 5, f"s{turn}")
                assert library.search(f"load {number}").hits
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=180)
    assert failed == []
    assert stock.rows("SELECT COUNT(*) AS n FROM ratings")[0]["n"] == 12
