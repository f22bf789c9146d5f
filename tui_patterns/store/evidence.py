"""What is known of a project's tests: the sources read, coverage by unit, results by test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from tui_patterns.store.sql import dump

TestKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A file of evidence as it was when it was read."""

    path: str
    kind: str
    mtime_ns: int
    size: int
    error: str | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Coverage of one unit; the three counts of tests are ``None`` where no contexts were recorded."""

    qualname: str
    line: int
    executed: int
    statements: int
    passed: int | None = None
    failed: int | None = None
    unknown: int | None = None
    failing: tuple[TestKey, ...] = ()


@dataclass(frozen=True, slots=True)
class CoveredFile:
    """A measured file as it was when its coverage was read."""

    path: str
    mtime_ns: int
    size: int
    written: int
    units: tuple[CoverageRow, ...]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """The last known result of one test."""

    path: str
    qualname: str
    variant: str
    outcome: str
    ran: int


def sources(conn: sqlite3.Connection, project_id: int) -> list[SourceRow]:
    """What was read last, by path."""
    rows = conn.execute(
        "SELECT path, kind, mtime_ns, size, error FROM evidence_sources "
        "WHERE project_id = :project ORDER BY path",
        {"project": project_id},
    )
    return [SourceRow(**dict(row)) for row in rows]


def save(
    conn: sqlite3.Connection,
    project_id: int,
    read: Iterable[SourceRow],
    files: Iterable[CoveredFile],
    results: Iterable[ResultRow],
) -> None:
    """Put this in the place of all that was known of the project, inside one transaction."""
    for table in ("evidence_sources", "coverage_files", "test_results"):
        conn.execute(f"DELETE FROM {table} WHERE project_id = :project", {"project": project_id})
    conn.executemany(
        "INSERT INTO evidence_sources (project_id, path, kind, mtime_ns, size, error) "
        "VALUES (:project, :path, :kind, :mtime_ns, :size, :error)",
        [{"project": project_id, **asdict(row)} for row in read],
    )
    conn.executemany(
        "INSERT INTO test_results (project_id, path, qualname, variant, outcome, ran) "
        "VALUES (:project, :path, :qualname, :variant, :outcome, :ran)",
        [{"project": project_id, **asdict(row)} for row in results],
    )
    for file in files:
        _save_file(conn, project_id, file)


def _save_file(conn: sqlite3.Connection, project_id: int, file: CoveredFile) -> None:
    row = conn.execute(
        "INSERT INTO coverage_files (project_id, path, mtime_ns, size, written) "
        "VALUES (:project, :path, :mtime_ns, :size, :written) RETURNING id",
        {
            "project": project_id,
            "path": file.path,
            "mtime_ns": file.mtime_ns,
            "size": file.size,
            "written": file.written,
        },
    ).fetchone()
    conn.executemany(
        """
        INSERT INTO coverage_units
            (file_id, qualname, line, executed, statements, passed, failed, unknown, failing)
        VALUES (:file, :qualname, :line, :executed, :statements, :passed, :failed, :unknown, :failing)
        """,
        [{"file": row["id"], **asdict(unit), "failing": dump(unit.failing)} for unit in file.units],
    )


def is_outdated(conn: sqlite3.Connection, project_id: int) -> bool:
    """Whether a measured file is another than when it was read, yet no younger than its data.

    A file that was put back, or was not there: what was read of it fits no more.
    """
    row = conn.execute(
        """
        SELECT 1 FROM coverage_files c JOIN files f ON f.project_id = c.project_id AND f.path = c.path
        WHERE c.project_id = :project AND f.mtime_ns <= c.written
          AND (f.mtime_ns <> c.mtime_ns OR f.size <> c.size) LIMIT 1
        """,
        {"project": project_id},
    ).fetchone()
    return row is not None


def outcomes(conn: sqlite3.Connection, project_id: int) -> dict[str, int]:
    """How many of a project's tests have which last known outcome."""
    rows = conn.execute(
        "SELECT outcome, COUNT(*) AS n FROM test_results WHERE project_id = :project "
        "GROUP BY outcome ORDER BY outcome",
        {"project": project_id},
    )
    return {row["outcome"]: row["n"] for row in rows}


def passed_tests(conn: sqlite3.Connection, project_id: int) -> dict[tuple[str, str], int]:
    """The tests, by (path, qualname), that passed in all variants known since their file was last changed.

    With the time of the oldest of these results.
    """
    rows = conn.execute(
        """
        SELECT t.path, t.qualname, MIN(t.ran) AS ran FROM test_results t
        JOIN files f ON f.project_id = t.project_id AND f.path = t.path
        WHERE t.project_id = :project AND f.mtime_ns <= t.ran
        GROUP BY t.path, t.qualname
        HAVING SUM(CASE WHEN t.outcome = 'passed' THEN 1 ELSE 0 END) > 0
           AND SUM(CASE WHEN t.outcome = 'failed' THEN 1 ELSE 0 END) = 0
        """,
        {"project": project_id},
    )
    return {(row["path"], row["qualname"]): row["ran"] for row in rows}
