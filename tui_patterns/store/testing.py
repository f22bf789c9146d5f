"""Tests as patterns: what the files hold of them, and which are shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from tui_patterns.models import Unit
from tui_patterns.store.sql import dump, load, now, rows_in


@dataclass(frozen=True, slots=True)
class TestUnit:
    """A test, or a fixture by the name it is asked for; ``mtime_ns`` is its file's."""

    __test__ = False

    path: str
    mtime_ns: int
    qualname: str
    fixture: str | None
    autouse: bool
    requests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TestPattern:
    """A pattern of a test or fixture at its main site; ``withheld`` says why it is not shown."""

    __test__ = False

    pattern: int
    path: str
    qualname: str
    withheld: str | None
    gone: float | None
    standing: bool
    is_test: bool


def replace_units(conn: sqlite3.Connection, file_id: int, units: Iterable[Unit]) -> None:
    """Note the tests and fixtures of a file, in the place of those it held."""
    conn.execute("DELETE FROM test_units WHERE file_id = :file", {"file": file_id})
    conn.executemany(
        "INSERT INTO test_units (file_id, qualname, fixture, autouse, requests) "
        "VALUES (:file, :qualname, :fixture, :autouse, :requests)",
        [
            {
                "file": file_id,
                "qualname": unit.qualname,
                "fixture": asked["fixture"],
                "autouse": asked["autouse"],
                "requests": dump(asked["requests"]),
            }
            for unit in units
            if (asked := unit.facets.get("test"))
        ],
    )


def units(conn: sqlite3.Connection, project_id: int) -> list[TestUnit]:
    """Every test and fixture of a project."""
    rows = conn.execute(
        """
        SELECT f.path, f.mtime_ns, t.qualname, t.fixture, t.autouse, t.requests
        FROM test_units t JOIN files f ON f.id = t.file_id
        WHERE f.project_id = :project ORDER BY f.path, t.qualname
        """,
        {"project": project_id},
    )
    return [
        TestUnit(
            row["path"], row["mtime_ns"], row["qualname"], row["fixture"], bool(row["autouse"]),
            tuple(load(row["requests"])),
        )
        for row in rows
    ]  # fmt: skip


def patterns(conn: sqlite3.Connection, project_id: int) -> list[TestPattern]:
    """The patterns of a project that are tests, and those withheld until now."""
    rows = conn.execute(
        """
        SELECT p.id AS pattern, p.path, p.qualname, p.withheld, p.gone,
               EXISTS (SELECT 1 FROM sites s WHERE s.pattern_id = p.id) AS standing,
               v.pattern_type = 'test_pattern' AS is_test
        FROM patterns p JOIN versions v ON v.id = p.version_id
        WHERE p.project_id = :project AND (v.pattern_type = 'test_pattern' OR p.withheld IS NOT NULL)
        """,
        {"project": project_id},
    )
    return [
        TestPattern(**{**dict(row), "standing": bool(row["standing"]), "is_test": bool(row["is_test"])})
        for row in rows
    ]


def places(conn: sqlite3.Connection, project_id: int) -> dict[int, set[tuple[str, str]]]:
    """(path, qualified name) of all places of the patterns that are tests."""
    found: dict[int, set[tuple[str, str]]] = {}
    rows = conn.execute(
        """
        SELECT p.id, f.path, s.qualname FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN sites s ON s.pattern_id = p.id JOIN files f ON f.id = s.file_id
        WHERE p.project_id = :project AND v.pattern_type = 'test_pattern'
        """,
        {"project": project_id},
    )
    for pattern, path, qualname in rows:
        found.setdefault(pattern, set()).add((path, qualname))
    return found


def any_of_tests(conn: sqlite3.Connection, row_ids: Iterable[int]) -> bool:
    """Whether one of these patterns is a test, or withheld until now."""
    query = (
        "SELECT 1 FROM patterns p JOIN versions v ON v.id = p.version_id "
        "WHERE p.id IN (:ids) AND (p.withheld IS NOT NULL OR v.pattern_type = 'test_pattern') LIMIT 1"
    )
    return any(True for _ in rows_in(conn, query, row_ids))


def withhold(conn: sqlite3.Connection, pattern: int, reason: str) -> None:
    """Show a pattern no more, though it stands in the code."""
    conn.execute(
        "UPDATE patterns SET withheld = :reason, gone = COALESCE(gone, :now) WHERE id = :id",
        {"reason": reason, "now": now(), "id": pattern},
    )
    conn.execute("DELETE FROM search_docs WHERE pattern_id = :id", {"id": pattern})


def release(conn: sqlite3.Connection, pattern: int, *, standing: bool) -> None:
    """Withhold a pattern no more: it is shown if it stands in the code, else it is gone."""
    conn.execute(
        "UPDATE patterns SET withheld = NULL, gone = CASE WHEN :standing THEN NULL ELSE gone END "
        "WHERE id = :id",
        {"standing": standing, "id": pattern},
    )


def withheld_in(conn: sqlite3.Connection, project_id: int, paths: Iterable[str]) -> dict[str, int]:
    """How many units of these files are withheld, by reason."""
    found: dict[str, int] = {}
    rows = rows_in(
        conn,
        """
        SELECT p.withheld AS reason, COUNT(*) AS n FROM sites s
        JOIN files f ON f.id = s.file_id JOIN patterns p ON p.id = s.pattern_id
        WHERE f.project_id = :project AND f.path IN (:ids) AND p.withheld IS NOT NULL
        GROUP BY p.withheld
        """,
        paths,
        project=project_id,
    )
    for row in rows:
        found[row["reason"]] = found.get(row["reason"], 0) + row["n"]
    return found
