"""A library with twelve patterns, and what its ledger says of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tests.unit.stock import Stock, unit
from tui_patterns.learning import records
from tui_patterns.store import injections
from tui_patterns.store.folds import TABLES

NAMES = ("load", "save", "drop", "list", "open", "close", "send", "read", "sort", "parse", "find", "wait")


def stocked(path: Path) -> Stock:
    made = Stock(path)
    made.put("app.py", *(unit(name, line=20 * at) for at, name in enumerate(NAMES)))
    return made


def inject(stock: Stock, id: str, *names: str, session: str = "s") -> None:
    rows = [
        injections.InjectedRow(one.id, one.version, at, 0.5, 0.625, 0.1, 10, {"words": 1})
        for at, name in enumerate(names, 1)
        for one in records.load(stock.conn, [stock.row(name)])
    ]
    injections.record(stock.conn, injections.NewInjection(id, session, None, "manual", "hash", 10, 100), rows)


def dumped(conn: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(
            (tuple(row) for row in conn.execute(f"SELECT {', '.join(keys + columns)} FROM {table}")), key=repr
        )
        for table, (keys, columns) in TABLES.items()
    }


def state(stock: Stock, injection: str, name: str = "load") -> str:
    rows = injections.patterns_of(stock.conn, injection)
    return next(str(row["state"]) for row in rows if row["uuid"] == stock.id(name))


def believed(stock: Stock, name: str = "load") -> tuple[float, float]:
    found = records.load(stock.conn, [stock.row(name)])[0].confidence
    return round(found.mean, 9), found.n
