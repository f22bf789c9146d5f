"""Experiments, which session is in which arm, and what came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from tui_patterns.store.sql import now

CONTROL = "control"
_ARM = "experiment:"


@dataclass(frozen=True, slots=True)
class ExperimentRow:
    """An experiment; patterns by their public ids, versions by row id (``None``: the pattern's own)."""

    id: int
    a: str
    a_version: int | None
    b: str
    b_version: int | None
    effect: float
    threshold: float
    started: float
    stopped: float | None

    def arm(self, which: str) -> tuple[str, int | None]:
        """(pattern, version) of the arm ``a`` or ``b``."""
        return (self.a, self.a_version) if which == "a" else (self.b, self.b_version)


def arm_name(experiment: int, which: str) -> str:
    """What an injection of an experiment is called in the column ``arm``."""
    return f"{_ARM}{experiment}:{which}"


def start(
    conn: sqlite3.Connection,
    a: tuple[str, int | None],
    b: tuple[str, int | None],
    effect: float,
    threshold: float,
) -> int:
    """Begin an experiment between two (pattern id, version); its id."""
    cursor = conn.execute(
        """
        INSERT INTO experiments (a_pattern, a_version, b_pattern, b_version, effect, threshold, started)
        SELECT a.id, :a_version, b.id, :b_version, :effect, :threshold, :now
        FROM patterns a, patterns b WHERE a.uuid = :a AND b.uuid = :b
        """,
        {
            "a": a[0],
            "a_version": a[1],
            "b": b[0],
            "b_version": b[1],
            "effect": effect,
            "threshold": threshold,
            "now": now(),
        },
    )
    return int(cursor.lastrowid or 0)


def stop(conn: sqlite3.Connection, experiment: int) -> bool:
    """End an experiment; ``False`` if it does not run."""
    cursor = conn.execute(
        "UPDATE experiments SET stopped = :now WHERE id = :id AND stopped IS NULL",
        {"now": now(), "id": experiment},
    )
    return cursor.rowcount == 1


def listed(conn: sqlite3.Connection, *, running: bool = False) -> list[ExperimentRow]:
    """Experiments, oldest first."""
    rows = conn.execute(
        f"""
        SELECT e.id, a.uuid AS a, e.a_version, b.uuid AS b, e.b_version, e.effect, e.threshold, e.started,
               e.stopped
        FROM experiments e JOIN patterns a ON a.id = e.a_pattern JOIN patterns b ON b.id = e.b_pattern
        {"WHERE e.stopped IS NULL" if running else ""} ORDER BY e.id
        """
    )
    return [ExperimentRow(**dict(row)) for row in rows]


def enlist(conn: sqlite3.Connection, experiment: int, session: str, arm: Callable[[int], str]) -> str:
    """The arm of a session, the same for good; a new one gets the next place. Inside a transaction."""
    place = {"experiment": experiment, "session": session}
    row = conn.execute(
        "SELECT arm FROM experiment_sessions WHERE experiment_id = :experiment AND session_id = :session",
        place,
    ).fetchone()
    if row is not None:
        return str(row["arm"])
    position = enlisted(conn, experiment)
    drawn = arm(position)
    conn.execute(
        """
        INSERT INTO experiment_sessions (experiment_id, session_id, position, arm, at)
        VALUES (:experiment, :session, :position, :arm, :now)
        """,
        {**place, "position": position, "arm": drawn, "now": now()},
    )
    return drawn


def enlisted(conn: sqlite3.Connection, experiment: int) -> int:
    """How many sessions have an arm."""
    row = conn.execute(
        "SELECT COUNT(*) FROM experiment_sessions WHERE experiment_id = :id", {"id": experiment}
    ).fetchone()
    return int(row[0])


def results(conn: sqlite3.Connection, experiment: int) -> list[tuple[str, str, bool]]:
    """(session, arm, success) of each use in an injection of the experiment, in order of time."""
    rows = conn.execute(
        """
        SELECT i.session_id, s.arm, t.success FROM experiment_sessions s
        JOIN experiments e ON e.id = s.experiment_id
        JOIN injections i ON i.session_id = s.session_id AND i.arm = :prefix || e.id || ':' || s.arm
        JOIN trials t ON t.injection_id = i.id
            AND t.pattern_id = CASE s.arm WHEN 'a' THEN e.a_pattern ELSE e.b_pattern END
        WHERE e.id = :id ORDER BY t.at, t.subject
        """,
        {"id": experiment, "prefix": _ARM},
    )
    return [(row["session_id"], row["arm"], bool(row["success"])) for row in rows]


def session_results(conn: sqlite3.Connection, since: float = 0.0) -> list[tuple[bool, bool]]:
    """(held out, success) of each session with automatic injections whose last build or test is known.

    Only what came after its first injection counts, and sessions that had it at ``since`` or later. A
    session that has injections of both sorts, since the share changed, counts in neither.
    """
    rows = conn.execute(
        """
        SELECT held_out, success FROM (
            SELECT a.held_out, (
                SELECT t.success FROM tool_events t
                WHERE t.session_id = a.session_id AND t.category IN ('test', 'build')
                    AND t.success IS NOT NULL AND COALESCE(t.ended, t.at) >= a.began
                ORDER BY COALESCE(t.ended, t.at) DESC, t.call_id DESC LIMIT 1
            ) AS success
            FROM (
                SELECT session_id, MIN(created) AS began, MAX(arm = :control) AS held_out FROM injections
                WHERE arm = :control OR arm = 'auto' OR arm LIKE :experiments
                GROUP BY session_id
                HAVING MAX(arm = :control) = MIN(arm = :control) AND MIN(created) >= :since
            ) AS a
        ) AS known WHERE success IS NOT NULL
        """,
        {"control": CONTROL, "experiments": f"{_ARM}%", "since": since},
    )
    return [(bool(row["held_out"]), bool(row["success"])) for row in rows]


def version_of(conn: sqlite3.Connection, version: int) -> sqlite3.Row | None:
    """(pattern, code, signature) of a version."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT p.uuid AS pattern, code_of(c.body) AS code, signature_of(c.body) AS signature "
        "FROM versions v JOIN codes c ON c.version_id = v.id "
        "JOIN patterns p ON p.id = v.pattern_id WHERE v.id = :id",
        {"id": version},
    ).fetchone()
    return row
