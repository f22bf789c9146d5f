"""Reading what the ledger knows of fixes, and of tries at errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.store.patterns import Trial
from tui_patterns.store.sql import load, rows_in

MOST = 2_000  # fixes that a search by words looks at, the newest


@dataclass(frozen=True, slots=True)
class FixRow:
    """A stored fix; ``found`` is when it first turned red to green."""

    id: str
    shape: str
    signature: str
    error_class: str
    error_type: str
    message: str
    frame: str | None
    strategy: str
    diff: str
    paths: tuple[str, ...]
    project: str | None
    session: str | None
    found: float


def by_shape(conn: sqlite3.Connection, shapes: Iterable[str]) -> list[FixRow]:
    """Fixes of errors that are these, wherever they happened; the newest first."""
    rows = rows_in(
        conn, "SELECT * FROM fixes WHERE shape IN (:ids) ORDER BY found DESC, id", sorted(set(shapes))
    )
    return list(map(_row, rows))


def newest(conn: sqlite3.Connection, limit: int = MOST) -> list[FixRow]:
    """Fixes, the newest first."""
    rows = conn.execute("SELECT * FROM fixes ORDER BY found DESC, id LIMIT :limit", {"limit": limit})
    return list(map(_row, rows))


def by_prefix(conn: sqlite3.Connection, prefix: str) -> list[FixRow]:
    """Fixes whose id begins so, at most two."""
    rows = conn.execute(
        "SELECT * FROM fixes WHERE SUBSTR(id, 1, :size) = :prefix ORDER BY id LIMIT 2",
        {"prefix": prefix, "size": len(prefix)},
    )
    return list(map(_row, rows))


def _row(row: sqlite3.Row) -> FixRow:
    return FixRow(
        row["id"], row["shape"], row["signature"], row["error_class"], row["error_type"], row["message"],
        row["frame"], row["strategy"], row["diff"], tuple(load(row["paths"])), row["project"],
        row["session_id"], row["found"],
    )  # fmt: skip


def trials(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[Trial]]:
    """How these fixes did, by id, oldest first."""
    found: dict[str, list[Trial]] = {id: [] for id in ids}
    rows = rows_in(
        conn,
        "SELECT fix_id, at, success, weight, project FROM fix_trials WHERE fix_id IN (:ids) "
        "ORDER BY at, subject",
        ids,
    )
    for row in rows:
        found[row["fix_id"]].append(Trial(row["at"], bool(row["success"]), row["weight"], row["project"]))
    return found


def strategy_trials(conn: sqlite3.Connection, error_class: str) -> list[tuple[str, str, Trial]]:
    """(strategy, shape of the error, trial) of every try at errors of a class."""
    rows = conn.execute(
        "SELECT strategy, shape, at, success, weight, project FROM fix_trials "
        "WHERE error_class = :name ORDER BY at, subject",
        {"name": error_class},
    )
    return [
        (
            row["strategy"],
            row["shape"],
            Trial(row["at"], bool(row["success"]), row["weight"], row["project"]),
        )
        for row in rows
    ]


def told(conn: sqlite3.Connection, at: float, tail: str) -> bool:
    """Whether a fix's event of that moment has a key that ends so: the same change, of whichever fix."""
    rows = conn.execute("SELECT key FROM events WHERE kind = 'fix' AND at = :at", {"at": at})
    return any(row["key"].endswith(f":{tail}") for row in rows)


def last_success(conn: sqlite3.Connection, fix: str, since: float) -> bool | None:
    """How a fix did the first time after ``since``; ``None`` if it was not tried."""
    row = conn.execute(
        "SELECT success FROM fix_trials WHERE fix_id = :fix AND at > :since ORDER BY at LIMIT 1",
        {"fix": fix, "since": since},
    ).fetchone()
    return None if row is None else bool(row["success"])
