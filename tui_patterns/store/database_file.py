"""The database as one file: its size and soundness, copies of it, and what is deleted from it for good."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def overwriting(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """What is deleted inside is overwritten with zeros, and the log that still holds it is emptied after.

    While others read, the log cannot be emptied at once; SQLite does so when it can.
    """
    connection.execute("PRAGMA secure_delete = ON")
    try:
        yield connection
    finally:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA secure_delete = OFF")


def compact(connection: sqlite3.Connection) -> bool:
    """Write the whole file anew, without what was ever deleted from it, and empty the log.

    ``False`` if others read meanwhile, so that the log could not be emptied; SQLite does when it can.
    """
    connection.execute("PRAGMA temp_store = FILE")  # the copy would be held in memory
    try:
        connection.execute("VACUUM")
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy


def single_file(connection: sqlite3.Connection) -> None:
    """Let nothing but the file itself belong to the database, as in a backup."""
    connection.execute("PRAGMA journal_mode = DELETE")


def bytes_held(connection: sqlite3.Connection) -> int:
    """The size of the database, without its log."""
    pages, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size")
    )
    return pages * size


def integrity(connection: sqlite3.Connection) -> str:
    """``"ok"``, or the first thing that SQLite finds wrong."""
    return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])


def snapshot(connection: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy to ``target``, while others go on reading and writing."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy, pages=2_000)
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
    partial.replace(target)
