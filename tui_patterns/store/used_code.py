"""Where injected patterns are followed in code."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.store.sql import dump, load, now

MARK = "@"  # before the id of a row: the name of its lines among the units of a covered file


@dataclass(frozen=True, slots=True)
class UsedCode:
    """Code that follows an injected pattern; ``lines`` are those of its file, ``text`` theirs at first."""

    id: int
    injection: str
    pattern: str
    row: int
    version: int
    path: str
    qualname: str
    lines: tuple[int, ...]
    text: tuple[str, ...]
    facets: tuple[str, ...]
    similarity: float
    at: float
    gone: float | None
    kept: str | None
    findings: tuple[str, ...] | None
    shown: float


def save(
    conn: sqlite3.Connection,
    project_id: int,
    injection: str,
    row: int,
    version: int,
    place: tuple[str, str],
    lines: Sequence[int],
    text: Sequence[str],
    facets: Sequence[str],
    similarity: float,
) -> None:
    """Note where an injected pattern was first found; told again, nothing changes."""
    conn.execute(
        """
        INSERT INTO used_code (injection_id, pattern_id, version_id, project_id, path, qualname, lines, text,
            facets, similarity, at)
        VALUES (:injection, :pattern, :version, :project, :path, :qualname, :lines, :text, :facets,
            :similarity, :now)
        ON CONFLICT (injection_id, pattern_id) DO NOTHING
        """,
        {
            "injection": injection,
            "pattern": row,
            "version": version,
            "project": project_id,
            "path": place[0],
            "qualname": place[1],
            "lines": dump(list(lines)),
            "text": dump(list(text)),
            "facets": dump(list(facets)),
            "similarity": similarity,
            "now": now(),
        },
    )


def of_project(
    conn: sqlite3.Connection, project_id: int, since: float, paths: Iterable[str] | None = None
) -> list[UsedCode]:
    """What has been found in a project after ``since``; in these files only, if they are named."""
    rows = conn.execute(
        "SELECT u.*, p.uuid, i.created AS shown FROM used_code u JOIN patterns p ON p.id = u.pattern_id "
        "JOIN injections i ON i.id = u.injection_id "
        "WHERE u.project_id = :project AND u.at >= :since ORDER BY u.id",
        {"project": project_id, "since": since},
    )
    wanted = None if paths is None else frozenset(paths)
    return [_used(row) for row in rows if wanted is None or row["path"] in wanted]


def _used(row: sqlite3.Row) -> UsedCode:
    return UsedCode(
        row["id"], row["injection_id"], row["uuid"], row["pattern_id"], row["version_id"], row["path"],
        row["qualname"], tuple(load(row["lines"])), tuple(load(row["text"])), tuple(load(row["facets"])),
        row["similarity"], row["at"], row["gone"], row["kept"],
        None if row["findings"] is None else tuple(load(row["findings"])),
        row["shown"],
    )  # fmt: skip


def relocate(
    conn: sqlite3.Connection, used: int, qualname: str, lines: Sequence[int], text: Sequence[str]
) -> None:
    """The code stands on these lines now; none: it is there no more. Once committed, its text stays."""
    conn.execute(
        """
        UPDATE used_code SET qualname = :qualname, lines = :lines,
            text = CASE WHEN :there AND kept IS NULL THEN :text ELSE text END,
            gone = CASE WHEN :there THEN NULL ELSE COALESCE(gone, :now) END
        WHERE id = :id
        """,
        {
            "qualname": qualname,
            "lines": dump(list(lines)),
            "text": dump(list(text)),
            "there": bool(lines),
            "now": now(),
            "id": used,
        },
    )


def keep(conn: sqlite3.Connection, used: int, commit: str | None) -> None:
    """The commit that was found to hold the code; ``None``: the last one holds it no more."""
    conn.execute("UPDATE used_code SET kept = :kept WHERE id = :id", {"kept": commit, "id": used})


def note_findings(conn: sqlite3.Connection, used: int, rules: Sequence[str]) -> None:
    """The security rules that its lines break; none is good news, and other than not known."""
    conn.execute(
        "UPDATE used_code SET findings = :findings WHERE id = :id",
        {"findings": dump(list(rules)), "id": used},
    )


def spans(conn: sqlite3.Connection, project_id: int, since: float) -> dict[str, dict[str, tuple[int, ...]]]:
    """Lines of which the covering tests are worth knowing: by path, by name."""
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for used in of_project(conn, project_id, since):
        if used.lines:
            found.setdefault(used.path, {})[f"{MARK}{used.id}"] = used.lines
    return found
