"""What stands behind a figure, newest first: events of the ledger, and rows where no event tells."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from tui_patterns.models import Event, EventKind
from tui_patterns.store import findings
from tui_patterns.store.events import read
from tui_patterns.store.experiments import CONTROL
from tui_patterns.store.findings import FindingRow
from tui_patterns.store.sql import named_list, rows_in


class Seen(NamedTuple):
    """A pattern when it was first seen, or (``gone``) when it was found to be gone.

    ``event`` is that of the ledger, ``None`` where none tells; ``versions`` are those that are kept.
    """

    at: float
    gone: bool
    event: int | None
    id: str
    name: str
    project: str
    place: str
    versions: int


class Examined(NamedTuple):
    """A file that was looked at for anti-patterns as it is; ``at`` is when it was last read."""

    at: float
    project: str
    path: str
    found: list[FindingRow]


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


def failures(conn: sqlite3.Connection, pattern: str) -> list[Event]:
    """The words that decided that uses of a pattern from prompts failed."""
    where = """
        kind = 'outcome' AND id IN (
            SELECT o.event_id FROM outcomes o JOIN trials t ON t.injection_id = o.injection_id
                AND t.pattern_id = o.pattern_id AND t.success = o.success AND t.kind = o.kind
            JOIN patterns p ON p.id = o.pattern_id WHERE p.uuid = :pattern AND o.success = 0)
    """
    return _last(conn, where, {"pattern": pattern, "limit": -1})


def worked(conn: sqlite3.Connection, event_ids: Iterable[int]) -> dict[int, bool]:
    """How the uses went that these events are about, by event; those not known are left out."""
    rows = rows_in(
        conn,
        "SELECT e.id, t.success FROM events e JOIN trials t ON t.injection_id = e.injection_id "
        "AND t.pattern_id = e.pattern_id WHERE e.id IN (:ids)",
        event_ids,
    )
    return {row["id"]: bool(row["success"]) for row in rows}


def names(conn: sqlite3.Connection, uuids: Iterable[str]) -> dict[str, str]:
    """Names of patterns by id; unknown ids are left out."""
    rows = rows_in(
        conn,
        "SELECT p.uuid, v.name FROM patterns p JOIN versions v ON v.id = p.version_id WHERE p.uuid IN (:ids)",
        sorted(uuids),
    )
    return {row["uuid"]: row["name"] for row in rows}


def identified(conn: sqlite3.Connection, since: float, limit: int, *, lost: bool = False) -> list[Seen]:
    """Patterns that were first seen, the last first; ``lost``: those that went, too."""
    rows = conn.execute(
        f"""
        SELECT m.at, m.gone, CASE WHEN m.gone = 0 THEN -p.id END AS event, p.uuid, v.name,
               r.name AS project, p.path || ':' || p.line AS place,
               (SELECT COUNT(*) FROM versions w WHERE w.pattern_id = p.id) AS versions
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


def examined(conn: sqlite3.Connection, limit: int) -> list[Examined]:
    """Files that were examined as they are, with what was found and not dismissed.

    Those with findings first, then the last read first; no more of them than have ``limit`` findings, or
    than ``limit``.
    """
    rows = conn.execute(
        """
        SELECT f.id, f.parsed, r.name, f.path FROM files f JOIN projects r ON r.id = f.project_id
        JOIN examined x ON x.file_id = f.id AND x.content_hash = f.content_hash
        ORDER BY f.id IN (SELECT file_id FROM findings UNION SELECT file_id FROM bodies WHERE quiet = 0) DESC,
            f.parsed DESC, r.name, f.path LIMIT :limit
        """,
        {"limit": limit},
    ).fetchall()
    found: list[Examined] = []
    counted = 0
    for row in rows:
        if counted >= limit:
            break
        kept = [one for one in findings.in_file(conn, row["id"]) if not one.dismissed]
        counted += len(kept)
        found.append(Examined(row["parsed"], row["name"], row["path"], kept))
    return sorted(found, key=lambda one: not one.found)
