"""What the tasks of sessions took: calls of the model for each completed one, and time.

A *completed task* is an item of a session's task list that is done, where there is one; else a turn
that ended with a build or test that passed. It took all calls since the one before; those after the
last belong to the last, so that a session's sum is the same as in its analysis.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui_patterns.sessions.analysed import Analysis
from tui_patterns.sessions.analysis import analyze
from tui_patterns.store import session_reads


@dataclass(frozen=True, slots=True)
class Task:
    """A completed task; ``at`` is when it was done, ``calls`` may be a share of those for several."""

    session: str
    at: float
    calls: float
    words: str


@dataclass(frozen=True, slots=True)
class Worked:
    """What is known of the work of one session, in seconds; ``tasks`` are counted as its analysis does."""

    session: str
    ended: float
    seconds: float | None
    tasks: int
    per: str
    title: str
    completed: tuple[Task, ...]


def worked(conn: sqlite3.Connection, session: str) -> Worked:
    """From a stored transcript. Raises SessionError for an unknown id."""
    found = analyze(conn, session)
    ended = found.ended if found.ended is not None else found.started
    return Worked(
        session,
        ended,
        found.active_s,
        found.tasks,
        found.per,
        found.title or found.project or session,
        _completed(conn, found, ended),
    )


def _completed(conn: sqlite3.Connection, found: Analysis, ended: float) -> tuple[Task, ...]:
    if not found.calls:
        return ()
    done = [row for row in session_reads.tasks(conn, found.id) if row["status"] == "completed"]
    if done:
        each = found.calls / len(done)
        listed = (Task(found.id, row["at"], each, row["title"] or row["key"]) for row in done)
        return tuple(sorted(listed, key=lambda one: one.at))
    return _by_turns(found, ended)


def _by_turns(found: Analysis, ended: float) -> tuple[Task, ...]:
    tasks: list[Task] = []
    calls = 0
    for turn in found.turns:
        calls += turn.calls
        if turn.outcome:
            at = max((end for _, end in turn.spans), default=ended)
            tasks.append(Task(found.id, at, calls, turn.text))
            calls = 0
    if tasks and calls:
        last = tasks.pop()
        tasks.append(Task(last.session, last.at, last.calls + calls, last.words))
    return tuple(tasks)
