"""What stands behind a figure, newest first: events of the ledger, and rows where no event tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tui_patterns.models import Event, EventKind
from tui_patterns.store import findings
from tui_patterns.store.events import read
from tui_patterns.store.experiments import CONTROL
from tui_patterns.store.findings import FindingRow
from tui_patterns.store.sql import chunks, named_list


class Seen(NamedTuple):
    """A pattern when it was first seen, or (``gone``) when it was found to be gone."""

    at: float
    gone: bool
    id: str
    name: str
    project: str
    place: str


def newest(conn: sqlite3.Connection, kinds: Iterable[EventKind], since: float, limit: int) -> list[Event]:
    """The last events of these kinds."""
    names, values = named_list("kind", sorted(kinds))
    return _last(conn, f"kind IN ({names}) AND at >= :since", {**values, "since": since, "limit": limit})


def waiting(conn: sqlite3.Connection, since: float, expiry: float, limit: int) -> list[Event]:
    """The last injections with a pattern that is still open."""
    where = """
        kind = 'injection' AND at >= :since AND at >= :expiry AND injection_id IN (
            SELECT injection_id FROM injection_patterns WHERE state = 'open')
    """
    return _last(conn, where, {"since": since, "expiry": expiry, "limit": limit})


def automatic(conn: sqlite3.Connection, since: float, limit: int) -> list[Event]:
    """The last injections that no person asked for, those held out among them."""
    where = """
        kind = 'injection' AND at >= :since AND injection_id IN (
            SELECT id FROM injections WHERE arm IN (:control, 'auto') OR arm LIKE 'experiment:%')
    """
    return _last(conn, where, {"control": CONTROL, "since": since, "limit": limit})


def _last(conn: sqlite3.Connection, where: str, values: dict[str, object]) -> list[Event]:
    chosen = f"SELECT id FROM events WHERE {where} ORDER BY at DESC, id DESC LIMIT :limit"
    return read(conn, f"WHERE e.id IN ({chosen})", values)[::-1]


def worked(conn: sqlite3.Connection, event_ids: Iterable[int]) -> dict[int, bool]:
    """How the uses went that these events are about, by event; those not known are left out."""
    found: dict[int, bool] = {}
    for part in chunks(event_ids):
        listed, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT e.id, t.success FROM events e JOIN trials t ON t.injection_id = e.injection_id "
            f"AND t.pattern_id = e.pattern_id WHERE e.id IN ({listed})",
            values,
        )
        found.update((row["id"], bool(row["success"])) for row in rows)
    return found


def names(conn: sqlite3.Connection, uuids: Iterable[str]) -> dict[str, str]:
    """Names of patterns by id; unknown ids are left out."""
    found: dict[str, str] = {}
    for part in chunks(sorted(uuids)):
        listed, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT p.uuid, v.name FROM patterns p JOIN versions v ON v.id = p.version_id "
            f"WHERE p.uuid IN ({listed})",
            values,
        )
        found.update((row["uuid"], row["name"]) for row in rows)
    return found


def identified(conn: sqlite3.Connection, since: float, limit: int, *, lost: bool = False) -> list[Seen]:
    """Patterns that were first seen, the last first; ``lost``: those that went, too."""
    rows = conn.execute(
        f"""
        SELECT m.at, m.gone, p.uuid, v.name, r.name AS project, p.path || ':' || p.line AS place
        FROM (
            SELECT id, created AS at, 0 AS gone FROM patterns
            {"UNION ALL SELECT id, gone, 1 FROM patterns WHERE gone IS NOT NULL" if lost else ""}
        ) AS m JOIN patterns p ON p.id = m.id JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id
        WHERE p.lead_id IS NULL AND p.withheld IS NULL AND m.at >= :since
        ORDER BY m.at DESC, m.gone DESC, p.id DESC LIMIT :limit
        """,
        {"since": since, "limit": limit},
    )
    return [Seen(row["at"], bool(row["gone"]), *tuple(row)[2:]) for row in rows]


def wrong(conn: sqlite3.Connection, limit: int) -> list[tuple[str, FindingRow]]:
    """(project, finding) of what was not dismissed, by place."""
    found: list[tuple[str, FindingRow]] = []
    for project, file in _files(conn):
        found += [(project, row) for row in findings.in_file(conn, file) if not row.dismissed]
        if len(found) >= limit:
            break
    return found[:limit]


def _files(conn: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    rows = conn.execute(
        """
        SELECT r.name, f.id FROM files f JOIN projects r ON r.id = f.project_id WHERE f.id IN (
            SELECT file_id FROM findings UNION SELECT file_id FROM bodies WHERE quiet = 0)
        ORDER BY r.name, f.path
        """
    ).fetchall()
    yield from ((row[0], row[1]) for row in rows)
