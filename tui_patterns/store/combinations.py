"""What stands, or was injected, together: counts over files, classes and prompts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from tui_patterns.store.sql import named_list


class Partner(NamedTuple):
    """Another pattern in ``both`` of the baskets that hold this one, and in ``alone`` of all of them."""

    row_id: int
    both: int
    alone: int


class LabelPlace(NamedTuple):
    """A label at one place."""

    file: int
    qualname: str
    label: str


def partners_in_files(conn: sqlite3.Connection, pattern: int, least: int, limit: int) -> list[Partner]:
    """Patterns beside ``pattern``, not inside it, in at least ``least`` files."""
    rows = conn.execute(
        """
        SELECT b.pattern_id, COUNT(DISTINCT b.file_id) AS n,
               (SELECT COUNT(DISTINCT c.file_id) FROM sites c WHERE c.pattern_id = b.pattern_id) AS alone
        FROM sites a JOIN sites b ON b.file_id = a.file_id AND b.pattern_id <> a.pattern_id
        WHERE a.pattern_id = :pattern AND (b.line > a.end_line OR b.end_line < a.line)
        GROUP BY b.pattern_id HAVING COUNT(DISTINCT b.file_id) >= :least
        ORDER BY n DESC, alone, b.pattern_id LIMIT :limit
        """,
        {"pattern": pattern, "least": least, "limit": limit},
    )
    return [Partner(row["pattern_id"], row["n"], row["alone"]) for row in rows]


def partners_in_prompts(conn: sqlite3.Connection, pattern: int, least: int, limit: int) -> list[Partner]:
    """Patterns that at least ``least`` prompts got together with ``pattern``."""
    rows = conn.execute(
        """
        SELECT b.pattern_id, COUNT(*) AS n,
               (SELECT COUNT(*) FROM injection_patterns c WHERE c.pattern_id = b.pattern_id) AS alone
        FROM injection_patterns a JOIN injection_patterns b
             ON b.injection_id = a.injection_id AND b.pattern_id <> a.pattern_id
        WHERE a.pattern_id = :pattern GROUP BY b.pattern_id HAVING COUNT(*) >= :least
        ORDER BY n DESC, alone, b.pattern_id LIMIT :limit
        """,
        {"pattern": pattern, "least": least, "limit": limit},
    )
    return [Partner(row["pattern_id"], row["n"], row["alone"]) for row in rows]


def baskets(conn: sqlite3.Connection, pattern: int) -> tuple[int, int, int, int]:
    """Files that hold any pattern and those that hold this one, then the same of prompts."""
    row = conn.execute(
        """
        SELECT (SELECT COUNT(DISTINCT file_id) FROM sites),
               (SELECT COUNT(DISTINCT file_id) FROM sites WHERE pattern_id = :pattern),
               (SELECT COUNT(*) FROM injections),
               (SELECT COUNT(*) FROM injection_patterns WHERE pattern_id = :pattern)
        """,
        {"pattern": pattern},
    ).fetchone()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def labels_of(conn: sqlite3.Connection, pattern: int, least: float) -> list[str]:
    """Labels of the current version with a confidence of at least ``least``."""
    rows = conn.execute(
        "SELECT l.label FROM labels l JOIN patterns p ON p.version_id = l.version_id "
        "WHERE p.id = :pattern AND l.confidence >= :least ORDER BY l.label",
        {"pattern": pattern, "least": least},
    )
    return [row["label"] for row in rows]


def label_places(conn: sqlite3.Connection, least: float) -> list[LabelPlace]:
    """Every label with a confidence of at least ``least``, wherever it stands now."""
    rows = conn.execute(
        "SELECT s.file_id, s.qualname, l.label FROM sites s JOIN labels l ON l.version_id = s.version_id "
        "WHERE l.confidence >= :least",
        {"least": least},
    )
    return [LabelPlace(row["file_id"], row["qualname"], row["label"]) for row in rows]


def classes(conn: sqlite3.Connection) -> int:
    """How many classes stand anywhere now."""
    row = conn.execute(
        "SELECT COUNT(*) FROM sites s JOIN versions v ON v.id = s.version_id WHERE v.kind = 'class'"
    ).fetchone()
    return int(row[0])


def names_of(conn: sqlite3.Connection, row_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """(id, name) by row id."""
    names, values = named_list("id", list(row_ids))
    rows = conn.execute(
        f"SELECT p.id, p.uuid, v.name FROM patterns p JOIN versions v ON v.id = p.version_id "
        f"WHERE p.id IN ({names})",
        values,
    )
    return {row["id"]: (row["uuid"], row["name"]) for row in rows}


def same_named(conn: sqlite3.Connection, project: int, names: Sequence[str], limit: int) -> list[int]:
    """Live patterns of a project whose own name (the last part) is one of ``names``."""
    tests = " OR ".join(f"p.qualname = :n{at} OR p.qualname LIKE :l{at}" for at in range(len(names)))
    values = {f"n{at}": name for at, name in enumerate(names)}
    values |= {f"l{at}": f"%.{name}" for at, name in enumerate(names)}
    rows = conn.execute(
        f"SELECT p.id FROM patterns p WHERE p.project_id = :project AND p.gone IS NULL AND ({tests}) "
        "ORDER BY p.id LIMIT :limit",
        {**values, "project": project, "limit": limit},
    )
    return [row["id"] for row in rows]


def labelled(conn: sqlite3.Connection, labels: Sequence[str], least: float, limit: int) -> list[int]:
    """Live patterns with one of these labels, the surest first."""
    names, values = named_list("label", list(labels))
    rows = conn.execute(
        f"""
        SELECT p.id FROM labels l JOIN patterns p ON p.version_id = l.version_id
        WHERE p.gone IS NULL AND l.label IN ({names}) AND l.confidence >= :least
        GROUP BY p.id ORDER BY MAX(l.confidence) DESC, p.id LIMIT :limit
        """,
        {**values, "least": least, "limit": limit},
    )
    return [row["id"] for row in rows]


def project_of(conn: sqlite3.Connection, pattern: int) -> int:
    """The row id of a pattern's project."""
    row = conn.execute("SELECT project_id FROM patterns WHERE id = :id", {"id": pattern}).fetchone()
    return int(row["project_id"])
