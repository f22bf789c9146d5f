"""What follows from a session that was taken up: cut off work, and code that its build has passed."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, Any

from tui_patterns.learning import recording
from tui_patterns.store import session_follow, sessions
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

logger = logging.getLogger(__name__)


def follow(library: PatternLibrary, session: str) -> dict[str, Any] | None:
    """Credit what was used and censor what was cut off; take up the code of a build that passed.

    Says what that code gave.
    """
    with library.connections.lend() as conn:
        _credit(library, conn, session)
        _censor(conn, session)
        build = session_follow.last_passed(conn, session)
        if build is None or not library.settings.sessions.extract or _done(conn, session) == build.call:
            return None
    from tui_patterns.api.sessions import Sessions

    found = Sessions(library)
    edits = [one for one in found.edits(session) if one.at is None or one.at <= build.at]
    from tui_patterns.api.session_code import extract

    done = extract(library, session, edits)
    with library.connections.lend() as conn, transaction(conn):
        sessions.note(conn, session, {"extracted": build.call})
    return done


def _credit(library: PatternLibrary, conn: sqlite3.Connection, session: str) -> None:
    """Uses in what the session wrote outside indexed projects, and how they went."""
    from tui_patterns.engine.agent_credit import AgentCredit
    from tui_patterns.learning.ledger import LedgerError

    row = sessions.one(conn, session)
    cwd = sessions.facts(row).get("cwd") if row is not None else None
    try:
        AgentCredit(conn, session, cwd, library.settings, library.rules).settle()
    except LedgerError as error:
        logger.warning("%s: not credited: %s", session, error)


def _done(conn: sqlite3.Connection, session: str) -> str | None:
    row = sessions.one(conn, session)
    return sessions.facts(row).get("extracted") if row is not None else None


def _censor(conn: sqlite3.Connection, session: str) -> None:
    """Injections of turns that ended with an error of the service, or with a stop by the person."""
    with transaction(conn):
        for injection, reason in session_follow.cut_off(conn, session):
            recording.record_censored(conn, injection, reason=reason)
