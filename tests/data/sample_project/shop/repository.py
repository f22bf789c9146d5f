"""Orders in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from shop.pricing import Line


class OrderNotFound(LookupError):
    """No order has this id."""


class OrderRepository:
    """Stores orders; each change is one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cache: dict[int, list[Line]] = {}

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Cursor]:
        """A cursor whose changes are kept together, or not at all."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except Exception:
            self._connection.rollback()
            raise
        else:
            self._connection.commit()
        finally:
            cursor.close()

    def save(self, lines: list[Line]) -> int:
        """Store an order and return its id."""
        if not lines:
            raise ValueError("an order needs at least one line")
        with self.transaction() as cursor:
            cursor.execute("insert into orders default values")
            order_id = cursor.lastrowid or 0
            rows = [(order_id, line.name, line.unit_cents, line.quantity) for line in lines]
            cursor.executemany("insert into lines values (?, ?, ?, ?)", rows)
        self._cache[order_id] = list(lines)
        return order_id

    def load(self, order_id: int) -> list[Line]:
        """The lines of an order, from the cache when it is there."""
        if order_id in self._cache:
            return self._cache[order_id]
        with self.transaction() as cursor:
            rows = cursor.execute("select name, cents, quantity from lines where id = ?", (order_id,)).fetchall()
        if not rows:
            raise OrderNotFound(f"order {order_id} does not exist")
        self._cache[order_id] = [Line(*row) for row in rows]
        return self._cache[order_id]
