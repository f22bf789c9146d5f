"""Where injected patterns are followed in code, and what the tables of evidence say of those lines."""

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


@dataclass(frozen=True, slots=True)
class LineTests:
    """What the tests say that ran certain lines; the counts are ``None`` where no contexts were recorded."""

    executed: int
    passed: int | None
    failed: int | None
    failing: tuple[str, ...]
    written: float


def tests_of(conn: sqlite3.Connection, project_id: int, used: UsedCode) -> LineTests | None:
    """From data no older than the file; ``None`` if there is none."""
    row = conn.execute(
        """
        SELECT u.executed, u.passed, u.failed, u.failing, c.written FROM coverage_units u
        JOIN coverage_files c ON c.id = u.file_id
        JOIN files f ON f.project_id = c.project_id AND f.path = c.path
        WHERE c.project_id = :project AND c.path = :path AND u.qualname = :name
          AND c.mtime_ns = f.mtime_ns AND c.size = f.size AND f.mtime_ns <= c.written
        """,
        {"project": project_id, "path": used.path, "name": f"{MARK}{used.id}"},
    ).fetchone()
    if row is None:
        return None
    failing = tuple(
        f"{path}::{name.replace('.', '::')}{variant}" for path, name, variant in load(row["failing"])
    )
    return LineTests(row["executed"], row["passed"], row["failed"], failing, row["written"] / 1e9)


def all_passed(conn: sqlite3.Connection, project_id: int, path: str) -> bool | None:
    """Whether every test that was run since this file changed has passed; ``None`` if none was."""
    row = conn.execute(
        """
        SELECT SUM(CASE WHEN t.outcome = 'passed' THEN 1 ELSE 0 END) AS passed,
               SUM(CASE WHEN t.outcome = 'failed' THEN 1 ELSE 0 END) AS failed
        FROM test_results t JOIN files f ON f.project_id = t.project_id AND f.path = :path
        WHERE t.project_id = :project AND t.ran >= f.mtime_ns
        """,
        {"project": project_id, "path": path},
    ).fetchone()
    if not row["passed"] and not row["failed"]:
        return None
    return not row["failed"]


@dataclass(frozen=True, slots=True)
class Built:
    """The last build or test command that an agent ran after it wrote to a file."""

    session: str
    command: str
    category: str
    success: bool
    at: float


def built(conn: sqlite3.Connection, file: str, since: float) -> list[Built]:
    """By session that wrote to ``file`` (absolute) after ``since``; where the result is known."""
    rows = conn.execute(
        """
        SELECT e.session_id, t.command, t.category, t.success, t.at FROM (
            SELECT session_id, MAX(at) AS at FROM session_edits
            WHERE path = :file AND at >= :since GROUP BY session_id
        ) e JOIN tool_events t ON t.session_id = e.session_id AND t.at >= e.at
        WHERE t.category IN ('build', 'test') AND t.success IS NOT NULL ORDER BY t.at
        """,
        {"file": file, "since": since},
    )
    last = {row["session_id"]: row for row in rows}
    return [
        Built(session, row["command"] or "", row["category"], bool(row["success"]), row["at"])
        for session, row in sorted(last.items())
    ]
