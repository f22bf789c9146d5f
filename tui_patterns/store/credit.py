"""What credit is worked out from: patterns on trial, and what stood in files before they were shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui_patterns.store.numbers import unpack_hashes
from tui_patterns.store.sql import dump, load, now, rows_in

MOST_OPEN = 300  # injected patterns that are looked for at a time, the newest
MOST_OWN = 5_000  # patterns of a project that new code is held against


@dataclass(frozen=True, slots=True)
class OnTrial:
    """An injected pattern of which it is not known yet whether it was used; ``at`` is when it was shown."""

    injection: str
    pattern: str
    row: int
    version: int
    at: float
    code: str
    facets: str
    shingles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A version of the project's own code."""

    pattern: int
    version: int
    shingles: tuple[int, ...]


def on_trial(conn: sqlite3.Connection, since: float) -> list[OnTrial]:
    """What was injected after ``since`` and has no known use, the newest first; of Python only."""
    rows = conn.execute(
        """
        SELECT x.injection_id, p.uuid, x.pattern_id, x.version_id, i.created, code_of(c.body) AS code,
               facets_of(c.body) AS facets, v.shingles
        FROM injections i JOIN injection_patterns x ON x.injection_id = i.id
        JOIN patterns p ON p.id = x.pattern_id JOIN versions v ON v.id = x.version_id
        JOIN codes c ON c.version_id = x.version_id
        WHERE i.created >= :since AND x.state IN ('open', 'unused') AND v.language = 'python'
        ORDER BY i.created DESC, x.position LIMIT :limit
        """,
        {"since": since, "limit": MOST_OPEN},
    )
    return [
        OnTrial(
            row["injection_id"], row["uuid"], row["pattern_id"], row["version_id"], row["created"],
            row["code"], row["facets"], unpack_hashes(row["shingles"]),
        )
        for row in rows
    ]  # fmt: skip


def last_shown(conn: sqlite3.Connection, since: float) -> float | None:
    """When the newest injection after ``since`` was made that is still on trial."""
    row = conn.execute(
        """
        SELECT MAX(i.created) AS at FROM injections i
        JOIN injection_patterns x ON x.injection_id = i.id
        WHERE i.created >= :since AND x.state IN ('open', 'unused')
        """,
        {"since": since},
    ).fetchone()
    return None if row is None else row["at"]


def note_before(conn: sqlite3.Connection, project_id: int, paths: Iterable[str], shown: float) -> None:
    """Keep what these files hold now, unless that was done since ``shown``. Inside a transaction."""
    for path in paths:
        place = {"project": project_id, "path": path, "shown": shown}
        done = "SELECT 1 FROM credit_baselines WHERE project_id = :project AND path = :path AND at > :shown"
        if conn.execute(done, place).fetchone() is not None:
            continue
        file = conn.execute("SELECT id FROM files WHERE project_id = :project AND path = :path", place)
        known = file.fetchone()
        units = _units(conn, known["id"]) if known else []
        conn.execute(
            "INSERT INTO credit_baselines (project_id, path, at, known, units) "
            "VALUES (:project, :path, :now, :known, :units)",
            {**place, "now": now(), "known": int(known is not None), "units": dump(units)},
        )


def _units(conn: sqlite3.Connection, file_id: int) -> list[tuple[str, int]]:
    rows = conn.execute(
        "SELECT qualname, version_id FROM sites WHERE file_id = :file ORDER BY line", {"file": file_id}
    )
    return [(row["qualname"], row["version_id"]) for row in rows]


def forget_before(conn: sqlite3.Connection, at: float) -> None:
    """Drop what was kept before ``at``: no injection on trial is as old."""
    conn.execute("DELETE FROM credit_baselines WHERE at < :at", {"at": at})


def overdue(conn: sqlite3.Connection, at: float) -> list[tuple[str, str]]:
    """(injection, pattern) shown before ``at``, still open, while watched code has changed since."""
    rows = conn.execute(
        """
        SELECT x.injection_id, p.uuid FROM injections i
        JOIN injection_patterns x ON x.injection_id = i.id JOIN patterns p ON p.id = x.pattern_id
        WHERE i.created < :at AND x.state = 'open'
          AND EXISTS (SELECT 1 FROM credit_baselines b WHERE b.at > i.created)
        """,
        {"at": at},
    )
    return [(row["injection_id"], row["uuid"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Before:
    """What stood in a file when a pattern was shown; ``known``: whether there was such a file."""

    known: bool
    units: Mapping[str, int]


def before(conn: sqlite3.Connection, project_id: int, path: str, shown: float) -> Before | None:
    """The state of a file at ``shown``, ``None`` if that was not kept."""
    row = conn.execute(
        "SELECT known, units FROM credit_baselines WHERE project_id = :project AND path = :path "
        "AND at > :shown ORDER BY at, id LIMIT 1",
        {"project": project_id, "path": path, "shown": shown},
    ).fetchone()
    return None if row is None else Before(bool(row["known"]), dict(load(row["units"])))


def vanished(conn: sqlite3.Connection, project_id: int, shown: float) -> set[int]:
    """Versions that stood somewhere in the project at ``shown`` and stand there no more."""
    rows = conn.execute(
        """
        SELECT path, units FROM credit_baselines b WHERE project_id = :project AND at = (
            SELECT MIN(at) FROM credit_baselines c
            WHERE c.project_id = b.project_id AND c.path = b.path AND c.at > :shown)
        """,
        {"project": project_id, "shown": shown},
    ).fetchall()
    found: set[int] = set()
    for row in rows:
        standing = conn.execute(
            "SELECT s.qualname FROM sites s JOIN files f ON f.id = s.file_id "
            "WHERE f.project_id = :project AND f.path = :path",
            {"project": project_id, "path": row["path"]},
        )
        here = {one["qualname"] for one in standing}
        found |= {version for qualname, version in load(row["units"]) if qualname not in here}
    return found


def codes(conn: sqlite3.Connection, versions: Collection[int]) -> dict[int, str]:
    """The code of these versions."""
    query = "SELECT version_id, code_of(body) AS code FROM codes WHERE version_id IN (:ids)"
    return {row["version_id"]: row["code"] for row in rows_in(conn, query, versions)}


def own(conn: sqlite3.Connection, project_id: int, shown: float) -> list[Standing]:
    """The project's patterns from before ``shown``, as they are now."""
    rows = conn.execute(
        """
        SELECT p.id, v.id AS version, v.shingles FROM patterns p JOIN versions v ON v.id = p.version_id
        WHERE p.project_id = :project AND p.gone IS NULL AND p.created < :shown AND v.created < :shown
        ORDER BY p.id DESC LIMIT :limit
        """,
        {"project": project_id, "shown": shown, "limit": MOST_OWN},
    )
    return [Standing(row["id"], row["version"], unpack_hashes(row["shingles"])) for row in rows]


def sample(conn: sqlite3.Connection, pieces: int) -> list[str]:
    """The code of about so many patterns, from all over the library."""
    total = int(conn.execute("SELECT COUNT(*) FROM patterns WHERE gone IS NULL").fetchone()[0])
    rows: Sequence[sqlite3.Row] = conn.execute(
        "SELECT code_of(c.body) AS code FROM patterns p JOIN codes c ON c.version_id = p.version_id "
        "WHERE p.gone IS NULL AND p.id % :step = 0 ORDER BY p.id LIMIT :pieces",
        {"step": max(total // pieces, 1), "pieces": pieces},
    ).fetchall()
    return [row["code"] for row in rows]
