"""Patterns as they are read: the current version at the main site, with its evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tui_patterns.models import Filters, Label, Site
from tui_patterns.store.conditions import conditions
from tui_patterns.store.packing import unpack
from tui_patterns.store.sql import CHUNK, chunks, load, named_list


class Trial(NamedTuple):
    """One use of which it is known how it went; ``project`` None: in the pattern's own."""

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

    def texts(self) -> tuple[str | None, ...]:
        """Code, docstring, signature, facets (as JSON) and calls of the version."""
        return unpack(self.columns["body"])

    def json(self, column: str) -> Any:
        """The decoded JSON of a column."""
        return load(self.columns[column])


_SELECT = """
    SELECT p.id, p.uuid, p.path, p.qualname, p.line, p.end_line, p.updated, p.gone, p.withheld,
           p.version_id, p.lead_id, v.name, v.kind, v.pattern_type, v.category, v.language, v.framework,
           c.body, v.complexity, v.quality,
           v.quality_parts, v.tags, v.dependencies, v.subcategory, v.component_type, v.form,
           r.name AS project, r.root
    FROM patterns p
    JOIN versions v ON v.id = p.version_id
    JOIN codes c ON c.version_id = v.id
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
    _add_counts(conn, found)
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


def _add_counts(conn: sqlite3.Connection, found: dict[int, PatternRow]) -> None:
    """Sites and evidence, those of near-copies too: they are shown as one."""
    shown = _shown_by(conn, found)
    for part in chunks(shown):
        names, values = named_list("id", part)
        where = f"WHERE pattern_id IN ({names})"
        for row in conn.execute(f"SELECT pattern_id, COUNT(*) AS n FROM sites {where} GROUP BY 1", values):
            for pattern in shown[row["pattern_id"]]:
                pattern.sites += row["n"]
        ratings = f"SELECT pattern_id, rating FROM ratings {where} ORDER BY updated, id"
        for row in conn.execute(ratings, values):
            for pattern in shown[row["pattern_id"]]:
                pattern.ratings.append(row["rating"])
        _add_outcomes(conn, shown, where, values)


def _add_outcomes(
    conn: sqlite3.Connection, shown: dict[int, list[PatternRow]], where: str, values: dict[str, Any]
) -> None:
    trials = f"""
        SELECT t.pattern_id, t.at, t.success, t.weight, COALESCE(t.project, r.root) AS project
        FROM trials t JOIN patterns p ON p.id = t.pattern_id JOIN projects r ON r.id = p.project_id
        {where} ORDER BY t.pattern_id, t.at
    """
    for row in conn.execute(trials, values):
        for pattern in shown[row[0]]:
            pattern.trials.append(Trial(row[1], bool(row[2]), row[3], row[4]))
    for row in conn.execute(f"SELECT pattern_id, at FROM retired {where}", values):
        for pattern in shown[row["pattern_id"]]:
            pattern.retired = row["at"]


def _shown_by(conn: sqlite3.Connection, found: dict[int, PatternRow]) -> dict[int, list[PatternRow]]:
    """By row id, the patterns of *found* that show its sites and evidence: itself and its near-copies."""
    by_lead: dict[int, list[PatternRow]] = {}
    for row_id, pattern in found.items():
        by_lead.setdefault(pattern.columns["lead_id"] or row_id, []).append(pattern)
    return {member: by_lead[lead] for member, lead in members(conn, by_lead).items()}


def members(conn: sqlite3.Connection, leads: Iterable[int]) -> dict[int, int]:
    """The lead of each pattern that one of these leads stands for, the leads among them."""
    found: dict[int, int] = {}
    for part in chunks(leads):
        names, values = named_list("id", part)
        found.update((lead, lead) for lead in part)
        rows = conn.execute(f"SELECT id, lead_id FROM patterns WHERE lead_id IN ({names})", values)
        found.update((row["id"], row["lead_id"]) for row in rows)
    return found


def leads(conn: sqlite3.Connection, row_ids: Iterable[int]) -> dict[int, int]:
    """By which pattern each of these is shown: its lead, or itself."""
    found: dict[int, int] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT id, COALESCE(lead_id, id) AS lead FROM patterns WHERE id IN ({names})", values
        )
        found.update((row["id"], row["lead"]) for row in rows)
    return found


def family(conn: sqlite3.Connection, row_id: int) -> list[int]:
    """A pattern with all its near-copies, the lead first."""
    lead = leads(conn, [row_id]).get(row_id, row_id)
    return [lead, *(member for member in members(conn, [lead]) if member != lead)]


def row_ids(conn: sqlite3.Connection, uuids: Iterable[str], *, live: bool = False) -> dict[str, int]:
    """Row ids by pattern id; unknown ids are left out, and with ``live`` those that are gone."""
    found: dict[str, int] = {}
    condition = " AND +gone IS NULL" if live else ""  # by id, not by the index of what is not gone
    for part in chunks(uuids):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT uuid, id FROM patterns WHERE uuid IN ({names}){condition}", values)
        found.update((row["uuid"], row["id"]) for row in rows)
    return found


def id_of(conn: sqlite3.Connection, row_id: int) -> str:
    """The public id of the pattern with this row id."""
    return str(conn.execute("SELECT uuid FROM patterns WHERE id = :id", {"id": row_id}).fetchone()["uuid"])


def qualnames(conn: sqlite3.Connection, row_ids: Sequence[int]) -> dict[int, str]:
    """Qualified names of the main sites, by row id."""
    found: dict[int, str] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT id, qualname FROM patterns WHERE id IN ({names})", values)
        found.update((row["id"], row["qualname"]) for row in rows)
    return found


def by_prefix(conn: sqlite3.Connection, prefix: str, limit: int = 3) -> list[tuple[str, int]]:
    """(pattern id, row id) of patterns whose id starts with ``prefix``."""
    rows = conn.execute(
        "SELECT uuid, id FROM patterns WHERE uuid >= :low AND uuid < :high ORDER BY uuid LIMIT :limit",
        {"low": prefix, "high": prefix + "\uffff", "limit": limit},
    )
    return [(row["uuid"], row["id"]) for row in rows]


def recent(conn: sqlite3.Connection, limit: int, filters: Filters = Filters()) -> list[int]:
    """Row ids of live patterns, last changed first; near-copies are shown by their lead."""
    where, values = conditions(filters)
    rows = conn.execute(
        f"""
        SELECT COALESCE(p.lead_id, p.id) AS id FROM patterns p JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id
        WHERE p.gone IS NULL {where} ORDER BY p.updated DESC, p.id DESC
        """,
        values,
    )
    found: dict[int, None] = {}
    for row in rows:
        found[row["id"]] = None
        if len(found) >= limit:
            break
    rows.close()
    return list(found)[:limit]


def narrows(filters: Filters) -> bool:
    """Whether ``filters`` leave anything out."""
    return bool(conditions(filters)[0])


# A version belongs to one pattern: said twice, so that a search may begin at either. The plus keeps it from
# beginning at the index of what is not gone, which is nearly everything.
_ADMITTED = """
    SELECT p.uuid, p.id FROM patterns p JOIN versions v ON v.id = p.version_id AND v.pattern_id = p.id
    JOIN projects r ON r.id = p.project_id WHERE +p.gone IS NULL
"""


def allowed(conn: sqlite3.Connection, filters: Filters) -> dict[str, int] | None:
    """Row ids by pattern id of all that ``filters`` admit; ``None`` when they admit everything."""
    where, values = conditions(filters)
    if not where:
        return None
    return {row["uuid"]: row["id"] for row in conn.execute(f"{_ADMITTED} {where}", values)}


def admitted(conn: sqlite3.Connection, uuids: Iterable[str], filters: Filters) -> dict[str, int]:
    """Row ids by pattern id of those among these live patterns that ``filters`` admit."""
    where, values = conditions(filters, of_few=True)
    found: dict[str, int] = {}
    for part in chunks(uuids):
        names, some = named_list("uuid", part)
        rows = conn.execute(f"{_ADMITTED} {where} AND p.uuid IN ({names})", {**values, **some})
        found.update((row["uuid"], row["id"]) for row in rows)
    return found


def count(conn: sqlite3.Connection) -> int:
    """How many patterns are live, near-copies counted as one."""
    live = "SELECT COUNT(*) FROM patterns WHERE gone IS NULL AND lead_id IS NULL"
    return int(conn.execute(live).fetchone()[0])


def standing(conn: sqlite3.Connection, project_id: int) -> list[int]:
    """Row ids of the project's patterns that stand in its code, shown or not."""
    rows = conn.execute(
        "SELECT DISTINCT p.id FROM patterns p JOIN sites s ON s.pattern_id = p.id "
        "WHERE p.project_id = :project ORDER BY p.id",
        {"project": project_id},
    )
    return [row["id"] for row in rows]


def sites(conn: sqlite3.Connection, row_id: int) -> list[Site]:
    """Every place where a pattern or a near-copy of it stands."""
    names, values = named_list("id", family(conn, row_id)[:CHUNK])
    rows = conn.execute(
        f"""
        SELECT r.name AS project, r.root, f.path, s.qualname, s.line, s.end_line FROM sites s
        JOIN files f ON f.id = s.file_id JOIN projects r ON r.id = f.project_id
        WHERE s.pattern_id IN ({names}) ORDER BY f.path, s.line
        """,
        values,
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
