"""Patterns as they are read: the current version at the main site, with its evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tui_patterns.models import Filters, Label, Site
from tui_patterns.store.sql import chunks, load, named_list


class Trial(NamedTuple):
    """One use of which it is known how it went; ``project`` is the user's root, ``None``: the pattern's own."""

    at: float
    success: bool
    weight: float
    project: str | None


@dataclass(slots=True)
class PatternRow:
    """A stored pattern, before anything is believed of it."""

    row_id: int
    id: str
    columns: sqlite3.Row
    labels: list[Label] = field(default_factory=list)
    sites: int = 0
    ratings: list[int] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    retired: float | None = None

    def json(self, column: str) -> Any:
        """The decoded JSON of a column."""
        return load(self.columns[column])


_SELECT = """
    SELECT p.id, p.uuid, p.path, p.qualname, p.line, p.end_line, p.updated, p.gone, p.withheld,
           p.version_id, v.name, v.kind, v.pattern_type, v.category, v.language, v.framework,
           v.code, v.signature, v.docstring, v.complexity, v.quality, v.quality_parts, v.tags,
           v.dependencies, v.facets, r.name AS project, r.root
    FROM patterns p
    JOIN versions v ON v.id = p.version_id
    JOIN projects r ON r.id = p.project_id
"""


def fetch(conn: sqlite3.Connection, row_ids: Sequence[int]) -> list[PatternRow]:
    """The patterns with these row ids, in that order; unknown ids are left out."""
    found: dict[int, PatternRow] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        for row in conn.execute(f"{_SELECT} WHERE p.id IN ({names})", values):
            found[row["id"]] = PatternRow(row["id"], row["uuid"], row)
        _add_labels(conn, found, names, values)
        _add_counts(conn, found, names, values)
    return [found[row_id] for row_id in row_ids if row_id in found]


def _add_labels(
    conn: sqlite3.Connection, found: dict[int, PatternRow], names: str, values: dict[str, Any]
) -> None:
    rows = conn.execute(
        f"""
        SELECT p.id, l.label, l.confidence, l.evidence, l.why FROM patterns p
        JOIN labels l ON l.version_id = p.version_id
        WHERE p.id IN ({names}) ORDER BY l.confidence DESC, l.label
        """,
        values,
    )
    for row in rows:
        pattern = found[row["id"]]
        lines = tuple(pattern.columns["line"] + offset for offset in load(row["evidence"]))
        pattern.labels.append(Label(row["label"], row["confidence"], lines, row["why"]))


def _add_counts(
    conn: sqlite3.Connection, found: dict[int, PatternRow], names: str, values: dict[str, Any]
) -> None:
    sites = f"SELECT pattern_id, COUNT(*) AS n FROM sites WHERE pattern_id IN ({names}) GROUP BY pattern_id"
    for row in conn.execute(sites, values):
        found[row["pattern_id"]].sites = row["n"]
    ratings = f"SELECT pattern_id, rating FROM ratings WHERE pattern_id IN ({names}) ORDER BY updated, id"
    for row in conn.execute(ratings, values):
        found[row["pattern_id"]].ratings.append(row["rating"])
    trials = f"""
        SELECT pattern_id, at, success, weight, project FROM trials
        WHERE pattern_id IN ({names}) ORDER BY pattern_id, at
    """
    for row in conn.execute(trials, values):
        found[row[0]].trials.append(Trial(row[1], bool(row[2]), row[3], row[4]))
    for row in conn.execute(f"SELECT pattern_id, at FROM retired WHERE pattern_id IN ({names})", values):
        found[row["pattern_id"]].retired = row["at"]


def row_ids(conn: sqlite3.Connection, uuids: Iterable[str], *, live: bool = False) -> dict[str, int]:
    """Row ids by pattern id; unknown ids are left out, and with ``live`` those that are gone."""
    found: dict[str, int] = {}
    condition = " AND gone IS NULL" if live else ""
    for part in chunks(uuids):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT uuid, id FROM patterns WHERE uuid IN ({names}){condition}", values)
        found.update((row["uuid"], row["id"]) for row in rows)
    return found


def by_prefix(conn: sqlite3.Connection, prefix: str, limit: int = 3) -> list[tuple[str, int]]:
    """(pattern id, row id) of patterns whose id starts with ``prefix``."""
    rows = conn.execute(
        "SELECT uuid, id FROM patterns WHERE uuid >= :low AND uuid < :high ORDER BY uuid LIMIT :limit",
        {"low": prefix, "high": prefix + "\uffff", "limit": limit},
    )
    return [(row["uuid"], row["id"]) for row in rows]


def recent(conn: sqlite3.Connection, limit: int, filters: Filters = Filters()) -> list[int]:
    """Row ids of live patterns, last changed first."""
    where, values = conditions(filters)
    rows = conn.execute(
        f"""
        SELECT p.id FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id
        WHERE p.gone IS NULL {where} ORDER BY p.updated DESC, p.id DESC LIMIT :limit
        """,
        {**values, "limit": limit},
    )
    return [row["id"] for row in rows]


def allowed(conn: sqlite3.Connection, filters: Filters) -> dict[str, int] | None:
    """Row ids by pattern id of what ``filters`` admit; ``None`` when they admit all."""
    where, values = conditions(filters)
    if not where:
        return None
    rows = conn.execute(
        f"""
        SELECT p.uuid, p.id FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id WHERE p.gone IS NULL {where}
        """,
        values,
    )
    return {row["uuid"]: row["id"] for row in rows}


def conditions(filters: Filters) -> tuple[str, dict[str, Any]]:
    """SQL over the aliases p, v and r, and its parameters, for ``filters``."""
    tests = {
        "language": "v.language = :language",
        "framework": "v.framework = :framework",
        "pattern_type": "v.pattern_type = :pattern_type",
        "project": "(r.name = :project OR r.root = :project)",
        "min_quality": "v.quality >= :min_quality",
        "label": "EXISTS (SELECT 1 FROM labels l WHERE l.version_id = v.id AND l.label = :label)",
    }
    values = {name: getattr(filters, name) for name in tests if getattr(filters, name) is not None}
    return "".join(f" AND {tests[name]}" for name in values), values


def count(conn: sqlite3.Connection) -> int:
    """How many patterns are live."""
    return int(conn.execute("SELECT COUNT(*) FROM patterns WHERE gone IS NULL").fetchone()[0])


def standing(conn: sqlite3.Connection, project_id: int) -> list[int]:
    """Row ids of the project's patterns that stand in its code, shown or not."""
    rows = conn.execute(
        "SELECT DISTINCT p.id FROM patterns p JOIN sites s ON s.pattern_id = p.id "
        "WHERE p.project_id = :project ORDER BY p.id",
        {"project": project_id},
    )
    return [row["id"] for row in rows]


def sites(conn: sqlite3.Connection, row_id: int) -> list[Site]:
    """Every place where a pattern stands."""
    rows = conn.execute(
        """
        SELECT r.name AS project, r.root, f.path, s.qualname, s.line, s.end_line FROM sites s
        JOIN files f ON f.id = s.file_id JOIN projects r ON r.id = f.project_id
        WHERE s.pattern_id = :id ORDER BY f.path, s.line
        """,
        {"id": row_id},
    )
    return [Site(**dict(row)) for row in rows]


def in_file(conn: sqlite3.Connection, project_id: int, path: str) -> list[str]:
    """Ids of the patterns that stand in a file, by line."""
    rows = conn.execute(
        """
        SELECT p.uuid FROM sites s JOIN files f ON f.id = s.file_id JOIN patterns p ON p.id = s.pattern_id
        WHERE f.project_id = :project AND f.path = :path ORDER BY s.line
        """,
        {"project": project_id, "path": path},
    )
    return [row["uuid"] for row in rows]
