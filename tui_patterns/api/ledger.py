"""What was injected, and what came of it."""

from __future__ import annotations

import sqlite3

from tui_patterns.api.connections import Connections, LibraryError
from tui_patterns.learning import recording, records
from tui_patterns.models import InjectedPattern, Injection, Interval
from tui_patterns.store import injections as store
from tui_patterns.store import patterns
from tui_patterns.store.sql import load
from tui_patterns.store.sqlite import transaction


def injections(connections: Connections, open_only: bool, limit: int, strength: float) -> list[Injection]:
    """Injections, newest first."""
    with connections.lend() as conn:
        return [
            _injection(conn, row, strength) for row in store.listed(conn, open_only=open_only, limit=limit)
        ]


def outcome(
    connections: Connections, injection_id: str, pattern_id: str, success: bool, strength: float
) -> Injection:
    """Write an explicit outcome of one injected pattern. Raises LibraryError for unknown ids."""
    with connections.lend() as conn:
        row = store.one(conn, injection_id)
        if row is None:
            raise LibraryError(
                f"no injection has the id {injection_id!r}: `patterns-tui injections` lists them"
            )
        matching = [
            one for one in store.patterns_of(conn, injection_id) if one["uuid"].startswith(pattern_id.lower())
        ]
        if len(matching) != 1:
            raise LibraryError(
                f"injection {injection_id} holds {len(matching) or 'no'} patterns with the id {pattern_id!r}"
            )
        with transaction(conn):
            recording.record_outcome(conn, injection_id, matching[0]["uuid"], success)
        return _injection(conn, row, strength)


def _injection(conn: sqlite3.Connection, row: sqlite3.Row, strength: float) -> Injection:
    rows = store.patterns_of(conn, row["id"])
    believed = _confidences(conn, [one["uuid"] for one in rows], strength)
    return Injection(
        id=row["id"],
        session=row["session_id"],
        created=row["created"],
        task=row["task"],
        arm=row["arm"],
        tokens=row["tokens"],
        patterns=tuple(_injected(one, believed[one["uuid"]]) for one in rows),
    )


def _confidences(conn: sqlite3.Connection, uuids: list[str], strength: float) -> dict[str, Interval]:
    row_ids = patterns.row_ids(conn, uuids)
    return {one.id: one.confidence for one in records.load(conn, list(row_ids.values()), strength)}


def _injected(row: sqlite3.Row, confidence: Interval) -> InjectedPattern:
    return InjectedPattern(
        id=row["uuid"],
        version=row["version_id"],
        name=row["name"],
        rank=row["position"],
        state=row["state"],
        outcome=None if row["success"] is None else ("success" if row["success"] else "failure"),
        similarity=row["similarity"],
        evidence=tuple(load(row["evidence"])),
        confidence=confidence,
    )
