"""All that only SQLite has: opening, pragmas, transactions, snapshots, and errors.

The rest of ``store/`` is portable SQL with named parameters over the connection
made here; full-text search, SQLite's other own part, is in ``fts.py``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_patterns.store.errors import StoreError
from tui_patterns.store.migrate import migrate

BUSY_TIMEOUT_MS = 10_000


def connect(path: Path, *, durable: bool = True, check_same_thread: bool = True) -> sqlite3.Connection:
    """Open the database at ``path``, creating and migrating it as needed.

    ``durable`` syncs every commit to disk (ratings, injections); bulk indexing,
    which can be repeated, does without. Raises StoreError with one clear line.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=check_same_thread, cached_statements=256
        )
        _prepare(connection, durable)
        migrate(connection, path)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(explain(error, path)) from error
    return connection


def _prepare(connection: sqlite3.Connection, durable: bool) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -8000")
    connection.execute("PRAGMA temp_store = MEMORY")


def explain(error: Exception, path: Path) -> str:
    """One line for a person: what is wrong with the database and what to do."""
    text = str(error)
    if "malformed" in text or "not a database" in text:
        return f"{path} is damaged: `patterns-tui restore` brings back the last backup"
    if "full" in text or getattr(error, "errno", None) == 28:
        return f"the disk is full, {path} could not be written: free some space and try again"
    if "locked" in text:
        return f"{path} stayed locked by another process for {BUSY_TIMEOUT_MS // 1000} s: try again"
    if "readonly" in text or "unable to open" in text or isinstance(error, PermissionError):
        return f"{path} cannot be opened or written ({text}): check its permissions, or give --data-dir"
    return f"{path}: {text}"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: all of it on disk, or none of it.

    Takes the write lock at once (``BEGIN IMMEDIATE``), so that a reader that
    turns writer can never fail half-way with a stale snapshot.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


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
