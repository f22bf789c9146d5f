"""Counts over the whole library."""

from __future__ import annotations

import sqlite3

from tui_patterns.models import LibraryStats
from tui_patterns.store import files

_LIVE = (
    "FROM patterns p JOIN versions v ON v.id = p.version_id "
    "JOIN projects r ON r.id = p.project_id WHERE p.gone IS NULL AND p.lead_id IS NULL"
)


def collect(conn: sqlite3.Connection) -> LibraryStats:
    """Everything that ``stats`` shows, in one go."""
    quality = conn.execute(f"SELECT AVG(v.quality) {_LIVE}").fetchone()[0]
    return LibraryStats(
        projects=_count(conn, "projects"),
        files=_count(conn, "files"),
        patterns=int(conn.execute(f"SELECT COUNT(*) {_LIVE}").fetchone()[0]),
        gone=_count(conn, "patterns WHERE gone IS NOT NULL AND withheld IS NULL"),
        embedded=int(
            conn.execute(
                f"SELECT COUNT(*) {_LIVE} AND EXISTS (SELECT 1 FROM vectors x WHERE x.doc_hash = v.doc_hash)"
            ).fetchone()[0]
        ),
        ratings=_count(conn, "ratings"),
        injections=_count(conn, "injections"),
        by_language=_shares(conn, "v.language"),
        by_kind=_shares(conn, "v.kind"),
        by_framework=_shares(conn, "v.framework"),
        by_project=_shares(conn, "r.name"),
        average_quality=quality,
        failed_files=tuple(files.failed(conn)),
    )


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def _shares(conn: sqlite3.Connection, column: str) -> dict[str, int]:
    rows = conn.execute(
        f"SELECT {column} AS share, COUNT(*) AS n {_LIVE} AND {column} IS NOT NULL "
        "GROUP BY share ORDER BY n DESC, share"
    )
    return {row["share"]: row["n"] for row in rows}
