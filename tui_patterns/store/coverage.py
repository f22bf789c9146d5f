"""Coverage and covering tests of patterns, and what versions remember of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.store.evidence import TestKey
from tui_patterns.store.sql import dump, load, rows_in


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
    rows = rows_in(
        conn,
        """
        SELECT p.id AS pattern, p.version_id AS version, u.executed, u.statements,
               u.passed, u.failed, u.unknown, COALESCE(u.failing, '[]') AS failing
        FROM patterns p
        LEFT JOIN files f ON f.project_id = p.project_id AND f.path = p.path
        LEFT JOIN coverage_files c ON c.project_id = f.project_id AND c.path = f.path
            AND c.mtime_ns = f.mtime_ns AND c.size = f.size AND f.mtime_ns <= c.written
        LEFT JOIN coverage_units u ON u.file_id = c.id AND u.qualname = p.qualname AND u.line = p.line
        WHERE p.id IN (:ids) AND p.version_id IS NOT NULL
        """,
        row_ids,
    )
    return [Covered(**{**dict(row), "failing": _keys(row["failing"])}) for row in rows]


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
    rows = rows_in(
        conn,
        """
        SELECT t.version_id, t.passed, t.failed, t.unknown, t.failing, p.project_id FROM version_tests t
        JOIN versions v ON v.id = t.version_id JOIN patterns p ON p.id = v.pattern_id
        WHERE t.version_id IN (:ids)
        """,
        versions,
    )
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
