"""What was injected, and what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.evidence import retract_outcome
from tui_patterns.learning import guarding, recording, retirement
from tui_patterns.models import InjectedPattern, Injection, Interval, UseState
from tui_patterns.store import injections as store
from tui_patterns.store import patterns
from tui_patterns.store.fading import DAY_S
from tui_patterns.store.sql import load, now
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library.judging import Judging


def injections(library: Judging, open_only: bool, limit: int) -> list[Injection]:
    """Injections, newest first."""
    with library.connections.lend() as conn:
        since = _expiry(library)
        rows = store.listed(conn, open_only=open_only, limit=limit, since=since)
        return [_injection(conn, row, library, since) for row in rows]


def outcomes_of(library: Judging, injection_id: str) -> dict[str, list[dict[str, Any]]]:
    """By pattern id, what each source said of its use, with what is known of the code that uses it.

    Each has ``kind success weight source at`` and ``detail``; of which ``security`` lists the rules of
    ruff's ``S`` that the used lines break, ``spec`` tells the tasks ``done`` and ``of`` how many were
    listed, and ``llm_calls`` the requests that it took. ``None`` is not known.
    """
    with library.connections.lend() as conn:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in store.outcomes_of(conn, injection_id):
            success = None if row["success"] is None else bool(row["success"])
            said = {key: row[key] for key in ("kind", "weight", "source")}
            known = {"security": None, "spec": None, "llm_calls": None, **load(row["detail"])}
            one = {**said, "success": success, "at": row["created"], "detail": known}
            found.setdefault(row["uuid"], []).append(one)
        return found


def outcome(
    library: Judging, injection_id: str, pattern_id: str, success: bool, error: str | None = None
) -> Injection:
    """Write an explicit outcome of one injected pattern, of a failure with the text of its error.

    Raises LibraryError for unknown ids.
    """
    with library.connections.lend() as conn:
        row, pattern = _named(conn, injection_id, pattern_id)
        detail = said_with(conn, injection_id, pattern, None if success else error)
        with transaction(conn):
            new = recording.record_outcome(conn, injection_id, pattern, success, detail=detail)
            if new:
                retirement.review(conn, pattern, library.rules)
        if new:
            guarding.review(conn)
        return _injection(conn, row, library, _expiry(library))


def undo_outcome(library: Judging, injection_id: str, pattern_id: str) -> Injection:
    """Take back a person's last word on one injected pattern; what had stood before stands again.

    Raises LibraryError for unknown ids, and where a person has said nothing that still stands.
    """
    with library.connections.lend() as conn:
        row, pattern = _named(conn, injection_id, pattern_id)
    if not retract_outcome(library, injection_id, pattern):
        raise LibraryError(
            f"nobody has said how {pattern_id} did in injection {injection_id}: nothing to undo"
        )
    with library.connections.lend() as conn:
        return _injection(conn, row, library, _expiry(library))


def _named(conn: sqlite3.Connection, injection_id: str, pattern_id: str) -> tuple[sqlite3.Row, str]:
    """The injection, and the whole id of the pattern in it."""
    row = store.one(conn, injection_id)
    if row is None:
        raise LibraryError(f"no injection has the id {injection_id!r}: `patterns-tui injections` lists them")
    rows = store.patterns_of(conn, injection_id)
    matching = [str(one["uuid"]) for one in rows if one["uuid"].startswith(pattern_id.lower())]
    if len(matching) != 1:
        raise LibraryError(
            f"injection {injection_id} holds {len(matching) or 'no'} patterns with the id {pattern_id!r}"
        )
    return row, matching[0]


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


def _expiry(library: Judging) -> float:
    """What was injected before this time and is still open counts as unknown."""
    return now() - library.settings.learning.open_days * DAY_S


def _injection(conn: sqlite3.Connection, row: sqlite3.Row, library: Judging, since: float) -> Injection:
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


def _confidences(conn: sqlite3.Connection, uuids: list[str], library: Judging) -> dict[str, Interval]:
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


_WORDS = {
    "explicit": ("said to have worked", "said to have failed"),
    "implementation": ("implemented", "not implemented"),
    "test": ("its tests passed", "a test of it failed"),
    "build": ("the build or test run passed", "the build or test run failed"),
    "git": ("kept in a commit", "reverted or rewritten"),
    "performance": ("became faster", "became slower"),
}


def outcome_words(one: Mapping[str, Any]) -> str:
    """What a source said, and what is known of the code, in words; what is not known is left out."""
    good, bad = _WORDS.get(one["kind"], ("succeeded", "failed"))
    words = [f"{one['kind']}: neither" if one["success"] is None else (good if one["success"] else bad)]
    detail = one["detail"]
    if detail["security"] is not None:
        broken = ", ".join(detail["security"])
        words.append(f"security findings {broken}" if broken else "no security finding")
    if detail["spec"] is not None:
        words.append(f"{detail['spec']['done']} of {detail['spec']['of']} listed tasks done")
    if detail["llm_calls"] is not None:
        words.append(f"{detail['llm_calls']} LLM calls")
    return "; ".join(words)
