"""What identity is decided from: the sites of changed files, and the patterns a unit may be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.numbers import unpack_hashes
from tui_patterns.store.sql import chunks, named_list


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A stored site with what identity needs to know of its pattern."""

    site: int
    pattern: int
    version: int
    file: int
    path: str
    qualname: str
    line: int
    end_line: int
    structure_hash: str
    main: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern that a new unit may turn out to be."""

    pattern: int
    path: str
    qualname: str
    structure_hash: str
    shingles: tuple[int, ...]
    gone: float | None


def sites_of_files(conn: sqlite3.Connection, file_ids: Iterable[int]) -> list[SiteRow]:
    """All sites in these files."""
    return _sites(conn, "s.file_id", file_ids)


def sites_of_patterns(conn: sqlite3.Connection, row_ids: Iterable[int]) -> list[SiteRow]:
    """All sites of these patterns, by path and line."""
    return _sites(conn, "s.pattern_id", row_ids)


def _sites(conn: sqlite3.Connection, column: str, values: Iterable[int]) -> list[SiteRow]:
    found: list[SiteRow] = []
    for part in chunks(values):
        names, parameters = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT s.id AS site, s.pattern_id AS pattern, s.version_id AS version, s.file_id AS file,
                   f.path, s.qualname, s.line, s.end_line, v.structure_hash,
                   (p.path = f.path AND p.qualname = s.qualname) AS main
            FROM sites s JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id
            JOIN patterns p ON p.id = s.pattern_id
            WHERE {column} IN ({names}) ORDER BY f.path, s.line
            """,
            parameters,
        )
        found += [SiteRow(**{**dict(row), "main": bool(row["main"])}) for row in rows]
    return found


def live_by_structure(
    conn: sqlite3.Connection, project_id: int, hashes: Iterable[str], without_files: set[int]
) -> dict[str, int]:
    """Pattern by structure hash, where it has a site outside of ``without_files``."""
    found: dict[str, int] = {}
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            f"""
            SELECT v.structure_hash AS hash, s.pattern_id AS pattern, s.file_id AS file
            FROM versions v JOIN sites s ON s.version_id = v.id JOIN patterns p ON p.id = s.pattern_id
            WHERE p.project_id = :project AND v.structure_hash IN ({names}) ORDER BY s.id DESC
            """,
            {"project": project_id, **values},
        )
        found.update((row["hash"], row["pattern"]) for row in rows if row["file"] not in without_files)
    return found


def candidates(conn: sqlite3.Connection, row_ids: Iterable[int]) -> list[Candidate]:
    """These patterns as candidates, by row id."""
    found: list[Candidate] = []
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        found += _candidates(conn, f"p.id IN ({names})", values)
    return found


# What is only withheld is gone for readers, but stands where it stood.
_LEFT = "p.project_id = :project AND p.gone IS NOT NULL AND p.withheld IS NULL"


def gone_candidates(
    conn: sqlite3.Connection, project_id: int, qualnames: Iterable[str], hashes: Iterable[str], since: float
) -> list[Candidate]:
    """Patterns no longer on disk that share a name or structure, or left after ``since``."""
    base = {"project": project_id}
    found = {
        one.pattern: one
        for one in _candidates(conn, f"{_LEFT} AND p.gone >= :since", {**base, "since": since})
    }
    for column, wanted in (("p.qualname", qualnames), ("v.structure_hash", hashes)):
        for part in chunks(set(wanted)):
            names, values = named_list("key", part)
            where = f"{_LEFT} AND {column} IN ({names})"
            found.update((one.pattern, one) for one in _candidates(conn, where, {**base, **values}))
    return [found[key] for key in sorted(found)]


def untouched_since(conn: sqlite3.Connection, project_id: int, since: float) -> list[Candidate]:
    """Live patterns made after ``since`` that nobody rated and no prompt carried."""
    return _candidates(
        conn,
        """
        p.project_id = :project AND p.gone IS NULL AND p.created >= :since
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.pattern_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM injection_patterns x WHERE x.pattern_id = p.id)
        """,
        {"project": project_id, "since": since},
    )


def _candidates(conn: sqlite3.Connection, where: str, values: dict[str, Any]) -> list[Candidate]:
    rows = conn.execute(
        f"""
        SELECT p.id, p.path, p.qualname, v.structure_hash, v.shingles, p.gone
        FROM patterns p JOIN versions v ON v.id = p.version_id WHERE {where} ORDER BY p.id
        """,
        values,
    )
    return [
        Candidate(
            row["id"],
            row["path"],
            row["qualname"],
            row["structure_hash"],
            unpack_hashes(row["shingles"]),
            row["gone"],
        )
        for row in rows
    ]
