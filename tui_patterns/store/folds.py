"""From events to the rows that are derived from them: pure, and the same for one event or for all.

``fold`` takes the events of any subjects that are complete (all of a pattern's in a session, all of
an injection's) and gives what the derived tables hold of them.

One use of a pattern is one trial, however many sources speak of it: the strongest word decides, of
equally strong ones a person's, else a failure. Each source has one word, its last that it has not
taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_patterns.models import Event
from tui_patterns.store.fix_folds import FIX_TABLES, fold_fixes
from tui_patterns.store.sql import dump

Key = tuple[Any, ...]
Rows = dict[Key, tuple[Any, ...]]
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


@dataclass(slots=True)
class Use:
    """What became of one injected pattern."""

    state: str = "open"
    similarity: float | None = None
    evidence: list[Any] = field(default_factory=list)
    project: str | None = None
    said: bool = False

    def take(self, event: Event) -> None:
        """The next event, in order; a use cannot be censored, nor an outcome be without a use."""
        if event.kind in ("use", "outcome"):
            self.state = "used"
            self.said = self.said or event.kind == "outcome"
            self.project = event.data.get("project") or self.project
            if event.kind == "use":
                self.similarity = event.data.get("similarity")
                self.evidence = event.data.get("evidence") or []
        elif event.kind == "unused" and not self.said:
            self.state = "unused"
            self.similarity = event.data.get("similarity")
            self.evidence = []
        elif event.kind == "censored" and self.state in ("open", "unused"):
            self.state = "censored"


def fold(events: Iterable[Event], row_ids: Mapping[str, int]) -> dict[str, Rows]:
    """Rows by table and key. ``row_ids`` are those of pattern ids; what is not among them has no rows."""
    grouped: dict[tuple[str, str | None, str | None], list[Event]] = {}
    injections: dict[str, Event] = {}
    fixes: list[Event] = []
    for event in sorted(events, key=_order):
        if event.kind == "injection":
            injections.setdefault(str(event.injection), event)
        elif event.kind == "fix":
            fixes.append(event)
        elif (group := _group(event)) is not None:
            grouped.setdefault(group, []).append(event)
    tables: dict[str, Rows] = {name: {} for name in TABLES}
    grouped = {about: standing(found) for about, found in grouped.items()}
    for (about, place, pattern), found in grouped.items():
        if pattern is not None and (row_id := row_ids.get(pattern)) is not None:
            if about == "rating":
                _rating(tables, row_id, found)
            elif about == "retired":
                _retired(tables, row_id, found)
            elif about == "outcome" or place in injections:
                _outcomes(tables, row_id, found, f"{about}:{place}:{pattern}")
    for event in injections.values():
        _injection(tables, event, grouped, row_ids)
    fold_fixes(tables, fixes)
    return tables


def standing(events: Iterable[Event]) -> list[Event]:
    """Without what was taken back: each ``retract`` cancels the last outcome of its source before it."""
    left: list[Event] = []
    for event in events:
        if event.kind != "retract":
            left.append(event)
            continue
        source = event.data.get("source")
        said = [at for at, one in enumerate(left) if one.kind == "outcome" and one.data["source"] == source]
        if said:
            del left[said[-1]]
    return left


def _order(event: Event) -> tuple[float, int]:
    return event.at, event.id or 0


def _group(event: Event) -> tuple[str, str | None, str | None] | None:
    """What an event is about, where, and of which pattern (``None``: every pattern of an injection)."""
    if event.kind in ("rating", "unrate"):
        return "rating", event.session, event.pattern
    if event.kind in ("retire", "restore"):
        return "retired", None, event.pattern
    if event.kind in _OF_USE and event.injection is not None:
        return "use", event.injection, event.pattern
    if event.kind == "outcome":
        return "outcome", said_by(event), event.pattern
    return None


def said_by(event: Event) -> str:
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


def _outcomes(tables: dict[str, Rows], row_id: int, events: Sequence[Event], subject: str) -> None:
    """The last word of each source, and the trial that they decide together."""
    words = {event.data["source"]: event for event in events if event.kind == "outcome"}
    used = Use()
    for event in events:
        used.take(event)
    for event in words.values():
        data = event.data
        tables["outcomes"][(event.id,)] = (
            *(event.injection, event.session, row_id, data["what"], _flag(data["success"]), data["weight"]),
            *(data["source"], data.get("project"), event.at, dump(data.get("detail") or {})),
        )
    known = [event for event in words.values() if event.data["success"] is not None]
    if known and used.state == "used":
        decided = max(known, key=_strength)
        where = (decided.injection, decided.session, decided.data.get("project") or used.project)
        said = (decided.data["what"], _flag(decided.data["success"]), decided.data["weight"], decided.at)
        tables["trials"][(subject,)] = (row_id, *where, *said)
        _libraries(tables, row_id, events, subject)
        _facets(tables, row_id, words.values())


def _libraries(tables: dict[str, Rows], row_id: int, events: Sequence[Event], subject: str) -> None:
    """With which versions of libraries the use worked or failed: by version, as the strongest word has it."""
    words: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        if event.kind == "outcome" and event.data["success"] is not None:
            context = (event.data.get("detail") or {}).get("context") or {}
            for package, version in (context.get("versions") or {}).items():
                words.setdefault((package, version), []).append(event)
    for (package, version), found in words.items():
        said = max(found, key=_strength)
        tables["library_trials"][subject, package, version] = (
            *(row_id, said.injection, said.session, _flag(said.data["success"]), said.at),
        )


def _facets(tables: dict[str, Rows], row_id: int, words: Iterable[Event]) -> None:
    """What tests say of the facets that the used lines cover; that of other words is not known so exactly."""
    told = [one for one in words if one.data["what"] == "test" and one.data["success"] is not None]
    for event in sorted(told, key=_order):
        for facet in (event.data.get("detail") or {}).get("facets") or ():
            row = (_flag(event.data["success"]), 1.0, event.at)
            tables["facet_evidence"][row_id, str(facet), f"use:{event.injection}"] = row


def _strength(event: Event) -> tuple[float, bool, bool, float, int]:
    data = event.data
    return data["weight"], data["what"] == "explicit", not data["success"], event.at, event.id or 0


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)


def _injection(
    tables: dict[str, Rows],
    event: Event,
    grouped: Mapping[tuple[str, str | None, str | None], list[Event]],
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
        for said in sorted([*everyone, *own], key=_order):
            use.take(said)
        tables["injection_patterns"][event.injection, row_id] = (
            *(one["version"], one["position"], one["score"], one["relevance"], one["propensity"]),
            *(one["tokens"], dump(one["why"]), use.state, use.similarity, dump(use.evidence)),
        )
