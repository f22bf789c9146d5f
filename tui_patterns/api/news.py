"""What the ledger has learned since somebody last looked."""

from __future__ import annotations

import sqlite3

from tui_patterns.learning import records
from tui_patterns.learning.confidence import describe
from tui_patterns.learning.evidence import Rules
from tui_patterns.models import Event, Learned, Pattern
from tui_patterns.store import events, patterns

MOST = 100


def learned(conn: sqlite3.Connection, after: int, rules: Rules) -> list[Learned]:
    """Uses and outcomes written after that place in the ledger, oldest first, at most MOST."""
    found = events.uses_after(conn, after, MOST)
    rows = patterns.row_ids(conn, [one.pattern for one in found if one.pattern])
    found_patterns = records.load(
        conn, list(rows.values()), rules.strength, half_life_days=rules.half_life_days
    )
    known = {one.id: one for one in found_patterns}
    return [_learned(one, known[one.pattern]) for one in found if one.pattern in known]


def _learned(event: Event, pattern: Pattern) -> Learned:
    places = event.data.get("evidence") or []
    return Learned(
        event=event.id or 0,
        kind="use" if event.kind == "use" else "outcome",
        pattern=pattern.id,
        name=pattern.name,
        confidence=pattern.confidence,
        what=event.data.get("what"),
        success=event.data.get("success"),
        similarity=event.data.get("similarity"),
        place=_place(places[0]) if places else None,
        injection=event.injection,
    )


def _place(evidence: dict[str, object]) -> str:
    return f"{evidence.get('path')}:{evidence.get('line')}"


def learned_words(one: Learned, moved: str = "") -> str:
    """A use with its place, or an outcome with what is believed since, and in words what that ``moved``."""
    if one.kind == "use":
        alike = "" if one.similarity is None else f", {one.similarity:.0%} alike"
        where = f" in {one.place}" if one.place else ""
        return f"Used: {one.name}{where}{alike}"
    said = {True: "Worked", False: "Failed", None: "Neither"}[one.success]
    return f"{said} ({one.what}): {one.name} · {describe(one.confidence)}{f' · {moved}' if moved else ''}"
