"""The derived tables, brought to what a fold says they hold; rows that hold it already are not touched."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tui_patterns.store.folds import TABLES
from tui_patterns.store.use_folds import Key, Rows


def sync(
    conn: sqlite3.Connection, table: str, expected: Rows, where: str = "1", values: Mapping[str, Any] = {}
) -> Counter[str]:
    """Let the rows of ``table`` that ``where`` selects be ``expected``; what was added, changed, removed."""
    keys, columns = TABLES[table]
    found = {
        tuple(row[: len(keys)]): tuple(row[len(keys) :])
        for row in conn.execute(f"SELECT {', '.join((*keys, *columns))} FROM {table} WHERE {where}", values)
    }
    removed = [key for key in found if key not in expected]
    changed = [key for key in expected if key in found and found[key] != expected[key]]
    added = [key for key in expected if key not in found]
    if removed:
        _delete(conn, table, removed)
    if changed:
        _update(conn, table, {key: expected[key] for key in changed})
    if added:
        _insert(conn, table, {key: expected[key] for key in added})
    counts = Counter(added=len(added), changed=len(changed), removed=len(removed))
    return +counts


def _delete(conn: sqlite3.Connection, table: str, keys: list[Key]) -> None:
    names = TABLES[table][0]
    which = " AND ".join(f"{name} = :{name}" for name in names)
    conn.executemany(
        f"DELETE FROM {table} WHERE {which}", [dict(zip(names, key, strict=True)) for key in keys]
    )


def _update(conn: sqlite3.Connection, table: str, rows: Rows) -> None:
    names, columns = TABLES[table]
    which = " AND ".join(f"{name} = :{name}" for name in names)
    put = ", ".join(f"{name} = :{name}" for name in columns)
    conn.executemany(f"UPDATE {table} SET {put} WHERE {which}", _named(table, rows))


def _insert(conn: sqlite3.Connection, table: str, rows: Rows) -> None:
    names = [*TABLES[table][0], *TABLES[table][1]]
    places = ", ".join(f":{name}" for name in names)
    conn.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", _named(table, rows))


def _named(table: str, rows: Rows) -> list[dict[str, Any]]:
    names = (*TABLES[table][0], *TABLES[table][1])
    return [dict(zip(names, (*key, *values), strict=True)) for key, values in rows.items()]
