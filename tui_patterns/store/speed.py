"""How long tests took, run by run, and those that run code which follows an injected pattern."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.store.sql import dump, load, rows_in

MOST_RUNS = 20  # kept of each test, the newest
MOST_TESTS = 50  # of one use


def add(conn: sqlite3.Connection, project_id: int, runs: Iterable[tuple[str, int, float, bool]]) -> None:
    """(test, time of the run in ns, seconds, whether a benchmark); a run that is known adds nothing."""
    rows = [
        {"project": project_id, "test": test, "ran": ran, "seconds": seconds, "benchmark": int(benchmark)}
        for test, ran, seconds, benchmark in runs
    ]
    conn.executemany(
        "INSERT INTO test_durations (project_id, test, ran, benchmark, seconds) "
        "VALUES (:project, :test, :ran, :benchmark, :seconds) "
        "ON CONFLICT (project_id, test, benchmark, ran) DO NOTHING",
        rows,
    )
    conn.executemany(
        """
        DELETE FROM test_durations WHERE project_id = :project AND test = :test AND benchmark = :benchmark
          AND ran < (SELECT MIN(ran) FROM (
            SELECT ran FROM test_durations WHERE project_id = :project AND test = :test
              AND benchmark = :benchmark ORDER BY ran DESC LIMIT :most))
        """,
        [{**row, "most": MOST_RUNS} for row in rows],
    )


def note_tests(conn: sqlite3.Connection, used: int, tests: Sequence[str]) -> None:
    """The tests that run a piece of used code."""
    conn.execute(
        "UPDATE used_code SET tests = :tests WHERE id = :id",
        {"tests": dump(sorted(tests)[:MOST_TESTS]), "id": used},
    )


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one test; ``ran`` in Unix seconds."""

    test: str
    ran: float
    seconds: float
    benchmark: bool


def of_use(conn: sqlite3.Connection, project_id: int, used: int) -> list[Run]:
    """All known runs of the tests that run a piece of used code, oldest first."""
    row = conn.execute("SELECT tests FROM used_code WHERE id = :id", {"id": used}).fetchone()
    rows = rows_in(
        conn,
        "SELECT test, ran, seconds, benchmark FROM test_durations "
        "WHERE project_id = :project AND test IN (:ids) ORDER BY ran",
        load(row["tests"]) if row else (),
        project=project_id,
    )
    return [Run(one["test"], one["ran"] / 1e9, one["seconds"], bool(one["benchmark"])) for one in rows]
