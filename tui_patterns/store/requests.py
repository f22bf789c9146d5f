"""Index requests: work asked of whichever process holds the index lock."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.sql import dump, load, now


@dataclass(frozen=True, slots=True)
class IndexRequest:
    """One request; ``report`` is there when it is finished."""

    id: int
    root: str
    options: dict[str, Any]
    started: float | None
    finished: float | None
    progress: dict[str, Any]
    report: dict[str, Any] | None
    error: str | None


def ask(conn: sqlite3.Connection, root: str, options: dict[str, Any]) -> int:
    """Ask for ``root`` to be indexed, and return the request's id."""
    row = conn.execute(
        "INSERT INTO index_requests (root, options, created) VALUES (:root, :options, :now) RETURNING id",
        {"root": root, "options": dump(options), "now": now()},
    ).fetchone()
    return int(row["id"])


def take(conn: sqlite3.Connection) -> IndexRequest | None:
    """The oldest request that nobody works on, now marked as started."""
    row = conn.execute(
        """
        UPDATE index_requests SET started = :now WHERE id = (
            SELECT MIN(id) FROM index_requests WHERE finished IS NULL AND started IS NULL
        ) RETURNING *
        """,
        {"now": now()},
    ).fetchone()
    return _request(row) if row else None


def release_orphans(conn: sqlite3.Connection) -> None:
    """A new holder of the lock starts over what its predecessor left unfinished."""
    conn.execute("UPDATE index_requests SET started = NULL WHERE finished IS NULL")


def progress(conn: sqlite3.Connection, request_id: int, value: dict[str, Any]) -> None:
    """Say how far a request is."""
    conn.execute(
        "UPDATE index_requests SET progress = :value WHERE id = :id", {"value": dump(value), "id": request_id}
    )


def finish(
    conn: sqlite3.Connection, request_id: int, report: dict[str, Any] | None, error: str | None
) -> None:
    """Answer a request."""
    conn.execute(
        "UPDATE index_requests SET finished = :now, report = :report, error = :error WHERE id = :id",
        {"now": now(), "report": None if report is None else dump(report), "error": error, "id": request_id},
    )


def one(conn: sqlite3.Connection, request_id: int) -> IndexRequest | None:
    """The request with this id."""
    row = conn.execute("SELECT * FROM index_requests WHERE id = :id", {"id": request_id}).fetchone()
    return _request(row) if row else None


def withdraw(conn: sqlite3.Connection, request_id: int) -> None:
    """Take back a request that nobody is left to answer."""
    conn.execute("DELETE FROM index_requests WHERE id = :id", {"id": request_id})


def _request(row: sqlite3.Row) -> IndexRequest:
    return IndexRequest(
        id=row["id"],
        root=row["root"],
        options=load(row["options"]),
        started=row["started"],
        finished=row["finished"],
        progress=load(row["progress"]),
        report=load(row["report"]) if row["report"] else None,
        error=row["error"],
    )
