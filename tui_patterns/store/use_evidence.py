"""What the tables of tests and of agents' sessions say of used code."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.sql import load
from tui_patterns.store.used_code import MARK, UsedCode


@dataclass(frozen=True, slots=True)
class LineTests:
    """What the tests say that ran certain lines; the counts are ``None`` where no contexts were recorded."""

    executed: int
    passed: int | None
    failed: int | None
    failing: tuple[str, ...]
    written: float


def tests_of(conn: sqlite3.Connection, project_id: int, used: UsedCode) -> LineTests | None:
    """From data no older than the file; ``None`` if there is none."""
    row = conn.execute(
        """
        SELECT u.executed, u.passed, u.failed, u.failing, c.written FROM coverage_units u
        JOIN coverage_files c ON c.id = u.file_id
        JOIN files f ON f.project_id = c.project_id AND f.path = c.path
        WHERE c.project_id = :project AND c.path = :path AND u.qualname = :name
          AND c.mtime_ns = f.mtime_ns AND c.size = f.size AND f.mtime_ns <= c.written
        """,
        {"project": project_id, "path": used.path, "name": f"{MARK}{used.id}"},
    ).fetchone()
    if row is None:
        return None
    failing = tuple(
        f"{path}::{name.replace('.', '::')}{variant}" for path, name, variant in load(row["failing"])
    )
    return LineTests(row["executed"], row["passed"], row["failed"], failing, row["written"] / 1e9)


def all_passed(conn: sqlite3.Connection, project_id: int, path: str) -> bool | None:
    """Whether every test that was run since this file changed has passed; ``None`` if none was."""
    row = conn.execute(
        """
        SELECT SUM(CASE WHEN t.outcome = 'passed' THEN 1 ELSE 0 END) AS passed,
               SUM(CASE WHEN t.outcome = 'failed' THEN 1 ELSE 0 END) AS failed
        FROM test_results t JOIN files f ON f.project_id = t.project_id AND f.path = :path
        WHERE t.project_id = :project AND t.ran >= f.mtime_ns
        """,
        {"project": project_id, "path": path},
    ).fetchone()
    if not row["passed"] and not row["failed"]:
        return None
    return not row["failed"]


@dataclass(frozen=True, slots=True)
class Effort:
    """What it took agents to write a file: requests to a model, and (done, of) of their listed tasks."""

    calls: int | None
    tasks: tuple[int, int] | None

    @property
    def told(self) -> dict[str, Any]:
        """As the detail of an outcome tells it."""
        spec = None if self.tasks is None else {"done": self.tasks[0], "of": self.tasks[1]}
        return {"llm_calls": self.calls, "spec": spec}


def effort(conn: sqlite3.Connection, file: str, since: float) -> Effort:
    """Of the sessions that wrote to ``file`` (absolute) after ``since``, until they last did.

    ``None`` is not known: no transcript tells of it, or no task was listed.
    """
    rows = conn.execute(
        """
        SELECT e.session_id, MAX(e.at) AS until FROM session_edits e
        LEFT JOIN tool_events t ON t.session_id = e.session_id AND t.call_id = e.call_id
        WHERE e.path = :file AND e.at >= :since AND COALESCE(t.failed, 0) = 0
        GROUP BY e.session_id ORDER BY e.session_id
        """,
        {"file": file, "since": since},
    ).fetchall()
    calls, done, listed = 0, 0, 0
    for row in rows:
        span = {"session": row["session_id"], "since": since, "until": row["until"]}
        own = "session_id = :session AND"
        query = f"SELECT COUNT(*) FROM counted_messages WHERE {own} at >= :since AND at <= :until"
        calls += conn.execute(query, span).fetchone()[0]
        query = f"SELECT status FROM session_tasks WHERE {own} COALESCE(status, '') <> 'deleted'"
        tasks = conn.execute(query, span).fetchall()
        done += sum(task["status"] == "completed" for task in tasks)
        listed += len(tasks)
    return Effort(calls or None, (done, listed) if listed else None)


@dataclass(frozen=True, slots=True)
class Built:
    """The last build or test command that an agent ran after it wrote to a file."""

    session: str
    command: str
    category: str
    success: bool
    at: float

    @property
    def told(self) -> dict[str, Any]:
        """As the detail of an outcome tells it."""
        return {"session": self.session, "command": self.command[:200], "category": self.category}


def built(conn: sqlite3.Connection, file: str, since: float) -> list[Built]:
    """By session that wrote to ``file`` (absolute) after ``since``; where the result is known."""
    rows = conn.execute(
        """
        SELECT e.session_id, t.command, t.category, t.success, t.at FROM (
            SELECT session_id, MAX(at) AS at FROM session_edits
            WHERE path = :file AND at >= :since GROUP BY session_id
        ) e JOIN tool_events t ON t.session_id = e.session_id AND t.at >= e.at
        WHERE t.category IN ('build', 'test') AND t.success IS NOT NULL ORDER BY t.at
        """,
        {"file": file, "since": since},
    )
    last = {row["session_id"]: row for row in rows}
    return [
        Built(session, row["command"] or "", row["category"], bool(row["success"]), row["at"])
        for session, row in sorted(last.items())
    ]
