"""Pane 3: what is known of a pattern, what it has been worth so far, and rating it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, day, evidence, plural, stars, uses
from tui_patterns.tui.messages import Rated
from tui_patterns.tui.panes.about import HEAD, Details, headed, lines
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tui_patterns.models import Finding, HistoryEntry, Pattern
    from tui_patterns.tui.ports import Services

MIDDLE = 3


class RatingsPane(Pane):
    """Shows a rating only once it is on disk."""

    number, heading = 3, "About"

    @dataclass
    class Ready(Message):
        """What had to be fetched of a pattern."""

        pattern: Pattern
        details: Details

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.pattern: Pattern | None = None
        self.details = Details()
        self.findings: Sequence[Finding] | None = None
        self.mine: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        self._in_turn = asyncio.Lock()  # two quick ratings reach the disk in the order of the keys

    def compose(self) -> ComposeResult:
        yield Lines(wrap=True, hang=HEAD, id="ratings-text")

    def show(self, pattern: Pattern | None) -> None:
        """Follow to ``pattern``."""
        same = self.pattern is not None and pattern is not None and self.pattern.id == pattern.id
        if not same:
            self.details, self.findings = Details(), None
        self.pattern = pattern
        if same or pattern is None:
            self._draw(keep_scroll=same)
        if pattern:
            self._fetch(pattern)

    @work(exclusive=True, group="ratings", exit_on_error=False)
    async def _fetch(self, pattern: Pattern) -> None:
        await self.settle()
        self.post_message(self.Ready(pattern, await asyncio.to_thread(self._read, pattern.id)))

    def _read(self, id: str) -> Details:
        library = self.services.library
        return Details(
            library.history(id),
            library.usage(id),
            library.sites(id),
            library.relations(id),
            library.metrics(id),
        )

    def on_ratings_pane_ready(self, message: Ready) -> None:
        message.stop()
        if self.pattern and self.pattern.id == message.pattern.id:
            self.details = message.details
            self._draw(keep_scroll=True)

    def show_findings(self, pattern: Pattern, findings: Sequence[Finding] | None) -> None:
        """Take over what is wrong in the file of ``pattern``."""
        if self.pattern and (self.pattern.root, self.pattern.path) == (pattern.root, pattern.path):
            self.findings = findings
            self._draw(keep_scroll=True)

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
            self._draw(keep_scroll=True)
            self._fetch(pattern)

    def _draw(self, *, keep_scroll: bool = False) -> None:
        text = self.query_one(Lines)
        if self.pattern is None:
            text.show([Content.styled("No pattern selected.", MUTED)])
            return
        history = self.details.history
        versions = [self._version(self.pattern, len(history) - at, each) for at, each in enumerate(history)]
        known = lines(self.pattern, self.details, self.findings)
        text.show([*self._worth(self.pattern), *known, *versions], keep_scroll=keep_scroll)

    def _worth(self, pattern: Pattern) -> Iterator[Content]:
        ratings, mine = pattern.ratings, self.mine.get(pattern.id)
        yours = (stars(mine), " · u undoes") if mine else ("not rated", " · r, then 1–5")
        average = ""
        if ratings.usage_count and ratings.average is not None:
            average = f" · {ratings.average:.1f} of 5 in {plural(ratings.usage_count, 'session')}"
        yield headed("Rating", (yours[0], "bold"), (yours[1], MUTED), average)
        yield headed("Success", evidence(pattern))
        if self.details.usage and self.details.usage.uses:
            yield headed("Used", uses(self.details.usage))

    @staticmethod
    def _version(pattern: Pattern, number: int, entry: HistoryEntry) -> Content:
        parts = ["now" if entry.current else "", day(entry.created)]
        parts.append(f"complexity {entry.complexity}" if entry.complexity != pattern.complexity else "")
        parts.append(clean_line(entry.name, 80) if entry.name != pattern.name else "")
        return headed(f"v{number}", " · ".join(part for part in parts if part))
