"""Who used a pattern, when, and whether that becomes more or less."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable

from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Event, Usage
from tui_patterns.store import events, trials
from tui_patterns.store.injections import adoption as counted
from tui_patterns.store.sql import now
from tui_patterns.store.use_folds import Use, standing

WINDOW_S = 30 * 86_400.0
SHOWN = 5
ADOPTION = Prior(
    0.5, strength=2.0
)  # Laplace's: before anything is known, used and not used are equally likely
_PEOPLE = frozenset({"tui", "cli", "rating", "injection"})


def usage(conn: sqlite3.Connection, pattern: str, at: float | None = None) -> Usage:
    """What is known of the uses of the pattern with this id, at the time ``at`` (default: now)."""
    moment = now() if at is None else at
    found = sorted(uses(events.events(conn, pattern=pattern)), reverse=True)
    who = events.speakers(conn, {session for _, session in found})
    used, unused = counted(conn, pattern)
    return Usage(
        uses=len(found),
        last=found[0][0] if found else None,
        recent=sum(moment - WINDOW_S < time for time, _ in found),
        before=sum(moment - 2 * WINDOW_S < time <= moment - WINDOW_S for time, _ in found),
        by=dict(Counter(speaker(*who.get(session, (None, None))) for _, session in found).most_common()),
        sessions=tuple(dict.fromkeys(session for _, session in found))[:SHOWN],
        adoption=posterior(used, unused, ADOPTION),
        worked_in=trials.worked_in(conn, pattern),
    )


def uses(found: Iterable[Event]) -> list[tuple[float, str]]:
    """(time, session) of each use that one pattern's events tell of, oldest event first.

    A use is an injection in which it was used, or else a session in which it is rated.
    """
    injected: dict[str, list[Event]] = {}
    rated: dict[str, float] = {}
    for event in found:
        if event.kind == "rating":
            rated.setdefault(str(event.session), event.at)
        elif event.kind == "unrate":
            rated.pop(str(event.session), None)
        elif event.injection is not None:
            injected.setdefault(event.injection, []).append(event)
    times = [used for about in injected.values() if (used := _used(about)) is not None]
    sessions = {session for _, session in times}
    return [*times, *((at, session) for session, at in rated.items() if session not in sessions)]


def _used(about: Iterable[Event]) -> tuple[float, str] | None:
    """(time, session) of the use that these events about one injected pattern come to, if it is one."""
    use, first = Use(), None
    for event in standing(about):
        use.take(event)
        if first is None and event.kind in ("use", "outcome"):
            first = event
    return (first.at, str(first.session)) if first is not None and use.state == "used" else None


def speaker(agent: str | None, source: str | None) -> str:
    """Whose session it is: that of an agent, of a ``person``, or of what else began it."""
    if agent:
        return agent
    return "person" if source in _PEOPLE else source or "unknown"
