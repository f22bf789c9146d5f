"""Backups are whole, and restoring one replaces nothing that it should not."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.unit.chroma_copy import embed, synced
from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary
from tui_patterns.api.forgetting_files import clean_copy
from tui_patterns.engine.lock import IndexLock
from tui_patterns.settings import Settings
from tui_patterns.store import patterns
from tui_patterns.store import synced as synced_rows
from tui_patterns.store.database_file import integrity, snapshot
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, transaction


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


def test_a_copy_that_is_being_cleaned_is_no_backup(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    backup = PatternLibrary(stock.path, settings=Settings()).backup()
    seen: list[Path] = []
    clean_copy(backup, lambda conn: seen.extend(backup.parent.glob("*.db")))
    assert seen == [backup], "restore would choose the last by name, and a kill may come now"
    assert list(backup.parent.iterdir()) == [backup]
