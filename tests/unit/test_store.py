"""The store keeps what it is told: whole transactions, one rating a session, words and vectors in step."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary
from tui_patterns.embedding.stems import stem
from tui_patterns.engine.lock import IndexLock
from tui_patterns.models import Label
from tui_patterns.settings import Settings
from tui_patterns.store import changes, fts, patterns, ratings, requests, status, vectors
from tui_patterns.store import synced as synced_rows
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, explain, integrity, snapshot, transaction


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    yield made
    made.close()


# -- opening and transactions ---------------------------------------------------


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


# -- ratings ---------------------------------------------------------------------


def test_rating_again_in_a_session_replaces(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    row = stock.row("load")
    for rating in (5, 1, 4):
        ratings.save(stock.conn, row, "one", rating, task="t", note=f"n{rating}")
    ratings.save(stock.conn, row, "two", 2)
    found = stock.rows("SELECT session_id, rating, task, note FROM ratings ORDER BY session_id")
    assert [tuple(one) for one in found] == [("one", 4, "t", "n4"), ("two", 2, None, None)]
    assert ratings.in_session(stock.conn, row, "one") == 4
    ratings.remove(stock.conn, row, "one")
    assert ratings.in_session(stock.conn, row, "one") is None


def test_a_rating_without_task_or_note_keeps_those_said_before(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    ratings.save(stock.conn, stock.row("load"), "s", 5, "the task", "the note")
    ratings.save(stock.conn, stock.row("load"), "s", 3)
    (found,) = stock.rows("SELECT rating, task, note FROM ratings")
    assert tuple(found) == (3, "the task", "the note")


@settings(max_examples=15)
@given(rated=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), max_size=12))
def test_counts_are_those_of_the_last_rating_in_each_session(
    rated: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("rated") / "patterns.db")
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    last: dict[str, int] = {}
    news: int | None = None  # a session that says again what it said before says nothing new
    for session, rating in rated:
        library.rate(stock.id("load"), rating, session)
        news = rating if last.get(session) != rating else news
        last[session] = rating
    found = library.pattern(stock.id("load")).ratings
    assert found.usage_count == len(last)
    assert found.success_count == sum(rating >= 4 for rating in last.values())
    assert found.average == (pytest.approx(sum(last.values()) / len(last)) if last else None)
    assert found.last == news
    library.close()
    stock.close()


@pytest.mark.parametrize("rating", [0, 6, -1, True, 4.5, "5", None])
def test_only_whole_numbers_from_one_to_five_are_ratings(stock: Stock, rating: object) -> None:
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    with pytest.raises(LibraryError, match="whole number from 1 to 5"):
        library.rate(stock.id("load"), rating, "s")  # type: ignore[arg-type]
    assert stock.rows("SELECT * FROM ratings") == []


def test_a_rating_belongs_to_the_version_that_was_rated(stock: Stock) -> None:
    stock.put("app.py", unit("load", body="first"))
    ratings.save(stock.conn, stock.row("load"), "s", 5)
    stock.put("app.py", unit("load", body="second"))
    (found,) = stock.rows("SELECT r.version_id = p.version_id AS current FROM ratings r JOIN patterns p "
                          "ON p.id = r.pattern_id")  # fmt: skip
    assert found["current"] == 0


# -- words in step ---------------------------------------------------------------


def in_step(stock: Stock) -> bool:
    """Whether the full-text index holds just the words of ``search_docs``, by SQLite's own check."""
    stock.conn.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    docs = {row["pattern_id"] for row in stock.rows("SELECT pattern_id FROM search_docs")}
    return docs == {row["id"] for row in stock.rows("SELECT id FROM patterns WHERE gone IS NULL")}


def test_words_follow_a_pattern_through_its_life(stock: Stock) -> None:
    def found(word: str) -> list[str]:
        return [hit.id for hit in fts.match(stock.conn, f'"{stem(word)}"', 5)]

    stock.put("app.py", unit("load_orders", body="same", docstring="Reads them."))
    first = stock.id("load_orders")
    assert found("orders") == found("reads") == [first] and in_step(stock)
    stock.put("app.py", unit("fetch_orders", body="same", docstring="Gets them."))
    assert found("fetch") == found("gets") == [first]
    assert found("load") == found("reads") == [] and in_step(stock)
    stock.drop("app.py")
    assert found("fetch") == [] and in_step(stock)
    stock.put("back.py", unit("fetch_orders", "back.py", body="same"))
    assert found("fetch") == found("back") == [first] and in_step(stock)


FILES = st.dictionaries(
    st.sampled_from(["a.py", "b.py"]),
    st.none() | st.lists(st.sampled_from(["load", "save", "send"]), max_size=3, unique=True),
    min_size=1,
)


@settings(max_examples=15)
@given(steps=st.lists(FILES, min_size=1, max_size=5))
def test_words_are_in_step_after_any_edits(
    steps: list[dict[str, list[str] | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("steps") / "patterns.db")
    for step in steps:
        for path, names in step.items():
            if names is None:
                stock.drop(path)
            else:
                stock.put(path, *(unit(name, path, line=10 * n) for n, name in enumerate(names)))
    assert in_step(stock)
    stock.close()


# -- vectors in step -------------------------------------------------------------


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


# -- ids, history, places --------------------------------------------------------


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


def test_deleting_an_identity_never_reuses_what_chroma_knew_of_it(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    embed(stock)
    synced(stock)
    changes.remove_pattern(stock.conn, stock.row("load"))
    stock.conn.execute("DELETE FROM files")
    stock.put("app.py", unit("load"))
    assert synced(stock) == wanted(stock)


# -- between processes -------------------------------------------------------------


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


# -- backups -----------------------------------------------------------------------


def test_a_snapshot_is_whole_while_others_write(stock: Stock, tmp_path: Path) -> None:
    stock.put("app.py", unit("load"))
    with transaction(stock.conn):
        stock.conn.execute("INSERT INTO documents VALUES ('not yet', NULL)")
        reader = connect(stock.path)
        snapshot(reader, tmp_path / "copy.db")
        reader.close()
    copy = connect(tmp_path / "copy.db")
    assert patterns.count(copy) == 1 and integrity(copy) == "ok"
    assert copy.execute("SELECT * FROM documents WHERE doc_hash = 'not yet'").fetchall() == []
    copy.close()
    assert not list(tmp_path.glob("*.partial"))


def aged(stock: Stock) -> PatternLibrary:
    """A library of one rated pattern, backed up, and then gone on: rated again, and a second pattern."""
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    library.rate(stock.id("load"), 5, "s")
    embed(stock)
    synced(stock)
    library.backup()
    library.rate(stock.id("load"), 1, "s")
    stock.put("more.py", unit("save", "more.py"))
    stock.close()
    return library


def test_a_backup_brings_back_what_was(stock: Stock) -> None:
    library = aged(stock)
    seen, known = library.data_version(), library.search("load").hits[0].pattern.id
    assert library.count() == 2
    restored = library.restore()
    assert restored.parent == stock.path.parent / "backups"
    assert library.count() == 1 and library.pattern(known).ratings.last == 5
    assert library.search("load").hits and not library.search("save").hits
    (aside,) = stock.path.parent.glob("patterns.before-restore-*.db")
    assert patterns.count(connect(aside)) == 2
    # What watches for changes now watches the restored database.
    after = library.data_version()
    PatternLibrary(stock.path, settings=Settings()).rate(known, 3, "other")
    assert library.data_version() != after
    assert isinstance(seen, int)


def test_after_a_restore_chroma_is_filled_anew(stock: Stock) -> None:
    library = aged(stock)
    (stock.path.parent / "chroma").mkdir()
    library.restore()
    assert not (stock.path.parent / "chroma").exists()
    conn = connect(stock.path)
    assert len(synced_rows.to_sync(conn, "c", "fp", 9)) == 1
    conn.close()


def test_a_damaged_database_is_restored_and_kept_aside(stock: Stock) -> None:
    library = aged(stock)
    library.close()
    for part in stock.path.parent.glob("patterns.db-*"):
        part.unlink()
    stock.path.write_bytes(b"ruined" * 5000)
    with pytest.raises(StoreError, match="patterns-tui restore"):
        library.count()
    library.restore()
    assert library.count() == 1
    (aside,) = stock.path.parent.glob("patterns.before-restore-*.db")
    assert aside.read_bytes().startswith(b"ruined")


def test_no_restore_under_a_running_engine(stock: Stock) -> None:
    library = aged(stock)
    lock = IndexLock(stock.path.parent, "engine")
    assert lock.try_acquire()
    try:
        with pytest.raises(LibraryError, match="close it, then restore"):
            library.restore()
    finally:
        lock.release()
    assert library.count() == 2


@pytest.mark.parametrize("kind", ["missing", "text", "other", "itself", "newer"])
def test_what_is_no_backup_replaces_nothing(stock: Stock, tmp_path: Path, kind: str) -> None:
    library = aged(stock)
    source = tmp_path / "source.db"
    if kind == "text":
        source.write_text("not a database at all, " * 100)
    elif kind == "other":
        sqlite3.connect(source).execute("CREATE TABLE t (x)").connection.close()
    elif kind == "itself":
        source = stock.path
    elif kind == "newer":
        snapshot(connect(stock.path), source)
        sqlite3.connect(source).execute("PRAGMA user_version = 99").connection.close()
    with pytest.raises((LibraryError, StoreError)) as refused:
        library.restore(source)
    assert "\n" not in str(refused.value)
    assert library.count() == 2 and not [*tmp_path.glob("*before*"), *tmp_path.glob("*restoring*")]


def test_without_any_backup_the_line_says_so(stock: Stock) -> None:
    with pytest.raises(LibraryError, match="there is no backup in"):
        PatternLibrary(stock.path, settings=Settings()).restore()
