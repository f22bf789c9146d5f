"""Files as they were when last read: enough to know, without parsing, what changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from tui_patterns.store.sql import dump, now, rows_in


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One file of a project; ``content_hash`` is ``None`` if it was never read."""

    id: int
    path: str
    size: int
    mtime_ns: int
    content_hash: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is noted about a file each time it is read."""

    path: str
    language: str
    size: int
    mtime_ns: int
    content_hash: str | None
    lines: int = 0
    error: str | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    reads: tuple[tuple[str, str | None], ...] = ()


def known(
    conn: sqlite3.Connection, project_id: int, paths: Iterable[str] | None = None
) -> dict[str, KnownFile]:
    """Files of a project by path: all of them, or those among ``paths``."""
    columns = "SELECT id, path, size, mtime_ns, content_hash, error FROM files WHERE project_id = :project"
    if paths is None:
        rows = conn.execute(columns, {"project": project_id}).fetchall()
    else:
        rows = list(rows_in(conn, f"{columns} AND path IN (:ids)", paths, project=project_id))
    return {row["path"]: KnownFile(**dict(row)) for row in rows}


def save(conn: sqlite3.Connection, project_id: int, facts: FileFacts) -> int:
    """Write what was just read, and return the file's id."""
    row = conn.execute(
        """
        INSERT INTO files
            (project_id, path, language, size, mtime_ns, content_hash, lines, error, left_out, parsed)
        VALUES (:project, :path, :language, :size, :mtime_ns, :content_hash, :lines, :error, :left_out, :now)
        ON CONFLICT (project_id, path) DO UPDATE SET
            language = excluded.language, size = excluded.size, mtime_ns = excluded.mtime_ns,
            content_hash = excluded.content_hash, lines = excluded.lines, error = excluded.error,
            left_out = excluded.left_out, parsed = excluded.parsed
        RETURNING id
        """,
        {
            "project": project_id,
            "path": facts.path,
            "language": facts.language,
            "size": facts.size,
            "mtime_ns": facts.mtime_ns,
            "content_hash": facts.content_hash,
            "lines": facts.lines,
            "error": facts.error,
            "left_out": dump(facts.left_out),
            "now": now(),
        },
    ).fetchone()
    file_id = int(row["id"])
    conn.execute("DELETE FROM file_reads WHERE file_id = :file", {"file": file_id})
    conn.executemany(
        "INSERT INTO file_reads (file_id, path, content_hash) VALUES (?, ?, ?)",
        [(file_id, path, content_hash) for path, content_hash in facts.reads],
    )
    return file_id


def outdated(conn: sqlite3.Connection, project_id: int, paths: Iterable[str]) -> set[str]:
    """Files for which one of *paths* was read while they were parsed, and is no longer as it was then."""
    rows = rows_in(
        conn,
        """
        SELECT DISTINCT f.path FROM file_reads r
        JOIN files f ON f.id = r.file_id
        LEFT JOIN files g ON g.project_id = f.project_id AND g.path = r.path
        WHERE f.project_id = :project AND r.path IN (:ids)
          AND COALESCE(g.content_hash, '') <> COALESCE(r.content_hash, '')
        """,
        paths,
        project=project_id,
    )
    return {row["path"] for row in rows}


def left_outdated(conn: sqlite3.Connection, project_id: int) -> set[str]:
    """All files for which another one was read that is known as something else now."""
    rows = conn.execute(
        """
        SELECT f.path FROM files f WHERE f.project_id = :project AND EXISTS (
            SELECT 1 FROM file_reads r JOIN files g ON g.project_id = :project AND g.path = r.path
            WHERE r.file_id = f.id AND g.content_hash <> ''
              AND g.content_hash <> COALESCE(r.content_hash, '')
        )
        """,
        {"project": project_id},
    )
    return {row["path"] for row in rows}


def strangers(conn: sqlite3.Connection, project_id: int) -> list[tuple[str, str, str]]:
    """(file, what was read for it, its hash then) where that is no file of the project: ignored, or gone."""
    rows = conn.execute(
        """
        SELECT f.path, r.path, r.content_hash FROM file_reads r JOIN files f ON f.id = r.file_id
        LEFT JOIN files g ON g.project_id = f.project_id AND g.path = r.path
        WHERE f.project_id = :project AND r.content_hash IS NOT NULL AND g.id IS NULL
        """,
        {"project": project_id},
    )
    return [(row[0], row[1], row[2]) for row in rows]


def touch(conn: sqlite3.Connection, file_id: int, size: int, mtime_ns: int) -> None:
    """The bytes are the same, only size or time were written anew."""
    conn.execute(
        "UPDATE files SET size = :size, mtime_ns = :mtime WHERE id = :id",
        {"size": size, "mtime": mtime_ns, "id": file_id},
    )


def remove(conn: sqlite3.Connection, file_id: int) -> None:
    """Forget a file that is no longer there."""
    conn.execute("DELETE FROM files WHERE id = :id", {"id": file_id})


def failed(conn: sqlite3.Connection, limit: int = 100) -> list[tuple[str, str]]:
    """(path, reason) of files that could not be parsed, newest first."""
    rows = conn.execute(
        "SELECT path, error FROM files WHERE error IS NOT NULL ORDER BY parsed DESC LIMIT :limit",
        {"limit": limit},
    )
    return [(row["path"], row["error"]) for row in rows]
