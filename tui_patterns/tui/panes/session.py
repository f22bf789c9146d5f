"""Pane 5: what happened in this run, newest first."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, clock, plural
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tui_patterns.models import Change, Learned
    from tui_patterns.tui.ports import Services

KEPT = 500
COUNTED = (
    "file",
    "new pattern",
    "changed pattern",
    "removed pattern",
    "search",
    "copy",
    "rating",
    "use",
    "outcome",
    "restart",
)


class SessionPane(Pane):
    """A short memory: the newest entries with their times, and counts over the whole run."""

    number, heading = 5, "Session"

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.entries: deque[tuple[float, str]] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()

    def compose(self) -> ComposeResult:
        yield Lines(wrap=True, id="session-text")

    def on_mount(self) -> None:
        super().on_mount()
        self.note("Session begun")

    def note(self, text: str, **counts: int) -> None:
        """Add one line; ``counts`` adds to the totals by noun (``_`` for a space)."""
        self.entries.appendleft((self.services.clock(), clean_line(text, 200)))
        self.counts.update({noun.replace("_", " "): count for noun, count in counts.items()})
        self._draw()

    def note_change(self, change: Change) -> None:
        """Add what a batch of saves has changed."""
        named = {"new": change.new, "changed": change.updated, "removed": change.removed}
        parts = [f"{len(ids):,} {name}" for name, ids in named.items() if ids]
        files = change.files[0] if len(change.files) == 1 else plural(len(change.files), "file")
        last = "pattern" if sum(map(len, named.values())) == 1 else "patterns"
        self.note(
            f"{files}: {', '.join(parts)} {last}" if parts else f"{files}: no pattern changed",
            file=len(change.files),
            new_pattern=len(change.new),
            changed_pattern=len(change.updated),
            removed_pattern=len(change.removed),
        )
        for path, reason in change.failed[:3]:
            self.note(f"{path}: {reason}")

    def note_learned(self, one: Learned) -> None:
        """Add that an injected pattern was used, or how that went and what is believed of it now."""
        from tui_patterns.api import describe

        if one.kind == "use":
            alike = "" if one.similarity is None else f", {one.similarity:.0%} alike"
            where = f" in {one.place}" if one.place else ""
            self.note(f"Used: {one.name}{where}{alike}", use=1)
            return
        said = {True: "Worked", False: "Failed", None: "Neither"}[one.success]
        self.note(f"{said} ({one.what}): {one.name} · {describe(one.confidence)}", outcome=1)

    def _draw(self) -> None:
        totals = [plural(self.counts[noun], noun) for noun in COUNTED if self.counts[noun]]
        totals = [words.replace("searchs", "searches").replace("copys", "copies") for words in totals]
        lines = [Content.styled(" · ".join(totals) or "Nothing yet.", "bold"), Content("")]
        for moment, text in self.entries:
            lines.append(Content.assemble((f"{clock(moment)}  ", MUTED), text))
        self.query_one(Lines).show(lines, keep_scroll=True)
