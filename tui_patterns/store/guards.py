"""Guards, and what they are mined from: failed uses, and code that its tests pass."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.sql import dump, load, rows_in

MOST_PASSING = 5_000  # pieces of code, the newest


@dataclass(frozen=True, slots=True)
class GuardRow:
    """A guard of a pattern (its id); the counts are those it was accepted by."""

    pattern: str
    condition: tuple[str, ...]
    failures: int
    successes: int
    passing: int
    population: int


@dataclass(frozen=True, slots=True)
class GuardPlace:
    """A guard, and where the pattern stands that it keeps out: ``path`` is relative to ``root``."""

    guard: GuardRow
    name: str
    qualname: str
    project: str
    root: str
    path: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class UseRow:
    """One use of which it is known how it went; ``context`` as its outcome has it."""

    pattern: str
    success: bool
    tested: bool
    task: str | None
    project: str | None
    language: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PassingRow:
    """A piece of code whose tests pass."""

    name: str
    qualname: str
    tags: tuple[str, ...]
    framework: str | None
    dependencies: tuple[str, ...]
    language: str
    root: str


def of_patterns(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, list[GuardRow]]:
    """Guards by pattern id."""
    found: dict[str, list[GuardRow]] = {}
    for row in rows_in(conn, f"{_GUARDS} WHERE p.uuid IN (:ids) ORDER BY p.id, g.condition", ids):
        found.setdefault(row["uuid"], []).append(_guard(row))
    return found


def everything(conn: sqlite3.Connection) -> list[GuardRow]:
    """Every guard, those with most failures first."""
    return [_guard(row) for row in conn.execute(f"{_GUARDS} ORDER BY g.failures DESC, p.uuid, g.condition")]


def placed(conn: sqlite3.Connection) -> list[GuardPlace]:
    """Every guard of a pattern whose code is there, by place; guards are few."""
    rows = conn.execute(
        """
        SELECT p.uuid, g.condition, g.failures, g.successes, g.passing, g.population, v.name, p.qualname,
               r.name AS project, r.root, p.path, p.line, p.end_line
        FROM guards g JOIN patterns p ON p.id = g.pattern_id JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id
        WHERE p.gone IS NULL ORDER BY r.root, p.path, p.line, g.condition
        """
    )
    return [
        GuardPlace(
            _guard(row), row["name"], row["qualname"], row["project"], row["root"], row["path"], row["line"],
            row["end_line"],
        )
        for row in rows
    ]  # fmt: skip


_GUARDS = """
    SELECT p.uuid, g.condition, g.failures, g.successes, g.passing, g.population
    FROM guards g JOIN patterns p ON p.id = g.pattern_id
"""


def _guard(row: sqlite3.Row) -> GuardRow:
    return GuardRow(
        row["uuid"], tuple(load(row["condition"])), row["failures"], row["successes"], row["passing"],
        row["population"],
    )  # fmt: skip


def replace_all(conn: sqlite3.Connection, found: Iterable[GuardRow]) -> bool:
    """Let these be the guards; ``False`` if they are already. Inside a transaction."""
    wanted = sorted(found, key=lambda one: (one.pattern, one.condition))
    if sorted(everything(conn), key=lambda one: (one.pattern, one.condition)) == wanted:
        return False
    conn.execute("DELETE FROM guards")
    conn.executemany(
        """
        INSERT INTO guards (pattern_id, condition, failures, successes, passing, population)
        SELECT id, :condition, :failures, :successes, :passing, :population FROM patterns WHERE uuid = :uuid
        """,
        [
            {
                "uuid": one.pattern,
                "condition": dump(list(one.condition)),
                "failures": one.failures,
                "successes": one.successes,
                "passing": one.passing,
                "population": one.population,
            }
            for one in wanted
        ],
    )
    return True


def failing(conn: sqlite3.Connection, least: int) -> list[str]:
    """Ids of patterns that failed so often when they were used from a prompt."""
    rows = conn.execute(
        """
        SELECT p.uuid FROM trials t JOIN patterns p ON p.id = t.pattern_id
        WHERE t.success = 0 AND t.injection_id IS NOT NULL
        GROUP BY p.uuid HAVING COUNT(*) >= :least ORDER BY p.uuid
        """,
        {"least": least},
    )
    return [row["uuid"] for row in rows]


def uses(conn: sqlite3.Connection) -> list[UseRow]:
    """Every use from a prompt with a known result, with what its outcome says of the context."""
    rows = conn.execute(
        """
        SELECT t.subject, p.uuid, t.success, t.kind, i.task, COALESCE(t.project, r.root) AS root, v.language,
               o.detail
        FROM trials t JOIN patterns p ON p.id = t.pattern_id JOIN projects r ON r.id = p.project_id
        JOIN injection_patterns x ON x.injection_id = t.injection_id AND x.pattern_id = t.pattern_id
        JOIN versions v ON v.id = x.version_id JOIN injections i ON i.id = t.injection_id
        LEFT JOIN outcomes o ON o.injection_id = t.injection_id AND o.pattern_id = t.pattern_id
            AND o.kind = t.kind AND o.success = t.success
        ORDER BY t.subject, o.event_id
        """
    )
    last = {row["subject"]: row for row in rows}
    return [
        UseRow(
            row["uuid"], bool(row["success"]), row["kind"] == "test", row["task"], row["root"],
            row["language"], (load(row["detail"]) if row["detail"] else {}).get("context") or {},
        )
        for row in last.values()
    ]  # fmt: skip


def passing(conn: sqlite3.Connection) -> list[PassingRow]:
    """Code that tests cover, of which none is known to fail; test code itself aside."""
    rows = conn.execute(
        """
        SELECT v.name, p.qualname, v.tags, v.framework, v.dependencies, v.language, r.root
        FROM version_tests t JOIN versions v ON v.id = t.version_id
        JOIN patterns p ON p.id = v.pattern_id AND p.version_id = v.id JOIN projects r ON r.id = p.project_id
        WHERE t.passed > 0 AND t.failed = 0 AND p.gone IS NULL AND v.pattern_type <> 'test_pattern'
        ORDER BY p.id DESC LIMIT :limit
        """,
        {"limit": MOST_PASSING},
    )
    return [
        PassingRow(
            row["name"], row["qualname"], tuple(load(row["tags"])), row["framework"],
            tuple(load(row["dependencies"])), row["language"], row["root"],
        )
        for row in rows
    ]  # fmt: skip
