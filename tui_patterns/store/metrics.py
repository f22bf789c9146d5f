"""What the figures of the metrics are counted from, over the whole library and since a time.

Times are Unix seconds. Histories come as counts by *bucket*: the whole number of ``width`` seconds
since ``start``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from tui_patterns.store.database_file import bytes_held

_ONCE = "p.lead_id IS NULL AND p.withheld IS NULL"  # near-copies count as one
Buckets = dict[int, int]


class Used(NamedTuple):
    """A use of which it is known how it went, with the weight of the word that decided."""

    at: float
    success: bool
    weight: float


class Size(NamedTuple):
    """What the library holds now; ``bytes`` is the size of its database."""

    patterns: int
    versions: int
    files: int
    projects: int
    bytes: int


class Examined(NamedTuple):
    """Files that were looked at for anti-patterns as they are now, of all that can be."""

    files: int
    of: int


def beginning(conn: sqlite3.Connection) -> float | None:
    """When the first pattern was seen or the first event happened; ``None`` in an empty library."""
    row = conn.execute(
        """
        SELECT MIN(at) FROM (
            SELECT MIN(created) AS at FROM patterns UNION ALL SELECT MIN(at) AS at FROM events) AS moments
        """
    ).fetchone()
    return None if row[0] is None else float(row[0])


def size(conn: sqlite3.Connection) -> Size:
    """How large the library is now."""
    patterns, versions, files, projects = (
        int(conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])
        for table in (f"patterns p WHERE p.gone IS NULL AND {_ONCE}", "versions", "files", "projects")
    )
    return Size(patterns, versions, files, projects, bytes_held(conn))


def identified(conn: sqlite3.Connection, start: float, width: float) -> Buckets:
    """Patterns by when they were first seen, also those that are gone; what came before in bucket −1."""
    return _buckets(conn, "created", "", start, width)


def gone(conn: sqlite3.Connection, start: float, width: float) -> Buckets:
    """Patterns that are gone, by when they went."""
    return _buckets(conn, "gone", "AND p.gone IS NOT NULL", start, width)


def _buckets(conn: sqlite3.Connection, column: str, where: str, start: float, width: float) -> Buckets:
    rows = conn.execute(
        f"""
        SELECT CASE WHEN p.{column} < :start THEN -1 ELSE CAST((p.{column} - :start) / :width AS INTEGER) END
            AS bucket, COUNT(*) AS n
        FROM patterns p WHERE {_ONCE} {where} GROUP BY bucket
        """,
        {"start": start, "width": width},
    )
    return {row["bucket"]: row["n"] for row in rows}


def used(conn: sqlite3.Connection, since: float) -> list[Used]:
    """How uses went, ratings among them, oldest first."""
    rows = conn.execute(
        "SELECT at, success, weight FROM trials WHERE at >= :since ORDER BY at, subject", {"since": since}
    )
    return [Used(row["at"], bool(row["success"]), row["weight"]) for row in rows]


def shown(conn: sqlite3.Connection, since: float, expiry: float) -> list[tuple[float, str]]:
    """(time, state) of each pattern that was put into a prompt, oldest first.

    What was injected before ``expiry`` and is still open is ``unknown``.
    """
    rows = conn.execute(
        """
        SELECT i.created, CASE WHEN x.state = 'open' AND i.created < :expiry THEN 'unknown' ELSE x.state END
            AS state
        FROM injections i JOIN injection_patterns x ON x.injection_id = i.id
        WHERE i.created >= :since ORDER BY i.created, i.id, x.position
        """,
        {"since": since, "expiry": expiry},
    )
    return [(row["created"], row["state"]) for row in rows]


def injections(conn: sqlite3.Connection, since: float, expiry: float) -> list[tuple[float, bool]]:
    """(time, whether a pattern of it is open) of each injection that put anything in, oldest first."""
    rows = conn.execute(
        """
        SELECT i.created, MAX(x.state = 'open') AS open
        FROM injections i JOIN injection_patterns x ON x.injection_id = i.id
        WHERE i.created >= :since GROUP BY i.id, i.created ORDER BY i.created, i.id
        """,
        {"since": since},
    )
    return [(row["created"], bool(row["open"]) and row["created"] >= expiry) for row in rows]


def transcribed(conn: sqlite3.Connection) -> list[tuple[str, float, tuple[object, ...]]]:
    """(session, when it ended, what changes when more of it is read) of sessions with a transcript."""
    rows: Sequence[sqlite3.Row] = conn.execute(
        """
        SELECT s.id, COALESCE(s.ended, s.started) AS ended, COUNT(*) AS files, SUM(t.position) AS position,
            MAX(t.imported) AS imported
        FROM sessions s JOIN transcripts t ON t.session_id = s.id
        GROUP BY s.id, s.ended, s.started ORDER BY ended, s.id
        """
    ).fetchall()
    return [
        (row["id"], row["ended"], (row["ended"], row["files"], row["position"], row["imported"]))
        for row in rows
    ]


def examined(conn: sqlite3.Connection) -> Examined:
    """How much of the code was looked at for anti-patterns."""
    row = conn.execute(
        """
        SELECT COUNT(x.file_id) AS files, COUNT(*) AS of FROM files f
        LEFT JOIN examined x ON x.file_id = f.id AND x.content_hash = f.content_hash
        WHERE f.error IS NULL AND f.lines > 0
        """
    ).fetchone()
    return Examined(row["files"], row["of"])
