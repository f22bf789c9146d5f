"""What is known of a project's tests: the sources read, coverage by unit, results by test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tui_patterns.store.sql import chunks, dump, load, named_list

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


@dataclass(frozen=True, slots=True)
class Covered:
    """A pattern's shown version with the coverage of its main site, ``None`` where not known."""

    pattern: int
    version: int
    executed: int | None
    statements: int | None
    passed: int | None
    failed: int | None
    unknown: int | None
    failing: tuple[TestKey, ...]


def covered(conn: sqlite3.Connection, row_ids: Iterable[int]) -> list[Covered]:
    """Coverage of these patterns' main sites, from data no older than the file there."""
    found: list[Covered] = []
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.id AS pattern, p.version_id AS version, u.executed, u.statements,
                   u.passed, u.failed, u.unknown, COALESCE(u.failing, '[]') AS failing
            FROM patterns p
            LEFT JOIN files f ON f.project_id = p.project_id AND f.path = p.path
            LEFT JOIN coverage_files c ON c.project_id = f.project_id AND c.path = f.path
                AND c.mtime_ns = f.mtime_ns AND c.size = f.size AND f.mtime_ns <= c.written
            LEFT JOIN coverage_units u ON u.file_id = c.id AND u.qualname = p.qualname AND u.line = p.line
            WHERE p.id IN ({names}) AND p.version_id IS NOT NULL
            """,
            values,
        )
        found += [Covered(**{**dict(row), "failing": _keys(row["failing"])}) for row in rows]
    return found


def save_version_tests(conn: sqlite3.Connection, seen: Covered) -> None:
    """Note what the tests that cover a version said; what was known before is replaced."""
    conn.execute(
        """
        INSERT INTO version_tests (version_id, passed, failed, unknown, failing)
        VALUES (:version, :passed, :failed, :unknown, :failing)
        ON CONFLICT (version_id) DO UPDATE SET passed = excluded.passed, failed = excluded.failed,
            unknown = excluded.unknown, failing = excluded.failing
        """,
        {
            "version": seen.version,
            "passed": seen.passed,
            "failed": seen.failed,
            "unknown": seen.unknown,
            "failing": dump(seen.failing),
        },
    )


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


def _keys(text: str) -> tuple[TestKey, ...]:
    return tuple((path, qualname, variant) for path, qualname, variant in load(text))


@dataclass(frozen=True, slots=True)
class VersionTests:
    """What was last known of the tests that cover a version, and which of them fail still."""

    passed: int
    failed: int
    unknown: int
    failing: tuple[TestKey, ...]


def of_versions(conn: sqlite3.Connection, versions: Sequence[int]) -> dict[int, VersionTests]:
    """By version id; a version of which nothing is known is left out.

    A test counts as failing while its last known result is a failure.
    """
    found: dict[int, VersionTests] = {}
    for part in chunks(versions):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT t.version_id, t.passed, t.failed, t.unknown, t.failing, p.project_id FROM version_tests t
            JOIN versions v ON v.id = t.version_id JOIN patterns p ON p.id = v.pattern_id
            WHERE t.version_id IN ({names})
            """,
            values,
        ).fetchall()
        for row in rows:
            still = tuple(key for key in _keys(row["failing"]) if _fails(conn, row["project_id"], key))
            found[row["version_id"]] = VersionTests(row["passed"], row["failed"], row["unknown"], still)
    return found


def _fails(conn: sqlite3.Connection, project_id: int, test: TestKey) -> bool:
    path, qualname, variant = test
    row = conn.execute(
        "SELECT outcome FROM test_results WHERE project_id = :project AND path = :path "
        "AND qualname = :qualname AND variant = :variant",
        {"project": project_id, "path": path, "qualname": qualname, "variant": variant},
    ).fetchone()
    return row is not None and row["outcome"] == "failed"
