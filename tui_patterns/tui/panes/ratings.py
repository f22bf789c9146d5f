"""Pane 3: what a pattern has been worth so far, and rating it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.models import HistoryEntry, Pattern, Usage
from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, day, evidence, plural, stars, uses
from tui_patterns.tui.messages import Rated
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.ports import Services
from tui_patterns.tui.widgets.lines import Lines

AFTER_S = 0.08
MIDDLE = 3


class RatingsPane(Pane):
    """Shows a rating only once it is on disk."""

    number, heading = 3, "Ratings"

    @dataclass
    class Ready(Message):
        """The history of a pattern."""

        pattern: Pattern
        history: Sequence[HistoryEntry]
        usage: Usage

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.pattern: Pattern | None = None
        self.history: Sequence[HistoryEntry] = ()
        self.usage: Usage | None = None
        self.mine: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._in_turn = asyncio.Lock()  # two quick ratings reach the disk in the order of the keys

    def compose(self) -> ComposeResult:
        yield Lines(wrap=True, id="ratings-text")

    def show(self, pattern: Pattern | None) -> None:
        """Follow to ``pattern``."""
        self.pattern, self.history, self.usage = pattern, (), None
        self._draw()
        if pattern:
            self._fetch(pattern)

    @work(exclusive=True, group="ratings", exit_on_error=False)
    async def _fetch(self, pattern: Pattern) -> None:
        await asyncio.sleep(AFTER_S)
        self.post_message(self.Ready(pattern, *await asyncio.to_thread(self._read, pattern.id)))

    def _read(self, id: str) -> tuple[Sequence[HistoryEntry], Usage]:
        return self.services.library.history(id), self.services.library.usage(id)

    def on_ratings_pane_ready(self, message: Ready) -> None:
        message.stop()
        if self.pattern and self.pattern.id == message.pattern.id:
            self.history, self.usage = message.history, message.usage
            self._draw()

    def rate(self, rating: int, task: str | None) -> None:
        """Write ``rating`` for the shown pattern; ``Rated`` tells when it is on disk."""
        if self.pattern:
            self._asked[self.pattern.id] = rating
            self._write(self.pattern.id, rating, task)

    def nudge(self, by: int, task: str | None) -> None:
        """One star up or down from what was asked for last, else from the last rating, else the middle."""
        if self.pattern:
            before = self._asked.get(self.pattern.id) or self.pattern.ratings.last or MIDDLE
            self.rate(max(1, min(before + by, 5)), task)

    def undo(self) -> bool:
        """Take back this session's rating; ``False`` when there is none."""
        if self.pattern is None or self.pattern.id not in self.mine:
            return False
        self._asked.pop(self.pattern.id, None)
        self._write(self.pattern.id, None, None)
        return True

    @work(group="rate", exit_on_error=False)
    async def _write(self, id: str, rating: int | None, task: str | None) -> None:
        async with self._in_turn:
            pattern = await asyncio.to_thread(self._on_disk, id, rating, task)
        self.post_message(Rated(pattern, rating))

    def _on_disk(self, id: str, rating: int | None, task: str | None) -> Pattern:
        session, library = self.services.session(), self.services.library
        return library.unrate(id, session) if rating is None else library.rate(id, rating, session, task)

    def take(self, pattern: Pattern, rating: int | None) -> None:
        """A rating is on disk: show it."""
        self.mine.pop(pattern.id, None)
        if rating:
            self.mine[pattern.id] = rating
        if self.pattern and self.pattern.id == pattern.id:
            self.pattern = pattern
            self._draw()
            self._fetch(pattern)

    def _draw(self) -> None:
        text = self.query_one(Lines)
        if self.pattern is None:
            text.show([Content.styled("No pattern selected.", MUTED)])
            return
        count = len(self.history)
        versions = [self._version(self.pattern, count - at, entry) for at, entry in enumerate(self.history)]
        text.show([*self._summary(self.pattern), *versions])

    def _summary(self, pattern: Pattern) -> list[Content]:
        ratings, mine = pattern.ratings, self.mine.get(pattern.id)
        yours = (f"{stars(mine)}", "  u undoes") if mine else ("not rated", "  r, then 1–5")
        lines = [Content.assemble(("Yours    ", MUTED), (yours[0], "bold"), (yours[1], MUTED))]
        if ratings.usage_count and ratings.average is not None:
            average = f"{ratings.average:.1f} of 5 in {plural(ratings.usage_count, 'session')}"
        else:
            average = "no rating yet"
        lines.append(Content.assemble(("Average  ", MUTED), average))
        lines.append(Content.assemble(("Success  ", MUTED), evidence(pattern)))
        if self.usage and self.usage.uses:
            lines.append(Content.assemble(("Used     ", MUTED), uses(self.usage)))
        return [*lines, Content("")]

    @staticmethod
    def _version(pattern: Pattern, number: int, entry: HistoryEntry) -> Content:
        parts = ["now" if entry.current else "", day(entry.created)]
        parts.append(f"complexity {entry.complexity}" if entry.complexity != pattern.complexity else "")
        parts.append(clean_line(entry.name, 80) if entry.name != pattern.name else "")
        return Content.assemble((f"v{number:<8}", MUTED), " · ".join(part for part in parts if part))
