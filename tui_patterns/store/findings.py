"""Anti-patterns by file, as of the content that was examined; copies are matched when they are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.sql import rows_in


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One stored finding. ``twin`` is where the other copy of duplicated code stands, as ``path:line``."""

    label: str
    rule: str
    path: str
    qualname: str | None
    line: int
    end_line: int
    measured: str
    mark: str
    dismissed: bool
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class ToExamine:
    """A file whose findings are not those of its content."""

    file: int
    root: str
    path: str
    content_hash: str


_CURRENT = "x.content_hash = f.content_hash AND x.rules = :rules"
_EXAMINABLE = (
    "f.error IS NULL AND f.lines > 0 AND f.content_hash <> '' AND f.left_out NOT LIKE '%\"generated\"%'"
)
# Where another function with the same body stands first, by path and line.
_TWIN = """
    SELECT o.path || ':' || b2.line FROM bodies b2 JOIN files o ON o.id = b2.file_id
    WHERE b2.body_hash = b.body_hash AND o.project_id = f.project_id AND b2.id <> b.id
    ORDER BY o.path, b2.line LIMIT 1
"""
_FOUND = """
    SELECT g.file_id, g.label, g.rule, f.path, g.qualname, g.line, g.end_line, g.measured, g.mark,
           NULL AS twin
    FROM findings g JOIN files f ON f.id = g.file_id WHERE {where}
"""
_COPIED = f"""
    SELECT b.file_id, 'duplicated_code' AS label, 'duplicated_code' AS rule, f.path, b.qualname, b.line,
           b.end_line, '' AS measured, b.mark, ({_TWIN}) AS twin
    FROM bodies b JOIN files f ON f.id = b.file_id WHERE b.quiet = 0 AND ({_TWIN}) IS NOT NULL AND {{where}}
"""
# Of most bodies there is one: no need to look for the twins of those.
_REPEATED = "b.body_hash IN (SELECT body_hash FROM bodies GROUP BY body_hash HAVING COUNT(*) > 1)"


def pending(conn: sqlite3.Connection, rules: int, limit: int, root: str | None = None) -> list[ToExamine]:
    """Files whose content, or the rules for it, have changed since they were examined, newest first.

    Those that cannot be parsed or were generated are left aside; ``root`` names one project.
    """
    rows = conn.execute(
        f"""
        SELECT f.id AS file, r.root, f.path, f.content_hash FROM files f
        JOIN projects r ON r.id = f.project_id LEFT JOIN examined x ON x.file_id = f.id AND {_CURRENT}
        WHERE x.file_id IS NULL AND {_EXAMINABLE} AND (:root IS NULL OR r.root = :root)
        ORDER BY f.parsed DESC, f.path LIMIT :limit
        """,
        {"rules": rules, "limit": limit, "root": root},
    )
    return [ToExamine(**dict(row)) for row in rows]


def outlived(conn: sqlite3.Connection) -> list[int]:
    """Files of which findings are kept though what they hold now is left aside by ``pending``."""
    rows = conn.execute(
        "SELECT x.file_id FROM examined x JOIN files f ON f.id = x.file_id "
        f"WHERE x.content_hash <> f.content_hash AND NOT ({_EXAMINABLE})"
    )
    return [row["file_id"] for row in rows]


def forget(conn: sqlite3.Connection, files: Iterable[int]) -> None:
    """What these files hold is not known. Within a transaction."""
    for table in ("findings", "bodies", "examined"):
        conn.executemany(f"DELETE FROM {table} WHERE file_id = ?", [(file,) for file in files])


def replace(
    conn: sqlite3.Connection,
    file: int,
    content_hash: str,
    rules: int,
    found: Sequence[dict[str, Any]],
    bodies: Sequence[dict[str, Any]],
    error: str | None = None,
) -> None:
    """Keep what a file of that content holds, in place of what was known. Within a transaction."""
    forget(conn, [file])
    conn.executemany(
        """
        INSERT INTO findings (file_id, label, rule, qualname, line, end_line, measured, mark)
        VALUES (:file, :label, :rule, :qualname, :line, :end_line, :measured, :mark)
        """,
        [{"file": file, **one} for one in found],
    )
    conn.executemany(
        """
        INSERT INTO bodies (file_id, body_hash, qualname, line, end_line, mark, quiet)
        VALUES (:file, SUBSTR(:key, 1, 16), :qualname, :line, :end_line, :mark, :quiet)
        """,
        [{"file": file, **one} for one in bodies],
    )
    conn.execute(
        """
        INSERT INTO examined (file_id, content_hash, rules, error) VALUES (:file, :hash, :rules, :error)
        ON CONFLICT (file_id) DO UPDATE SET content_hash = excluded.content_hash, rules = excluded.rules,
            error = excluded.error
        """,
        {"file": file, "hash": content_hash, "rules": rules, "error": error},
    )


def file_id(conn: sqlite3.Connection, root: str, path: str, rules: int) -> tuple[int, bool] | None:
    """(row id, whether what is known is of its content) of a file; ``None`` if it is not in the library."""
    row = conn.execute(
        f"""
        SELECT f.id, x.file_id IS NOT NULL AS current FROM files f JOIN projects r ON r.id = f.project_id
        LEFT JOIN examined x ON x.file_id = f.id AND {_CURRENT}
        WHERE r.root = :root AND f.path = :path
        """,
        {"root": root, "path": path, "rules": rules},
    ).fetchone()
    return (row["id"], bool(row["current"])) if row else None


def to_examine(conn: sqlite3.Connection, file: int) -> ToExamine | None:
    """A file by its row id, if it was ever read."""
    row = conn.execute(
        "SELECT f.id AS file, r.root, f.path, f.content_hash FROM files f "
        "JOIN projects r ON r.id = f.project_id WHERE f.id = :file AND f.content_hash <> ''",
        {"file": file},
    ).fetchone()
    return ToExamine(**dict(row)) if row else None


def in_file(conn: sqlite3.Connection, file: int) -> list[FindingRow]:
    """Findings of a file by line, dismissed ones too."""
    found = _FOUND.format(where="g.file_id = :file")
    copied = _COPIED.format(where="b.file_id = :file")
    rows = conn.execute(
        f"""
        SELECT u.label, u.rule, u.path, u.qualname, u.line, u.end_line, u.measured, u.mark, u.twin,
               EXISTS (SELECT 1 FROM dismissals d WHERE d.mark = u.mark) AS dismissed
        FROM ({found} UNION ALL {copied}) u ORDER BY u.line, u.label
        """,
        {"file": file},
    )
    return [FindingRow(**{**dict(row), "dismissed": bool(row["dismissed"])}) for row in rows]


def in_pattern(conn: sqlite3.Connection, pattern: int) -> list[FindingRow] | None:
    """Findings of a pattern at its main site, by line, dismissed ones too; ``None`` if not examined."""
    row = conn.execute(
        """
        SELECT f.id, p.qualname, p.line, p.end_line FROM patterns p
        JOIN files f ON f.project_id = p.project_id AND f.path = p.path
        JOIN examined x ON x.file_id = f.id AND x.content_hash = f.content_hash
        WHERE p.id = :pattern AND p.gone IS NULL
        """,
        {"pattern": pattern},
    ).fetchone()
    if row is None:
        return None
    lines = range(row["line"], row["end_line"] + 1)
    return [one for one in in_file(conn, row["id"]) if one.line in lines or one.qualname == row["qualname"]]


def by_mark(conn: sqlite3.Connection, prefix: str) -> list[tuple[str, FindingRow]]:
    """(root of the project, finding) of those whose mark begins with ``prefix``; several may share one."""
    found: list[tuple[str, FindingRow]] = []
    values = {"low": prefix, "high": prefix + "\uffff"}
    for row in conn.execute(
        """
        SELECT r.root, f.id AS file FROM projects r JOIN files f ON f.project_id = r.id WHERE f.id IN (
            SELECT file_id FROM findings WHERE mark >= :low AND mark < :high
            UNION SELECT file_id FROM bodies WHERE mark >= :low AND mark < :high)
        """,
        values,
    ).fetchall():
        found += [(row["root"], one) for one in in_file(conn, row["file"]) if one.mark.startswith(prefix)]
    return found


def counts(conn: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """(project, label, how many) without what was dismissed, most first."""
    kept = "NOT EXISTS (SELECT 1 FROM dismissals d WHERE d.mark = u.mark)"
    share = "SELECT f.project_id, u.label, COUNT(*) AS n FROM {0} u JOIN files f ON f.id = u.file_id"
    rows = conn.execute(
        f"""
        SELECT r.name AS project, s.label, SUM(s.n) AS n
        FROM ({share.format("findings")} WHERE {kept} GROUP BY f.project_id, u.label UNION ALL
              {share.format(f"({_COPIED.format(where=_REPEATED)})")} WHERE {kept}
              GROUP BY f.project_id, u.label) s
        JOIN projects r ON r.id = s.project_id
        GROUP BY r.name, s.label ORDER BY n DESC, r.name, s.label
        """
    )
    return [(row["project"], row["label"], row["n"]) for row in rows]


def count_examined(conn: sqlite3.Connection) -> int:
    """How many files were examined as they are now."""
    row = conn.execute(
        "SELECT COUNT(*) FROM examined x JOIN files f ON f.id = x.file_id AND f.content_hash = x.content_hash"
    ).fetchone()
    return int(row[0])


def faulty_patterns(conn: sqlite3.Connection, label: str, row_ids: Iterable[int]) -> set[int]:
    """Which of these patterns hold that anti-pattern themselves, or were not examined as they are now."""
    rows = rows_in(
        conn,
        """
        SELECT p.id FROM patterns p JOIN files f ON f.project_id = p.project_id AND f.path = p.path
        LEFT JOIN examined x ON x.file_id = f.id AND x.content_hash = f.content_hash
        WHERE p.id IN (:ids) AND (x.file_id IS NULL OR EXISTS (
            SELECT 1 FROM findings g WHERE g.file_id = f.id AND g.label = :label
            AND (g.line BETWEEN p.line AND p.end_line OR g.qualname = p.qualname)))
        """,
        row_ids,
        label=label,
    )
    return {row["id"] for row in rows}
