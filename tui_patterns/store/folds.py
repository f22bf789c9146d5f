"""From events to the rows that are derived from them: pure, and the same for one event or for all.

``fold`` takes the events of any subjects that are complete (all of a pattern's in a session, all of
an injection's) and gives what the derived tables hold of them.

One use of a pattern is one trial, however many sources speak of it: the strongest word decides, of
equally strong ones a person's, else a failure. Each source has one word, its last that it has not
taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui_patterns.models import Event
from tui_patterns.store.fix_folds import FIX_TABLES, fold_fixes
from tui_patterns.store.sql import dump
from tui_patterns.store.use_folds import Rows, Use, fold_use, order, standing

Group = tuple[str, str | None, str | None]
"""What events are about, where, and of which pattern (``None``: of every pattern of an injection)."""
_OF_USE = frozenset({"use", "unused", "censored", "outcome", "retract"})
GOOD, BAD = 4, 2  # a rating of 4 or 5 is a success, of 1 or 2 a failure, 3 is neither
# Key and value columns of what is derived.
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "injections": (
        ("id",),
        ("session_id", "created", "task", "arm", "prompt_hash", "tokens", "budget"),
    ),
    "injection_patterns": (
        ("injection_id", "pattern_id"),
        (
            *("version_id", "position", "score", "relevance", "propensity", "tokens", "why"),
            *("state", "similarity", "evidence"),
        ),
    ),
    "ratings": (
        ("pattern_id", "session_id"),
        ("version_id", "task", "rating", "note", "created", "updated"),
    ),
    "outcomes": (
        ("event_id",),
        (
            *("injection_id", "session_id", "pattern_id", "kind", "success", "weight", "source"),
            *("project", "created", "detail"),
        ),
    ),
    "trials": (
        ("subject",),
        ("pattern_id", "injection_id", "session_id", "project", "kind", "success", "weight", "at"),
    ),
    "retired": (("pattern_id",), ("at", "source", "reason")),
    "library_trials": (
        ("subject", "package", "version"),
        ("pattern_id", "injection_id", "session_id", "success", "at"),
    ),
    "facet_evidence": (("pattern_id", "facet", "source"), ("success", "weight", "created")),
    **FIX_TABLES,
}


def fold(events: Iterable[Event], row_ids: Mapping[str, int]) -> dict[str, Rows]:
    """Rows by table and key. ``row_ids`` are those of pattern ids; what is not among them has no rows."""
    grouped: dict[Group, list[Event]] = {}
    injections: dict[str, Event] = {}
    fixes: list[Event] = []
    for event in sorted(events, key=order):
        if event.kind == "injection":
            injections.setdefault(str(event.injection), event)
        elif event.kind == "fix":
            fixes.append(event)
        elif (group := _group(event)) is not None:
            grouped.setdefault(group, []).append(event)
    tables: dict[str, Rows] = {name: {} for name in TABLES}
    grouped = {about: standing(found) for about, found in grouped.items()}
    for (about, place, pattern), found in grouped.items():
        row_id = None if pattern is None else row_ids.get(pattern)
        if row_id is None:
            continue
        if about == "rating":
            _rating(tables, row_id, found)
        elif about == "retired":
            _retired(tables, row_id, found)
        elif about == "outcome" or place in injections:
            fold_use(tables, row_id, found, f"{about}:{place}:{pattern}")
    for event in injections.values():
        _injection(tables, event, grouped, row_ids)
    fold_fixes(tables, fixes)
    return tables


def _group(event: Event) -> Group | None:
    if event.kind in ("rating", "unrate"):
        return "rating", event.session, event.pattern
    if event.kind in ("retire", "restore"):
        return "retired", None, event.pattern
    if event.kind in _OF_USE and event.injection is not None:
        return "use", event.injection, event.pattern
    if event.kind == "outcome":
        return "outcome", _said_by(event), event.pattern
    return None


def _said_by(event: Event) -> str:
    """Whose word an outcome without an injection is: a source's in a session, or an event's own."""
    return event.key if event.session is None else f"{event.session}:{event.data.get('source')}"


def _rating(tables: dict[str, Rows], row_id: int, events: Sequence[Event]) -> None:
    first: Event | None = None
    last: Event | None = None
    task = note = None
    for event in events:
        if event.kind == "unrate":
            first = last = task = note = None
            continue
        first, last = first or event, event
        task, note = event.data.get("task") or task, event.data.get("note") or note
    if first is None or last is None:
        return
    rating = last.data["rating"]
    tables["ratings"][row_id, last.session] = (last.version, task, rating, note, first.at, last.at)
    if not BAD < rating < GOOD:
        where = (None, last.session, last.data.get("project"))
        trial = (row_id, *where, "rating", int(rating >= GOOD), 1.0, last.at)
        tables["trials"][(f"rating:{last.session}:{last.pattern}",)] = trial


def _retired(tables: dict[str, Rows], row_id: int, events: Sequence[Event]) -> None:
    last = events[-1]
    if last.kind == "retire":
        said = (last.at, last.data.get("source") or "person", last.data.get("reason"))
        tables["retired"][(row_id,)] = said


def _injection(
    tables: dict[str, Rows],
    event: Event,
    grouped: Mapping[Group, list[Event]],
    row_ids: Mapping[str, int],
) -> None:
    data = event.data
    tables["injections"][(event.injection,)] = (
        *(event.session, event.at, data.get("task"), data["arm"], data["prompt_hash"]),
        *(data["tokens"], data["budget"]),
    )
    everyone = grouped.get(("use", event.injection, None), [])
    for one in data["patterns"]:
        if (row_id := row_ids.get(one["pattern"])) is None:
            continue
        own = grouped.get(("use", event.injection, one["pattern"]), [])
        use = Use()
        for said in sorted([*everyone, *own], key=order):
            use.take(said)
        tables["injection_patterns"][event.injection, row_id] = (
            *(one["version"], one["position"], one["score"], one["relevance"], one["propensity"]),
            *(one["tokens"], dump(one["why"]), use.state, use.similarity, dump(use.evidence)),
        )
