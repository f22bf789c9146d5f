"""Figures of the library, a line each with its history as bars, and a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.events import Resize

from tui_patterns.tui.formats import MUTED
from tui_patterns.tui.widgets.group_list import GroupList

if TYPE_CHECKING:
    from tui_patterns.api import Figure

MOST_BARS = 30


class FigureList(GroupList):
    """Enter opens what a figure was counted from."""

    BINDINGS = [
        Binding("enter", "screen.open_figure", "Events", id="open_figure",
                tooltip="Show the history of this figure, and the events that it was counted from",
                show=False),
        Binding("left_square_bracket", "screen.period(-1)", "Shorter", id="shorter",
                tooltip="Count over a shorter time: all, 90, 30 or 7 days", show=False),
        Binding("right_square_bracket", "screen.period(1)", "Longer", id="longer",
                tooltip="Count over a longer time", show=False),
    ]  # fmt: skip

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.figures: Sequence[Figure] = ()

    @property
    def current(self) -> Figure | None:
        """The figure under the cursor."""
        return self.figures[self.cursor] if self.figures else None

    def swap(self, figures: Sequence[Figure]) -> None:
        """All figures at once; the cursor stays where it is."""
        self.figures = figures
        width = self.scrollable_content_region.width - 1
        self.show_groups((), [[line] for line in rows(figures, width)], self.cursor)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        if self.figures:
            self.swap(self.figures)


def rows(figures: Sequence[Figure], width: int) -> list[Content]:
    """Title, value with its interval, n, and the history as far as there is room."""
    from tui_patterns.api import figure_value, sparkline

    values = [f"{figure_value(one)} n {one.n:,}" for one in figures]
    titles = max((len(one.title) for one in figures), default=0)
    drawn = [value for one, value in zip(figures, values, strict=True) if one.series]
    size = max(map(len, drawn), default=0)
    room = min(width - titles - size - 2, MOST_BARS)
    return [
        Content.assemble(
            f"{one.title:<{titles}} ",
            (f"{value:<{size}} ", MUTED if one.value is None else "bold"),
            (sparkline(one.series, room), "$primary"),
        ).truncate(max(width, 1), ellipsis=True)
        for one, value in zip(figures, values, strict=True)
    ]
