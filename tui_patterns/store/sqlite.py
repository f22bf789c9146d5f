"""What only SQLite has: opening, pragmas, transactions, what a connection remembers, and errors.

The rest of ``store/`` is portable SQL with named parameters over the connection
made here, but for full-text search (``fts.py``) and the file itself (``database_file.py``).
"""

from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from tui_patterns.store.conversions import CONVERSIONS
from tui_patterns.store.database_file import compact, single_file
from tui_patterns.store.errors import StoreError
from tui_patterns.store.fading import fade
from tui_patterns.store.migrate import migrate
from tui_patterns.store.packing import FUNCTIONS

T = TypeVar("T")
BUSY_TIMEOUT_MS = 10_000
# (page cache in KiB, prepared statements): a face keeps several connections open, each with its own; the
# system caches the file for all of them, and 8 MB each made the app 20 MB larger and no search quicker.
SMALL, LARGE = (500, 48), (8_000, 256)
WAL_RETRY_S = 0.01
# Of rows as long as code, half a page is lost at the end of each of SQLite's own 4,096 bytes.
PAGE = 8_192
_FULL = "the disk is full, {path} could not be written: free some space and try again"
_REFUSED = "{path} cannot be opened or written ({reason}): check its permissions, or give --data-dir"


class Connection(sqlite3.Connection):
    """A connection that remembers what it worked out, until anybody writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memory: dict[str, tuple[Any, Any]] = {}


def remembered(connection: sqlite3.Connection, name: str, work_out: Callable[[], T]) -> T:
    """What ``work_out`` gave when it last ran under this name, if nothing was written since."""
    if not isinstance(connection, Connection):
        return work_out()
    stamp = (data_version(connection), connection.total_changes)
    known = connection.memory.get(name)
    if known is None or known[0] != stamp:
        known = connection.memory[name] = (stamp, work_out())
    found: T = known[1]
    return found


def keep(connection: sqlite3.Connection, name: str, stamp: Hashable, value: object) -> None:
    """Hold on to ``value`` until ``kept`` finds another ``stamp``, or a transaction is taken back."""
    if isinstance(connection, Connection):
        connection.memory[name] = ((data_version(connection), stamp), value)


def kept(
    connection: sqlite3.Connection, name: str, stamp: Callable[[], Hashable], work_out: Callable[[], T]
) -> T:
    """What ``keep`` was last given, if only this connection has written since, or the stamp is the same."""
    known = connection.memory.get(name) if isinstance(connection, Connection) else None
    if known is None or (known[0][0] != data_version(connection) and known[0][1] != stamp()):
        return work_out()
    found: T = known[1]
    return found


def connect(
    path: Path,
    *,
    durable: bool = True,
    check_same_thread: bool = True,
    patience_ms: int = BUSY_TIMEOUT_MS,
) -> sqlite3.Connection:
    """Open the database at ``path``, creating and migrating it as needed.

    While another process writes, each operation waits up to ``patience_ms``.

    ``durable`` syncs every commit to disk (ratings, injections); bulk indexing,
    which can be repeated, does without. Raises StoreError with one clear line.
    """
    try:
        _make_folder(path.parent)
        connection = sqlite3.connect(
            path,
            isolation_level=None,
            check_same_thread=check_same_thread,
            cached_statements=(SMALL if durable else LARGE)[1],
            factory=Connection,
        )
        try:
            _prepare(connection, durable, patience_ms)
            if migrate(connection, path):
                _give_back(connection, patience_ms)
        except BaseException:
            connection.close()
            raise
    except (sqlite3.Error, OSError) as error:
        raise StoreError(explain(error, path, patience_ms)) from error
    return connection


def _give_back(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Give back to the disk what a migration freed, in pages of today's size, if nobody else is at work."""
    with suppress(sqlite3.OperationalError):  # used again by what comes
        single_file(connection)  # pages stay as they are while there is a log
        connection.execute(f"PRAGMA page_size = {PAGE}")
        compact(connection)
    _use_wal(connection, patience_ms)


def database_of(connection: sqlite3.Connection) -> Path:
    """The file that a connection is open on."""
    return Path(connection.execute("PRAGMA database_list").fetchone()["file"])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (FileExistsError, NotADirectoryError) as error:
        raise StoreError(f"{folder} is not a folder: --data-dir names the folder of the library") from error


def _prepare(connection: sqlite3.Connection, durable: bool, patience_ms: int) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {patience_ms}")
    connection.execute(f"PRAGMA page_size = {PAGE}")  # of a new database, until it holds anything
    _use_wal(connection, patience_ms)
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{(SMALL if durable else LARGE)[0]}")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = ON")  # triggers and a view call functions of store/packing
    connection.create_function("fade", 3, fade, deterministic=True)
    for name, (arguments, function) in (*FUNCTIONS.items(), *CONVERSIONS.items()):
        connection.create_function(name, arguments, function, deterministic=True)


def _use_wal(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Switch a new database over, whoever else does the same.

    The switch does not wait as other statements do: SQLite calls no busy handler
    where waiting could deadlock, so two first starts at once would end one of them.
    """
    give_up = time.monotonic() + patience_ms / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(WAL_RETRY_S)


def explain(error: Exception, path: Path, patience_ms: int = BUSY_TIMEOUT_MS) -> str:
    """One line for a person: what is wrong with the database and what to do."""
    if isinstance(error, OSError):  # by number: its text holds a path, which may hold any word
        return _explain_system(error, path)
    text = str(error)
    if "malformed" in text or "not a database" in text:
        return f"{path} is damaged: `patterns-tui restore` brings back the last backup"
    if "full" in text:
        return _FULL.format(path=path)
    if "locked" in text:
        return f"{path} stayed locked by another process for {patience_ms / 1000:g} s: try again"
    if "readonly" in text or "unable to open" in text:
        return _REFUSED.format(path=path, reason=text)
    return f"{path}: {text}"


def _explain_system(error: OSError, path: Path) -> str:
    reason = error.strerror or type(error).__name__
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _FULL.format(path=path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return _REFUSED.format(path=path, reason=reason)
    return f"{path}: {reason}"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: all of it on disk, or none of it.

    Takes the write lock at once (``BEGIN IMMEDIATE``), so that a reader that
    turns writer can never fail half-way with a stale snapshot.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")  # may fail too: the disk may be full only now
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        if isinstance(connection, Connection):
            connection.memory.clear()  # it may hold what was written and is gone
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Several queries over one state of the database, whatever is written meanwhile."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection has committed."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])
