"""What was injected, and what came of it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.learning import guarding, recording, retirement
from tui_patterns.models import InjectedPattern, Injection, Interval, UseState
from tui_patterns.store import injections as store
from tui_patterns.store import patterns
from tui_patterns.store.fading import DAY_S
from tui_patterns.store.sql import load, now
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary


def injections(library: PatternLibrary, open_only: bool, limit: int) -> list[Injection]:
    """Injections, newest first."""
    with library.connections.lend() as conn:
        since = _expiry(library)
        rows = store.listed(conn, open_only=open_only, limit=limit, since=since)
        return [_injection(conn, row, library, since) for row in rows]


def outcome(
    library: PatternLibrary, injection_id: str, pattern_id: str, success: bool, error: str | None = None
) -> Injection:
    """Write an explicit outcome of one injected pattern, of a failure with the text of its error.

    Raises LibraryError for unknown ids.
    """
    with library.connections.lend() as conn:
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
        detail = said_with(conn, injection_id, matching[0]["uuid"], None if success else error)
        with transaction(conn):
            new = recording.record_outcome(conn, injection_id, matching[0]["uuid"], success, detail=detail)
            if new:
                retirement.review(conn, matching[0]["uuid"], library.rules)
        if new:
            guarding.review(conn)
        return _injection(conn, row, library, _expiry(library))


def said_with(conn: sqlite3.Connection, injection: str, pattern: str, error: str | None) -> dict[str, Any]:
    """What is kept with a person's word: the error, and the context of the code that uses the pattern."""
    from tui_patterns.engine.use_context import context_of_use
    from tui_patterns.learning.error_text import errors_in
    from tui_patterns.sessions.masking import mask

    found: dict[str, Any] = {}
    if error and error.strip() and (seen := errors_in(error)):
        data = seen[-1].data()
        found["error"] = {**data, "message": mask(data["message"])}
    context = context_of_use(conn, injection, pattern)
    return {**found, "context": context} if context else found


def _expiry(library: PatternLibrary) -> float:
    """What was injected before this time and is still open counts as unknown."""
    return now() - library.settings.learning.open_days * DAY_S


def _injection(
    conn: sqlite3.Connection, row: sqlite3.Row, library: PatternLibrary, since: float
) -> Injection:
    rows = store.patterns_of(conn, row["id"])
    believed = _confidences(conn, [one["uuid"] for one in rows], library)
    expired = row["created"] < since
    return Injection(
        id=row["id"],
        session=row["session_id"],
        created=row["created"],
        task=row["task"],
        arm=row["arm"],
        tokens=row["tokens"],
        patterns=tuple(_injected(one, believed[one["uuid"]], expired) for one in rows),
    )


def _confidences(conn: sqlite3.Connection, uuids: list[str], library: PatternLibrary) -> dict[str, Interval]:
    row_ids = patterns.row_ids(conn, uuids)
    return {one.id: one.confidence for one in library.load(conn, list(row_ids.values()))}


def _injected(row: sqlite3.Row, confidence: Interval, expired: bool) -> InjectedPattern:
    state: UseState = "unknown" if expired and row["state"] == "open" else row["state"]
    return InjectedPattern(
        id=row["uuid"],
        version=row["version_id"],
        name=row["name"],
        rank=row["position"],
        state=state,
        outcome=None if row["success"] is None else ("success" if row["success"] else "failure"),
        similarity=row["similarity"],
        evidence=tuple(load(row["evidence"])),
        confidence=confidence,
    )
