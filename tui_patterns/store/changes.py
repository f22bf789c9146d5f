"""What an index run writes of patterns and of the sites where they stand (their code: ``versions.py``).

Every function expects to be called inside one transaction.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from tui_patterns.models import Unit
from tui_patterns.store.candidates import SiteRow, sites_of_patterns
from tui_patterns.store.sql import now, rows_in
from tui_patterns.store.versions import copy_version
from tui_patterns.store.words import context_id, context_words


def add_pattern(conn: sqlite3.Connection, project_id: int, unit: Unit) -> int:
    """A new identity, not yet with a version; returns its row id."""
    row = conn.execute(
        """
        INSERT INTO patterns (uuid, project_id, path, qualname, line, end_line, created, updated)
        VALUES (:uuid, :project, :path, :qualname, :line, :end_line, :now, :now) RETURNING id
        """,
        {"uuid": str(uuid.uuid4()), "project": project_id, **_place(unit), "now": now()},
    ).fetchone()
    return int(row["id"])


def _place(unit: Unit) -> dict[str, Any]:
    return {"path": unit.path, "qualname": unit.qualname, "line": unit.line, "end_line": unit.end_line}


def add_site(conn: sqlite3.Connection, pattern: int, version: int, file_id: int, unit: Unit) -> None:
    """``pattern`` stands here too."""
    conn.execute(
        """
        INSERT INTO sites (pattern_id, version_id, file_id, qualname, line, end_line, context_id)
        VALUES (:pattern, :version, :file, :qualname, :line, :end_line, :context)
        """,
        {
            "pattern": pattern,
            "version": version,
            "file": file_id,
            "context": context_id(conn, context_words(unit)),
            "qualname": unit.qualname,
            "line": unit.line,
            "end_line": unit.end_line,
        },
    )


def remove_sites(conn: sqlite3.Connection, file_ids: Iterable[int]) -> None:
    """Take every site in these files away."""
    conn.executemany("DELETE FROM sites WHERE file_id = ?", [(file_id,) for file_id in file_ids])


def set_main(conn: sqlite3.Connection, pattern: int, site: SiteRow, *, changed: bool) -> None:
    """Show ``pattern`` by this site; it is on disk (again)."""
    conn.execute(
        """
        UPDATE patterns SET version_id = :version, path = :path, qualname = :qualname, line = :line,
            end_line = :end_line, gone = NULL, updated = CASE WHEN :changed THEN :now ELSE updated END
        WHERE id = :id
        """,
        {
            "version": site.version,
            "path": site.path,
            "qualname": site.qualname,
            "line": site.line,
            "end_line": site.end_line,
            "changed": changed,
            "now": now(),
            "id": pattern,
        },
    )


def set_version(conn: sqlite3.Connection, pattern: int, version: int) -> None:
    """The version that a pattern shows."""
    conn.execute("UPDATE patterns SET version_id = :v WHERE id = :id", {"v": version, "id": pattern})


def move_sites(conn: sqlite3.Connection, source: int, target: int) -> None:
    """Let ``target`` stand where ``source`` stands, with the versions that stand there."""
    for site in sites_of_patterns(conn, [source]):
        conn.execute(
            "UPDATE sites SET pattern_id = :target, version_id = :version WHERE id = :site",
            {"target": target, "version": copy_version(conn, site.version, target), "site": site.site},
        )


def mark_gone(conn: sqlite3.Connection, pattern: int) -> None:
    """No site is left: keep what was learned, find it no more."""
    conn.execute("UPDATE patterns SET gone = :now WHERE id = :id", {"now": now(), "id": pattern})
    conn.execute("DELETE FROM search_docs WHERE pattern_id = :id", {"id": pattern})


def remove_pattern(conn: sqlite3.Connection, pattern: int) -> None:
    """Delete an identity without evidence; one that Chroma holds is gone until it is taken out there."""
    deleted = conn.execute(
        "DELETE FROM patterns WHERE id = :id AND NOT EXISTS (SELECT 1 FROM synced "
        "WHERE pattern_id = :id AND collection IN (SELECT id FROM collections))",
        {"id": pattern},
    )
    if not deleted.rowcount:
        mark_gone(conn, pattern)


def split(conn: sqlite3.Connection, source: int, sites: Sequence[SiteRow]) -> int:
    """Move copies that did not follow an edit of their pattern to a pattern of their own."""
    first = sites[0]
    row = conn.execute(
        """
        INSERT INTO patterns (uuid, project_id, path, qualname, line, end_line, created, updated)
        SELECT :uuid, p.project_id, :path, :qualname, s.line, s.end_line, p.created, :now
        FROM patterns p JOIN sites s ON s.id = :site WHERE p.id = :source RETURNING id
        """,
        {
            "uuid": str(uuid.uuid4()),
            "path": first.path,
            "qualname": first.qualname,
            "now": now(),
            "site": first.site,
            "source": source,
        },
    ).fetchone()
    pattern = int(row["id"])
    versions = {site.version: copy_version(conn, site.version, pattern) for site in sites}
    for site in sites:
        conn.execute(
            "UPDATE sites SET pattern_id = :pattern, version_id = :version WHERE id = :site",
            {"pattern": pattern, "version": versions[site.version], "site": site.site},
        )
    set_version(conn, pattern, versions[first.version])
    return pattern


def shown_version(conn: sqlite3.Connection, pattern: int) -> int | None:
    """The version that a pattern shows now."""
    row = conn.execute("SELECT version_id FROM patterns WHERE id = :id", {"id": pattern}).fetchone()
    return row["version_id"] if row else None


def uuids(conn: sqlite3.Connection, row_ids: Iterable[int]) -> tuple[str, ...]:
    """The public ids of these patterns, oldest first."""
    rows = rows_in(conn, "SELECT uuid FROM patterns WHERE id IN (:ids) ORDER BY id", sorted(row_ids))
    return tuple(row["uuid"] for row in rows)
