"""Files from which something is forgotten: the library's own, and copies of it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tui_patterns.store import forgetting, fts
from tui_patterns.store.database_file import compact, overwriting, single_file
from tui_patterns.store.sqlite import connect, transaction

UNFINISHED = ".forgetting"
"""Ends the name of a copy while it is cleaned: no name that a backup could have."""
Step = Callable[[sqlite3.Connection], None]
"""Deletes from a database, inside one transaction; may be done again in a copy of it."""


def clean(conn: sqlite3.Connection, step: Step) -> bool:
    """Do ``step``, and leave nothing of it in the file; ``False`` if others read and its log stays."""
    with overwriting(conn):
        with transaction(conn):
            step(conn)
            forgetting.sweep(conn)
            fts.rebuild(conn)
        return compact(conn)


def clean_copy(path: Path, step: Step) -> None:
    """Clean a copy of the copy, and put it in its place: a crash leaves one or the other."""
    work = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        for suffix in ("", "-wal"):  # what was set aside while in use has a log of its own
            part = path.with_name(path.name + suffix)
            if part.exists():
                shutil.copyfile(part, work.with_name(work.name + suffix))
        with closing(connect(work)) as conn:
            clean(conn, step)
            single_file(conn)
        work.replace(path)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    finally:
        for left in path.parent.glob(f"{work.name}*"):
            left.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Delete a file, a link, or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
