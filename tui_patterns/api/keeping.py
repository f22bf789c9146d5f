"""Backups: a consistent copy while everybody goes on working, and the way back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tui_patterns.api.connections import Connections, LibraryError
from tui_patterns.store.database_file import integrity, snapshot
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, explain
from tui_patterns.store.synced import forget_other_collections

FOLDER = "backups"


def backup(connections: Connections, target: Path | None) -> Path:
    """Copy the database to ``target``, checked before it is called a backup.

    Only another backup is ever written over. Raises LibraryError.
    """
    chosen = target or connections.path.parent / FOLDER / time.strftime("patterns-%Y%m%d-%H%M%S.db")
    try:
        _require_replaceable(chosen, connections.path)
        chosen.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with connections.lend() as conn:
            snapshot(conn, chosen)
        _check(chosen)
    except OSError as error:
        raise LibraryError(f"no backup could be written to {chosen}: {error.strerror or error}") from error
    return chosen


def _require_replaceable(target: Path, database: Path) -> None:
    if not target.is_file():
        return
    if database.exists() and target.samefile(database):
        raise LibraryError(f"{target} is the database itself: name another file for its backup")
    try:
        _check(target)
    except LibraryError as error:
        raise LibraryError(f"{target} is there and is no backup: name another file") from error


def restore(connections: Connections, source: Path | None) -> Path:
    """Make ``source``, by default the newest backup, the database again.

    The present database is set aside beside it, whatever state it is in; if the
    backup cannot be copied, it stays in its place.
    """
    from tui_patterns.engine.lock import IndexLock

    path = connections.path
    chosen = source or _newest(path.parent / FOLDER)
    _check(chosen)
    if path.exists() and chosen.samefile(path):
        raise LibraryError(f"{chosen} is the database itself: name a backup of it")
    lock = IndexLock(path.parent, "restore")
    if not lock.try_acquire():
        raise LibraryError("patterns-tui is running on this library: close it, then restore")
    try:
        fresh = _copy(chosen, path.with_name(path.name + ".restoring"))
        connections.close()
        _set_aside(path)
        fresh.replace(path)
        shutil.rmtree(path.parent / "chroma", ignore_errors=True)  # it went on since; made again from here
    except OSError as error:
        raise StoreError(explain(error, path)) from error
    finally:
        lock.release()
    return chosen


def _newest(folder: Path) -> Path:
    found = sorted(folder.glob("patterns-*.db"))
    if not found:
        raise LibraryError(f"there is no backup in {folder}: name one, or start anew with another --data-dir")
    return found[-1]


def _check(path: Path) -> None:
    """Raise LibraryError unless ``path`` is a whole database of ours."""
    if not path.is_file():
        raise LibraryError(f"{path} is not there")
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(conn):
            conn.execute("SELECT COUNT(*) FROM patterns")
            state = integrity(conn)
    except sqlite3.Error as error:
        raise LibraryError(f"{path} is not a backup that can be used: {error}") from error
    if state != "ok":
        raise LibraryError(f"{path} is damaged: {state}")


def _set_aside(path: Path) -> None:
    aside = path.with_name(f"{path.stem}.before-restore-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))


def _copy(source: Path, target: Path) -> Path:
    """``source`` in this program's schema, with nothing noted as held by Chroma."""
    conn = sqlite3.connect(source)
    try:
        snapshot(conn, target)
        with closing(connect(target)) as ours:
            forget_other_collections(ours, "")
    except StoreError:
        target.unlink(missing_ok=True)
        raise
    except (sqlite3.Error, OSError) as error:
        raise StoreError(explain(error, target)) from error
    finally:
        conn.close()
    return target
