"""The ledger: events that are only ever added, and the tables that follow from them.

``append`` writes an event and brings what it is about to what its events say, in the caller's
transaction. ``rebuild`` does so for everything at once; after any sequence of appends it changes nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tui_patterns.models import Event, EventKind
from tui_patterns.store.event_checks import LedgerError, check
from tui_patterns.store.events import events, known, latest, read, told
from tui_patterns.store.fix_folds import FIX_TABLES, prefix, subject
from tui_patterns.store.folded import sync
from tui_patterns.store.folds import TABLES, fold
from tui_patterns.store.sql import dump, now

# Kinds from which nothing follows; there may be very many of them.
NOT_FOLDED = ("session", "turn", "tool")
__all__ = ["LedgerError", "append", "events", "known", "latest", "rebuild", "rebuild_fixes", "told"]


_OF_USES = ("injection_patterns", "outcomes", "trials", "library_trials")


def append(conn: sqlite3.Connection, event: Event) -> bool:
    """Write an event and what follows from it; ``False``, and nothing, if its key is known.

    Call it inside a transaction. Raises LedgerError, one clear line, for what cannot be:
    an unknown pattern or injection, a time that is no time, a rating that is none.
    """
    check(event, now())
    if known(conn, event.key):
        return False
    row_id = _pattern_row(conn, event)
    session = _session(conn, event, row_id)
    whole = replace(event, session=session or event.session)
    conn.execute(
        """
        INSERT INTO events (key, at, kind, session_id, injection_id, pattern_id, version_id, data)
        VALUES (:key, :at, :kind, :session, :injection, :pattern, :version, :data)
        """,
        {
            "key": whole.key,
            "at": whole.at,
            "kind": whole.kind,
            "session": whole.session,
            "injection": whole.injection,
            "pattern": row_id,
            "version": whole.version,
            "data": dump(whole.data),
        },
    )
    _follow(conn, whole, row_id)
    return True


def _pattern_row(conn: sqlite3.Connection, event: Event) -> int | None:
    if event.pattern is None:
        return None
    row = conn.execute("SELECT id FROM patterns WHERE uuid = :uuid", {"uuid": event.pattern}).fetchone()
    if row is None:
        raise LedgerError(f"no pattern has the id {event.pattern!r}")
    return int(row["id"])


def _session(conn: sqlite3.Connection, event: Event, row_id: int | None) -> str | None:
    """The session of the injection that an event is about; checks that there is such an injection."""
    if event.injection is None or event.kind == "injection":
        return None
    values = {"id": event.injection, "pattern": row_id}
    row = conn.execute("SELECT session_id FROM injections WHERE id = :id", values).fetchone()
    if row is None:
        raise LedgerError(f"no injection has the id {event.injection!r}")
    held = "SELECT 1 FROM injection_patterns WHERE injection_id = :id AND pattern_id = :pattern"
    if row_id is not None and conn.execute(held, values).fetchone() is None:
        raise LedgerError(f"injection {event.injection} holds no pattern with the id {event.pattern!r}")
    return str(row["session_id"])


def _follow(conn: sqlite3.Connection, event: Event, row_id: int | None) -> None:
    """Bring the rows that depend on this event to what the events about the same thing say."""
    about = {"pattern": row_id, "session": event.session, "injection": event.injection}
    if event.kind in ("rating", "unrate"):
        own = "pattern_id = :pattern AND session_id = :session"
        kinds: tuple[EventKind, ...] = ("rating", "unrate")
        trials = f"{own} AND kind = 'rating' AND injection_id IS NULL"
        _bring(conn, own, kinds, about, {"ratings": own, "trials": trials})
    elif event.kind in ("retire", "restore"):
        own = "pattern_id = :pattern"
        _bring(conn, own, ("retire", "restore"), about, {"retired": own})
    elif event.kind == "injection":
        tables = {"injections": "id = :injection", "injection_patterns": "injection_id = :injection"}
        _bring(conn, "injection_id = :injection", (), about, tables)
    elif event.kind == "fix":
        _follow_fix(conn, event, about)
    elif event.injection is not None:
        _follow_use(conn, about, row_id)
    elif event.kind == "outcome":
        _follow_outcome(conn, event, about)


def _follow_use(conn: sqlite3.Connection, about: dict[str, Any], row_id: int | None) -> None:
    every, of_facets = "injection_id = :injection", "source = 'use:' || :injection"
    if row_id is None:
        tables = {**dict.fromkeys(_OF_USES, every), "facet_evidence": of_facets}
        _bring(conn, every, (), about, tables)
        return
    own = f"{every} AND pattern_id = :pattern"
    tables = {**dict.fromkeys(_OF_USES, own), "facet_evidence": f"{of_facets} AND pattern_id = :pattern"}
    _bring(conn, f"{every} AND (pattern_id = :pattern OR pattern_id IS NULL)", (), about, tables)


def _follow_outcome(conn: sqlite3.Connection, event: Event, about: dict[str, Any]) -> None:
    """An outcome of no injection: the last of its source in a session, or one by itself."""
    about |= {"source": event.data["source"], "key": event.key}
    if event.session is None:
        mine = "event_id = (SELECT id FROM events WHERE key = :key)"
        subject = f"outcome:{event.key}:{event.pattern}"
        which = "key = :key"
    else:
        mine = "pattern_id = :pattern AND session_id = :session AND source = :source AND injection_id IS NULL"
        subject = f"outcome:{event.session}:{event.data['source']}:{event.pattern}"
        which = "pattern_id = :pattern AND session_id = :session AND injection_id IS NULL"
    tables = {"outcomes": mine, "trials": "subject = :subject", "library_trials": "subject = :subject"}
    _bring(conn, which, ("outcome",), about | {"subject": subject}, tables)


def _follow_fix(conn: sqlite3.Connection, event: Event, about: dict[str, Any]) -> None:
    """A fix with all its trials; of a change that is no known fix, its own trial."""
    fix = event.data.get("fix")
    low = prefix(fix)
    about |= {"fix": fix, "low": low, "high": f"{low}\uffff", "key": event.key, "subject": subject(event)}
    if fix is None:
        _bring(conn, "key = :key", ("fix",), about, {"fix_trials": "subject = :subject"})
        return
    tables = {"fixes": "id = :fix", "fix_trials": "fix_id = :fix"}
    _bring(conn, "key >= :low AND key < :high", ("fix",), about, tables)


def _bring(
    conn: sqlite3.Connection,
    which: str,
    kinds: tuple[EventKind, ...],
    about: dict[str, Any],
    tables: dict[str, str],
) -> None:
    names = ", ".join(f"'{kind}'" for kind in kinds)
    found = read(conn, f"WHERE {which}{f' AND e.kind IN ({names})' if kinds else ''}", about)
    if "source" in about:
        found = [one for one in found if one.data.get("source") == about["source"]]
    rows = _row_ids(conn, found) if about["pattern"] is None else {_uuid(found): int(about["pattern"])}
    folded = fold(found, rows)
    for table, where in tables.items():
        sync(conn, table, folded[table], where, about)


def _uuid(found: list[Event]) -> str:
    return next(one.pattern for one in found if one.pattern is not None)


def _row_ids(conn: sqlite3.Connection, found: Iterable[Event]) -> dict[str, int]:
    named = {one.pattern for one in found if one.pattern}
    for event in found:
        if event.kind == "injection":
            named |= {one["pattern"] for one in event.data["patterns"]}
    rows = (
        conn.execute("SELECT uuid, id FROM patterns WHERE uuid = :uuid", {"uuid": uuid}).fetchone()
        for uuid in sorted(named)
    )
    return {row["uuid"]: row["id"] for row in rows if row is not None}


def rebuild(conn: sqlite3.Connection) -> dict[str, Counter[str]]:
    """Work out every derived table anew; what was added, changed and removed, by table.

    Call it inside a transaction. All is well when nothing is.
    """
    found = read(conn, f"WHERE e.kind NOT IN ({', '.join(map(repr, NOT_FOLDED))})", {})
    row_ids = {row["uuid"]: row["id"] for row in conn.execute("SELECT uuid, id FROM patterns")}
    folded = fold(found, row_ids)
    done = {table: sync(conn, table, folded[table]) for table in TABLES}
    return {table: counts for table, counts in done.items() if counts}


def rebuild_fixes(conn: sqlite3.Connection) -> None:
    """Work out anew what follows from the fixes' events: some were deleted. Inside a transaction."""
    folded = fold(read(conn, "WHERE e.kind = 'fix'", {}), {})
    for table in FIX_TABLES:
        sync(conn, table, folded[table])
    conn.execute(
        "DELETE FROM vectors WHERE doc_hash >= 'fix:' AND doc_hash < 'fix;' "
        "AND SUBSTR(doc_hash, 5) NOT IN (SELECT id FROM fixes)"
    )
