"""What a figure was counted from, in one line each, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui_patterns.learning import guard_findings
from tui_patterns.learning.figures import Asked, FigureKey, counted
from tui_patterns.learning.worked import Worked
from tui_patterns.models import Event, EventKind
from tui_patterns.store import behind, guards

EVENTS: dict[FigureKey, tuple[EventKind, ...]] = {
    "success": ("outcome", "retract", "rating", "unrate"),
    "decisions": ("decision",),
    "reuse": ("use", "unused", "outcome", "retract", "censored"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that counts. ``event`` is its place in the ledger, ``None`` where it is no event.

    ``good`` says whether it speaks for (``None``: neither). ``at`` is ``None`` where it is not known.
    Words are foreign text.
    """

    at: float | None
    kind: str
    words: str
    good: bool | None = None
    event: int | None = None
    pattern: str | None = None
    injection: str | None = None
    session: str | None = None


def entries(conn: sqlite3.Connection, key: FigureKey, asked: Asked, limit: int) -> list[Entry]:
    """What stands behind the figure, at most ``limit``."""
    if key in EVENTS:
        return _told(conn, behind.newest(conn, EVENTS[key], asked.since, limit))
    if key == "open":
        return _told(conn, behind.waiting(conn, asked.since, asked.expiry, limit))
    if key == "lift":
        return _told(conn, behind.automatic(conn, asked.since, limit))
    if key == "antipatterns":
        return [*_guards(conn), *_found(conn, limit)][:limit]
    if key == "size":  # what is held now, whenever it came
        return [_seen(one, told=True) for one in behind.identified(conn, 0.0, limit, lost=True)]
    if key == "patterns":
        return [_seen(one) for one in behind.identified(conn, asked.since, limit)]
    return _work(key, asked)[:limit]


def _seen(one: behind.Seen, *, told: bool = False) -> Entry:
    kind = "gone" if one.gone else "pattern_identified"
    words = f"{one.name}  {one.project} {one.place}"
    if told:
        words += f" · {'gone' if one.gone else counted(one.versions, 'version')}"
    return Entry(one.at, kind, words, not one.gone, one.event, one.id)


def _guards(conn: sqlite3.Connection) -> list[Entry]:
    """Anti-patterns that were learned: each with the outcomes that it was learned from."""
    found: list[Entry] = []
    for place in guards.placed(conn):
        known, uuid = guard_findings.guard(place), place.guard.pattern
        words = (
            f"{place.project} {place.path}:{place.line}  {place.name}, where {known.words}: it {known.counts}"
        )
        failures = [_told(conn, [one])[0] for one in behind.failures(conn, uuid)]
        last = max((one.at or 0.0 for one in failures), default=None)
        found += [Entry(last, "guard", words, False, pattern=uuid), *failures]
    return found


def _found(conn: sqlite3.Connection, limit: int) -> list[Entry]:
    """Anti-patterns in code as it is, and files without any."""
    found: list[Entry] = []
    for file in behind.examined(conn, limit):
        found += [
            Entry(
                file.at,
                "finding",
                f"{file.project} {row.path}:{row.line}  {row.label.replace('_', ' ')}",
                False,
            )
            for row in file.found
        ]
        if not file.found:
            found.append(Entry(file.at, "examined", f"{file.project} {file.path} · nothing found", True))
    return found


def _work(key: FigureKey, asked: Asked) -> list[Entry]:
    """Completed tasks by their calls, or sessions by their time."""
    if key == "calls":
        found = [
            Entry(task.at, "task", f"{task.calls:g} calls: {task.words}", True, session=task.session)
            for one in asked.worked
            for task in one.completed
            if task.at >= asked.since
        ]
    else:
        found = [
            Entry(one.ended, "session", _timed(one), session=one.session)
            for one in asked.worked
            if one.ended >= asked.since and one.seconds is not None and one.tasks
        ]
    return sorted(found, key=lambda one: (-(one.at or 0.0), one.session))


def _timed(one: Worked) -> str:
    each = (one.seconds or 0.0) / one.tasks
    return f"{each:,.0f} s by {one.per}, {one.tasks:,} of them: {one.title}"


def _told(conn: sqlite3.Connection, found: Sequence[Event]) -> list[Entry]:
    named = {one.pattern for one in found if one.pattern} | {
        str(one.data["chosen"]) for one in found if one.kind == "decision" and one.data.get("chosen")
    }
    names = behind.names(conn, named)
    results = behind.worked(conn, [one.id for one in found if one.kind == "decision" and one.id is not None])
    return [
        replace(entry, good=results.get(entry.event or 0)) if entry.kind == "decision" else entry
        for entry in (_entry(one, names) for one in found)
    ]


def _entry(event: Event, names: dict[str, str]) -> Entry:
    name = names.get(event.pattern or "", event.pattern or "")
    words, good = _WORDS.get(event.kind, _plain)(event, name, names)
    return Entry(event.at, event.kind, words, good, event.id, event.pattern, event.injection, event.session)


Words = tuple[str, bool | None]


def _plain(event: Event, name: str, _: dict[str, str]) -> Words:
    return f"{event.kind.replace('_', ' ')}: {name}" if name else event.kind.replace("_", " "), None


def _outcome(event: Event, name: str, _: dict[str, str]) -> Words:
    success = event.data.get("success")
    said = {True: "worked", False: "failed", None: "neither"}[success]
    return f"{said} ({event.data.get('what')}, {event.data.get('source')}): {name}", success


def _retract(event: Event, name: str, _: dict[str, str]) -> Words:
    return f"taken back ({event.data.get('source')}): {name}", None


def _rating(event: Event, name: str, _: dict[str, str]) -> Words:
    rating = int(event.data.get("rating") or 3)
    note = f" — {event.data['note']}" if event.data.get("note") else ""
    return f"rated {rating} of 5: {name}{note}", None if rating == 3 else rating > 3


def _unrate(event: Event, name: str, _: dict[str, str]) -> Words:
    return f"rating taken back: {name}", None


def _use(event: Event, name: str, _: dict[str, str]) -> Words:
    similarity = event.data.get("similarity")
    alike = "" if similarity is None else f", {similarity:.0%} alike"
    return f"used: {name}{_lines(event.data)}{alike}", True


def _unused(event: Event, name: str, _: dict[str, str]) -> Words:
    return f"not used: {name}", False


def _lines(data: dict[str, Any]) -> str:
    places = [
        f"{one.get('path')}:{one.get('line')}–{one.get('end_line')}" for one in data.get("evidence") or ()
    ]
    return f" in {', '.join(places[:3])}{' …' if len(places) > 3 else ''}" if places else ""


def _injection(event: Event, _: str, __: dict[str, str]) -> Words:
    count, arm = len(event.data.get("patterns") or ()), event.data.get("arm")
    task = f": {event.data['task']}" if event.data.get("task") else ""
    if arm == "control":
        return f"held out{task}", None
    return f"{counted(count, 'pattern')} into a prompt ({arm}){task}", None


def _decision(event: Event, name: str, names: dict[str, str]) -> Words:
    data = event.data
    chosen = names.get(str(data.get("chosen")), str(data.get("chosen")))
    kept = f", abstained: {data['reason']}" if data.get("reason") else ""
    first = "the first" if data.get("chosen") == data.get("first") else "not the first"
    about = f" for {name}" if name and name != chosen else ""
    return f"{data.get('kind')}: {chosen}{about} ({first}{kept})", None


_WORDS: dict[str, Callable[[Event, str, dict[str, str]], Words]] = {
    "outcome": _outcome,
    "retract": _retract,
    "rating": _rating,
    "unrate": _unrate,
    "use": _use,
    "unused": _unused,
    "injection": _injection,
    "decision": _decision,
}
