"""What became of one injected pattern, from the events about it: its state, its trial, its facets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_patterns.models import Event
from tui_patterns.store.sql import dump

Key = tuple[Any, ...]
Rows = dict[Key, tuple[Any, ...]]


def order(event: Event) -> tuple[float, int]:
    """By time; of the same time as they arrived."""
    return event.at, event.id or 0


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


def fold_use(tables: dict[str, Rows], row_id: int, events: Sequence[Event], subject: str) -> None:
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
    for event in sorted(told, key=order):
        for facet in (event.data.get("detail") or {}).get("facets") or ():
            row = (_flag(event.data["success"]), 1.0, event.at)
            tables["facet_evidence"][row_id, str(facet), f"use:{event.injection}"] = row


def _strength(event: Event) -> tuple[float, bool, bool, float, int]:
    data = event.data
    return data["weight"], data["what"] == "explicit", not data["success"], event.at, event.id or 0


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)
