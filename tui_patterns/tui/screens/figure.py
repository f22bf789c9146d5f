"""One figure: its history as a chart, and what it was counted from, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, day
from tui_patterns.tui.screens.following import FollowingScreen
from tui_patterns.tui.widgets.group_list import GroupList
from tui_patterns.tui.widgets.words import Words

if TYPE_CHECKING:
    from tui_patterns.api import Figure, Measured, MetricEntry
    from tui_patterns.tui.ports import Services

MOST = 200
SIGNS = {True: ("+", "bold $text-success"), False: ("-", "bold $text-error"), None: (" ", "")}
NOTHING = "Nothing stands behind this figure yet."


class EntryList(GroupList):
    """Enter goes to the pattern that an entry is about."""

    BINDINGS = [
        Binding(
            "enter", "screen.visit", "Pattern", id="visit_entry", tooltip="Go to its pattern", show=False
        ),
    ]


class FigureScreen(FollowingScreen):
    """Counts again by itself when the library changes. Gives the id of a pattern to go to."""

    BINDINGS = [
        Binding("escape,q", "cancel", "Close", id="close_figure", tooltip="Back to the metrics", show=False),
    ]

    class Ready(Message):
        """The figure, counted anew, and what stands behind it."""

        def __init__(self, measured: Measured, entries: Sequence[MetricEntry]) -> None:
            super().__init__()
            self.measured, self.entries = measured, entries

    def __init__(self, services: Services, figure: Figure, days: int | None) -> None:
        super().__init__(services)
        self.figure, self.days = figure, days
        self.entries: Sequence[MetricEntry] = ()

    def compose(self) -> ComposeResult:
        from tui_patterns.tui.widgets.chart import Chart

        with Vertical(classes="dialog", id="figure") as dialog:
            dialog.border_title = self.figure.title[:1].upper() + self.figure.title[1:]
            dialog.border_subtitle = "j k move · Enter to the pattern · Esc closes"
            yield Words(id="figure-words")
            if self.figure.series:
                yield Chart(id="figure-chart")
            yield EntryList(hang=21, id="figure-entries")

    def on_mount(self) -> None:
        self.query_one(EntryList).show_text(Content.styled("Looking…", MUTED))

    def found(self) -> Ready:
        """The figure anew, and what stands behind it."""
        metrics = self.services.metrics
        return self.Ready(metrics.measure(self.days), metrics.behind(self.figure.key, self.days, MOST))

    def on_figure_screen_ready(self, message: Ready) -> None:
        from tui_patterns.api import figure_basis, figure_value
        from tui_patterns.tui.widgets.chart import Chart

        self.figure, self.entries = message.measured.figure(self.figure.key), message.entries
        words = " · ".join(part for part in (figure_basis(self.figure), self.figure.note) if part)
        value = Content.styled(figure_value(self.figure), "bold")
        self.query_one("#figure-words", Words).tell(value + Content(f"  {clean_line(words, 300)}"))
        for chart in self.query(Chart):
            chart.show(self.figure, message.measured.end)
        listing = self.query_one(EntryList)
        if self.entries:
            listing.show_groups((), [[told(one)] for one in self.entries], listing.cursor)
        else:
            listing.show_text(Content.styled(NOTHING, MUTED))

    def action_visit(self) -> None:
        """To the pattern of the entry under the cursor."""
        entry = self.entries[self.query_one(EntryList).cursor] if self.entries else None
        if entry is not None and entry.pattern:
            self.dismiss(entry.pattern)
        else:
            self.notify("This entry is about no pattern.", markup=False)


def told(entry: MetricEntry) -> Content:
    """When, whether it speaks for or against, and what."""
    moment = "" if entry.at is None else f"{day(entry.at)}  "
    return Content.assemble((moment, MUTED), SIGNS[entry.good], f" {clean_line(entry.words, 400)}")
