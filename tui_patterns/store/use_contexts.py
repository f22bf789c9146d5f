"""What the code that uses a pattern is made of, and what the projects that are worked in hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from tui_patterns.store.sql import chunks, load, named_list, rows_in
from tui_patterns.store.used_code import UsedCode, of_project


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """Facts of a stored unit."""

    is_async: bool
    framework: str | None
    dependencies: tuple[str, ...]


def unit_at(conn: sqlite3.Connection, project_id: int, path: str, qualname: str) -> UnitFacts | None:
    """The unit that stands there; ``None`` if none is stored."""
    row = conn.execute(
        """
        SELECT v.tags, v.framework, v.dependencies FROM sites s JOIN files f ON f.id = s.file_id
        JOIN versions v ON v.id = s.version_id
        WHERE f.project_id = :project AND f.path = :path AND s.qualname = :qualname ORDER BY s.line LIMIT 1
        """,
        {"project": project_id, "path": path, "qualname": qualname},
    ).fetchone()
    if row is None:
        return None
    return UnitFacts("async" in load(row["tags"]), row["framework"], tuple(load(row["dependencies"])))


def dependencies(conn: sqlite3.Connection, version: int) -> tuple[str, ...]:
    """Packages that a version uses."""
    row = conn.execute("SELECT dependencies FROM versions WHERE id = :id", {"id": version}).fetchone()
    return tuple(load(row["dependencies"])) if row else ()


def used_in(conn: sqlite3.Connection, injection: str, pattern: str) -> tuple[int, str, UsedCode] | None:
    """(project, its root, the code) where an injected pattern is followed; ``None`` if that is not known."""
    row = conn.execute(
        """
        SELECT u.id, u.project_id, r.root FROM used_code u JOIN patterns p ON p.id = u.pattern_id
        JOIN projects r ON r.id = u.project_id
        WHERE u.injection_id = :injection AND p.uuid = :pattern
        """,
        {"injection": injection, "pattern": pattern},
    ).fetchone()
    if row is None:
        return None
    found = next(one for one in of_project(conn, row["project_id"], 0.0) if one.id == row["id"])
    return row["project_id"], row["root"], found


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """Languages of the files, and frameworks and packages of the units, of some projects."""

    languages: frozenset[str]
    frameworks: frozenset[str]
    imports: frozenset[str]


def of_projects(conn: sqlite3.Connection, roots: Iterable[str]) -> ProjectFacts:
    """What the projects at these roots are made of."""
    languages: set[str] = set()
    frameworks: set[str] = set()
    imports: set[str] = set()
    for part in chunks(sorted(roots)):
        names, values = named_list("root", part)
        own = f"JOIN projects r ON r.id = x.project_id WHERE r.root IN ({names})"
        languages |= {
            row["language"] for row in conn.execute(f"SELECT DISTINCT x.language FROM files x {own}", values)
        }
        rows = conn.execute(
            f"""
            SELECT DISTINCT v.framework, v.dependencies FROM patterns x JOIN versions v ON v.id = x.version_id
            {own} AND (x.gone IS NULL OR x.withheld IS NOT NULL)
            """,
            values,
        )
        for row in rows:
            frameworks |= {row["framework"]} - {None}
            imports.update(load(row["dependencies"]))
    return ProjectFacts(frozenset(languages), frozenset(frameworks), frozenset(imports))


@dataclass(frozen=True, slots=True)
class LibraryUse:
    """How uses of a pattern (its id) did with one version of a package."""

    pattern: str
    package: str
    version: str
    worked: int
    failed: int


def library_uses(conn: sqlite3.Connection, ids: Iterable[str]) -> list[LibraryUse]:
    """Of these patterns, by pattern, package and version."""
    rows = rows_in(
        conn,
        """
        SELECT p.uuid AS pattern, t.package, t.version, SUM(t.success) AS worked,
               SUM(1 - t.success) AS failed
        FROM library_trials t JOIN patterns p ON p.id = t.pattern_id WHERE p.uuid IN (:ids)
        GROUP BY p.uuid, t.package, t.version ORDER BY p.uuid, t.package, t.version
        """,
        ids,
    )
    return [LibraryUse(**dict(row)) for row in rows]
