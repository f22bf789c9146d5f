"""Pane 2: the code of the selected pattern, highlighted, and what is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean
from tui_patterns.tui.formats import (
    MUTED,
    match,
    title,
)
from tui_patterns.tui.panes.code_words import about, changes, highlighted, in_words, proof
from tui_patterns.tui.panes.facets import FacetLines
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.code_lines import CodeLines
from tui_patterns.tui.widgets.lines import Lines
from tui_patterns.tui.widgets.words import Words

if TYPE_CHECKING:
    from tui_patterns.api import FacetWords
    from tui_patterns.models import Interval, Pattern, Site
    from tui_patterns.tui.answers import Row
    from tui_patterns.tui.ports import Services

NOTHING = "Select a pattern to read its code: j and k move, / searches."


class CodePane(Pane):
    """Follows the cursor of the results a moment later, so that running through a list stays quick."""

    number, heading = 2, "Code"

    @dataclass
    class Ready(Message):
        """Everything of a pattern that had to be fetched or computed."""

        pattern: Pattern
        lines: Sequence[Content]
        sites: Sequence[Site]
        numbers_from: int | None
        facets: Sequence[FacetWords]
        beliefs: Mapping[str, Interval]

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.pattern: Pattern | None = None
        self.sites: Sequence[Site] = ()
        self.row: Row | None = None
        self.marked: frozenset[int] = frozenset()
        self.as_diff = False

    def compose(self) -> ComposeResult:
        yield Words(NOTHING, id="name")
        yield Words(id="about")
        yield Words(id="why")
        yield CodeLines(id="source")
        yield FacetLines(id="facets")

    @property
    def source(self) -> CodeLines:
        """The lines of code."""
        return self.query_one("#source", CodeLines)

    @property
    def chosen(self) -> range | None:
        """The lines that are marked, counted from 0; none where the code is not shown."""
        return self.source.chosen if self.shown is self.source else None

    @property
    def facets(self) -> FacetLines:
        """What the pattern is made of, in the place of its code when asked for."""
        return self.query_one("#facets", FacetLines)

    @property
    def shown(self) -> Lines:
        """The code or the facets."""
        return self.facets if self.has_class("-facets") else self.source

    def enter(self) -> None:
        """Take the focus into what is shown."""
        self.screen.set_focus(self.shown, scroll_visible=False)

    def toggle_facets(self) -> None:
        """The facets in the place of the code, or the code again."""
        self.toggle_class("-facets")
        self.border_title = f"{self.number} {'Facets' if self.has_class('-facets') else self.heading}"

    def plain(self) -> bool:
        """The code again, if its facets or its changes stand in its place; whether they did."""
        here = self.has_focus_within
        if self.has_class("-facets"):
            self.toggle_facets()
        elif self.as_diff:
            self.toggle_diff()
        else:
            return False
        if here:
            self.enter()
        return True

    def toggle_why(self, *, expected: bool = False) -> bool:
        """Say above the code what puts the pattern in its place, or no longer; ``False``: nothing does.

        :param expected: an answer may come, and will be told of then.
        """
        if not (expected or self.has_class("-why") or self._reasons()):
            return False
        self.toggle_class("-why")
        self._tell_why()
        return True

    def _reasons(self) -> list[str]:
        """Every part of the selected row's score; none without a search."""
        from tui_patterns.api import why_lines

        return why_lines(self.row.why) if self.row and self.row.relevance is not None else []

    def _tell_why(self) -> None:
        lines = self._reasons() if self.has_class("-why") else []
        text = clean("\n".join(lines or ["No search has put this pattern here."]))
        self.query_one("#why", Words).tell(Content.styled(text, MUTED))

    def show(self, pattern: Pattern | None) -> None:
        """Follow to ``pattern``; the last one called for wins."""
        self._fetch(pattern) if pattern else self._clear()

    def _clear(self) -> None:
        self.workers.cancel_node(self)
        self.pattern = None
        self.query_one("#name", Words).tell(Content(NOTHING))
        self.query_one("#about", Words).tell(Content(""))
        self.source.show(())
        self.source.place(keep=False)
        self.facets.fill((), {})

    @work(exclusive=True, group="code", exit_on_error=False)
    async def _fetch(self, pattern: Pattern) -> None:
        await self.settle()
        sites = await asyncio.to_thread(self.services.library.sites, pattern.id)
        if self.as_diff:
            lines, first = await asyncio.to_thread(changes, self.services.library, pattern.id), None
        else:
            lines, first = await asyncio.to_thread(highlighted, pattern.code, pattern.language), pattern.line
        beliefs = await asyncio.to_thread(self.services.library.facet_confidence, pattern.id)
        self.post_message(self.Ready(pattern, lines, sites, first, in_words(pattern), beliefs))

    def toggle_diff(self) -> bool:
        """The code, or what its versions changed; whether it is the changes now."""
        self.as_diff = not self.as_diff
        self.border_title = f"{self.number} {'Changes' if self.as_diff else self.heading}"
        if self.pattern:
            self._fetch(self.pattern)
        return self.as_diff

    def on_code_pane_ready(self, message: Ready) -> None:
        message.stop()
        same = self.pattern is not None and self.pattern.id == message.pattern.id
        self._describe(message.pattern, message.sites)
        self.source.show(
            message.lines,
            numbers_from=message.numbers_from,
            marked=self.marked,
            proof=proof(message.pattern),
            keep_scroll=same,
        )
        self.source.place(keep=same)
        self.facets.fill(message.facets, message.beliefs)

    def refresh_about(self, pattern: Pattern) -> None:
        """Show fresh facts of the pattern on screen: its evidence has changed."""
        if self.pattern and self.pattern.id == pattern.id:
            self._describe(pattern, self.sites)

    def show_match(self, row: Row | None) -> None:
        """Tell how the selected pattern answers the query."""
        self.row = row
        self._tell_why()
        if self.pattern and row and row.pattern.id == self.pattern.id:
            self._describe(self.pattern, self.sites)

    def _describe(self, pattern: Pattern, sites: Sequence[Site]) -> None:
        self.pattern, self.sites = pattern, sites
        found = match(self.row) if self.row and self.row.pattern.id == pattern.id else ""
        self.query_one("#name", Words).tell(Content(title(pattern)))
        self.query_one("#about", Words).tell(about(pattern, sites, found))

    def mark(self, lines: frozenset[int]) -> None:
        """Point out the lines (of the file) that have findings."""
        self.marked = lines
        self.source.mark(lines)

    def scroll_code(self, by: int) -> None:
        """Scroll the code or the facets, wherever the focus is."""
        self.facets.action_move(by) if self.shown is self.facets else self.source.scroll_lines(by)
