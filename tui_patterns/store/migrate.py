"""Numbered migrations: ``PRAGMA user_version`` names the last one that ran."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from tui_patterns.store.errors import StoreError

_NUMBER = re.compile(r"^(\d{4})_\w+\.sql$")


@cache
def migrations() -> tuple[tuple[int, str], ...]:
    """The shipped migrations as (number, SQL), in order."""
    folder = files("tui_patterns.store").joinpath("migrations")
    found = ((_NUMBER.match(entry.name), entry) for entry in folder.iterdir())
    return tuple(sorted((int(match[1]), entry.read_text("utf-8")) for match, entry in found if match))


def migrate(connection: sqlite3.Connection, path: Path) -> bool:
    """Bring the database to the newest schema, one transaction a step; whether it held data before.

    A database that holds data is copied aside first. Raises StoreError when a
    newer program wrote it.
    """
    newest = migrations()[-1][0]
    version = _version(connection)
    if version > newest:
        raise StoreError(
            f"{path} was written by a newer patterns-tui (schema {version}, this one knows {newest}): "
            "upgrade patterns-tui, or give another --data-dir"
        )
    if 0 < version < newest:
        _copy_aside(connection, path, version)
    for number, script in migrations():
        if number > version:
            _apply(connection, number, script)
    return 0 < version < newest


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < number:  # another process may have been first
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script, so that they can run in one transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


def _copy_aside(connection: sqlite3.Connection, path: Path, version: int) -> None:
    target = path.with_name(f"{path.stem}.schema-{version}.db")
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
