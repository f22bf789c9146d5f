"""What a stored session says beyond itself: which build was the last to pass, which injection was cut off."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

# The hook that injects runs just before the prompt is written down, on the same clock.
EARLY_S = 30.0


class Passed(NamedTuple):
    """A build or test command that passed, after code was written."""

    call: str
    at: float


def last_passed(conn: sqlite3.Connection, session: str) -> Passed | None:
    """The last build or test run that passed after an edit that was applied."""
    row = conn.execute(
        """
        SELECT t.call_id, t.at FROM tool_events t
        WHERE t.session_id = :session AND t.category IN ('build', 'test') AND t.success = 1
          AND EXISTS (
            SELECT 1 FROM session_edits e
            LEFT JOIN tool_events w ON w.session_id = e.session_id AND w.call_id = e.call_id
            WHERE e.session_id = t.session_id AND e.at <= t.at AND COALESCE(w.failed, 0) = 0)
        ORDER BY t.at DESC, t.call_id LIMIT 1
        """,
        {"session": session},
    ).fetchone()
    return None if row is None else Passed(row["call_id"], row["at"])


def cut_off(conn: sqlite3.Connection, session: str) -> list[tuple[str, str]]:
    """(injection, reason) that are open, and whose turn ended with an error or a stop and nothing after."""
    rows = conn.execute(
        """
        SELECT i.id, i.created FROM injections i WHERE i.session_id = :session AND EXISTS (
            SELECT 1 FROM injection_patterns x WHERE x.injection_id = i.id AND x.state IN ('open', 'unused'))
        ORDER BY i.created
        """,
        {"session": session},
    ).fetchall()
    found = ((row["id"], _ended_by(conn, session, row["created"])) for row in rows)
    return [(id, reason) for id, reason in found if reason is not None]


def _ended_by(conn: sqlite3.Connection, session: str, at: float) -> str | None:
    """What ended the turn that began at about this time, if work was cut off by it."""
    values = {"session": session, "from": at - EARLY_S}
    asked = conn.execute(
        "SELECT MIN(at) AS at FROM session_prompts WHERE session_id = :session AND at >= :from", values
    ).fetchone()["at"]
    if asked is None:
        return None
    values["asked"] = asked
    after = conn.execute(
        "SELECT MIN(at) AS at FROM session_prompts WHERE session_id = :session AND at > :asked", values
    ).fetchone()["at"]
    values["until"] = after if after is not None else 1e18
    mark = conn.execute(
        """
        SELECT kind, at FROM session_marks WHERE session_id = :session AND kind IN ('api_error', 'stop')
          AND at >= :asked AND at < :until ORDER BY at DESC LIMIT 1
        """,
        values,
    ).fetchone()
    if mark is None or _worked(conn, {**values, "mark": mark["at"]}):
        return None
    return "stopped by the person" if mark["kind"] == "stop" else "an error of the model's service"


def _worked(conn: sqlite3.Connection, values: dict[str, object]) -> bool:
    """Whether anything was done in the turn after the mark."""
    for table in ("session_messages", "tool_events"):
        query = f"SELECT 1 FROM {table} WHERE session_id = :session AND at > :mark AND at < :until LIMIT 1"
        if conn.execute(query, values).fetchone() is not None:
            return True
    return False
