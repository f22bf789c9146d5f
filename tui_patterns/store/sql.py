"""Small helpers that every aggregate's SQL needs: lists, JSON, and the clock."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")
CHUNK = 400  # well below the 999 parameters that older SQLite builds allow


def named_list(name: str, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """``(":id0, :id1", {"id0": …, "id1": …})`` for an ``IN (…)`` over ``values``."""
    return ", ".join(f":{name}{i}" for i in range(len(values))), {
        f"{name}{i}": v for i, v in enumerate(values)
    }


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """``values`` in lists of at most ``size``."""
    iterator = iter(values)
    while part := list(islice(iterator, size)):
        yield part


def rows_in(conn: sqlite3.Connection, query: str, ids: Iterable[Any], **values: Any) -> Iterator[sqlite3.Row]:
    """The rows of ``query`` for any number of ``ids``, its ``IN (:ids)``; ``values`` fill the rest of it.

    It is asked once for every CHUNK of them, so an order that it gives holds within these. No statement
    stays open between two rows: whoever takes them may write meanwhile.
    """
    for part in chunks(ids):
        names, listed = named_list("ids", part)
        yield from conn.execute(query.replace(":ids", names), {**values, **listed}).fetchall()


def dump(value: Any) -> str:
    """Compact JSON, sorted, so that equal values are equal text."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)


def load(text: str) -> Any:
    """What ``dump`` wrote."""
    return json.loads(text)


def now() -> float:
    """The wall clock in Unix seconds; one place, so that tests can freeze it."""
    return time.time()
