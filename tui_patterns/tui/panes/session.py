"""Pane 5: whether the library learns, in figures, and what happened in this run, newest first."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, clock, plural
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.figure_list import FigureList
from tui_patterns.tui.widgets.group_list import GroupList
from tui_patterns.tui.widgets.lines import Lines
from tui_patterns.tui.widgets.words import Words

if TYPE_CHECKING:
    from tui_patterns.api import Effect, Measured
    from tui_patterns.models import Change, Learned
    from tui_patterns.tui.ports import Services

FIRST_S, AGAIN_S = 0.6, 1.0  # after start-up others come first; a flood of commits is one counting
PERIODS: tuple[int | None, ...] = (7, 30, 90, None)
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
    """The figures follow the library by themselves while they are seen; below them a short memory.

    The memory holds the newest entries with their times, and counts over the whole run.
    """

    number, heading = 5, "Metrics"

    class Ready(Message):
        """The figures are counted."""

        def __init__(self, measured: Measured) -> None:
            super().__init__()
            self.measured = measured

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.entries: deque[tuple[float, str]] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self.period = len(PERIODS) - 1
        self.measured: Measured | None = None
        self._stale = False

    def compose(self) -> ComposeResult:
        yield FigureList(id="figures")
        yield Words(id="figure-note")
        yield Lines(wrap=True, hang=10, id="session-text")

    def on_mount(self) -> None:
        super().on_mount()
        self.listing.show_text(Content.styled("Counting…", MUTED))
        self.note("Session begun")

    @property
    def listing(self) -> FigureList:
        """The list of figures."""
        return self.query_one(FigureList)

    @property
    def days(self) -> int | None:
        """Over how many days the figures are counted; ``None``: over all that is stored."""
        return PERIODS[self.period]

    def choose(self, by: int) -> None:
        """A longer or shorter time."""
        self.period = max(0, min(self.period + by, len(PERIODS) - 1))
        self._title()
        self.count_again()

    def _title(self) -> None:
        over = "all time" if self.days is None else f"last {self.days} days"
        self.border_title = f"{self.number} {self.heading} · {over}"

    def count_again(self) -> None:
        """The library has changed: count, now or as soon as the figures are seen."""
        self._stale = True
        counting = any(worker.is_running and worker.group == "figures" for worker in self.workers)
        if self.display and not counting:
            self._count()

    def on_show(self) -> None:
        self._draw()
        if self._stale:
            self.count_again()

    @work(group="figures", exit_on_error=False)
    async def _count(self) -> None:
        await asyncio.sleep(0 if self.measured else FIRST_S)
        while self._stale and self.display:
            self._stale = False
            self.post_message(self.Ready(await asyncio.to_thread(self._measure, self.days)))
            await asyncio.sleep(AGAIN_S)

    def _measure(self, days: int | None) -> Measured:
        return self.services.metrics.measure(days)

    def on_session_pane_ready(self, message: Ready) -> None:
        message.stop()
        if message.measured.days == self.days:
            self.measured = message.measured
            self._title()
            self.listing.swap(message.measured.figures)
            self._explain()

    @on(GroupList.Moved)
    def _explain(self) -> None:
        """Below the figures: what the one under the cursor was counted from."""
        from tui_patterns.api import figure_basis

        figure = self.listing.current
        if figure is not None:
            words = " · ".join(part for part in (figure_basis(figure), figure.note) if part)
            self.query_one("#figure-note", Words).tell(Content(clean_line(words, 300)))

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

    def note_learned(self, one: Learned, effect: Effect | None = None) -> str:
        """Add that an injected pattern was used, or how that went, what is believed now, and its rank."""
        from tui_patterns.api import learned_words

        words = learned_words(one, "" if effect is None else rank_words(effect))
        self.note(words, **{one.kind: 1})
        return words

    def _draw(self) -> None:
        if not self.display:
            return
        totals = [plural(self.counts[noun], noun) for noun in COUNTED if self.counts[noun]]
        totals = [words.replace("searchs", "searches").replace("copys", "copies") for words in totals]
        lines = [Content.styled(" · ".join(totals) or "Nothing yet.", "bold"), Content("")]
        for moment, text in self.entries:
            lines.append(Content.assemble((f"{clock(moment)}  ", MUTED), text))
        self.query_one("#session-text", Lines).show(lines, keep_scroll=True)


def rank_words(effect: Effect) -> str:
    """``rank 3 → 1``: its place among the patterns of its prompt, without and with what this one taught."""
    if effect.rank_before == effect.rank_now:
        return f"rank {effect.rank_now} as before"
    return f"rank {effect.rank_before} → {effect.rank_now}"
