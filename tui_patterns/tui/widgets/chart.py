"""A small chart of a figure's history, drawn by Plotext, which is loaded with the first chart."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.color import Color
from textual_plotext import PlotextPlot

if TYPE_CHECKING:
    from tui_patterns.api import Figure

TICKS = 4
FEW = 3  # known points that would hardly be seen as a line


class Chart(PlotextPlot):
    """The history of one figure from ``since`` to ``end``, drawn through what is known of it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shown: tuple[Figure, float] | None = None

    def show(self, figure: Figure, end: float) -> None:
        """Draw the figure's history up to the Unix time ``end``."""
        self._shown = figure, end
        self._draw()

    def _draw(self) -> None:
        if self._shown is None:
            return
        figure, end = self._shown
        colour = Color.parse(self.app.theme_variables["primary"]).rgb
        known = [(at, value) for at, value in enumerate(figure.series) if value is not None]
        self.plt.clear_figure()
        if known:
            where, values = zip(*known, strict=True)
            if figure.key in ("patterns", "open"):
                self.plt.bar(where, values, color=colour, width=0.6)
            else:
                self.plt.plot(where, values, color=colour, marker="braille" if len(known) > FEW else "dot")
            self._axes(figure, end, max(values))
        self.refresh()

    def _axes(self, figure: Figure, end: float, most: float) -> None:
        from tui_patterns.api import unit_value

        top = 1.0 if figure.unit == "share" and figure.key != "calls" else most or 1.0
        levels = [top * step / 2 for step in range(3)]
        last, since = len(figure.series) - 1, end if figure.since is None else figure.since
        places = [last * step / (TICKS - 1) for step in range(TICKS)]
        moments = [since + (end - since) * step / (TICKS - 1) for step in range(TICKS)]
        self.plt.ylim(0, top)
        self.plt.xlim(0, last)
        words = [f"{level:.1f}" if figure.key == "calls" else unit_value(figure, level) for level in levels]
        self.plt.yticks(levels, words)
        self.plt.xticks(places, [_moment(one, end - since) for one in moments])


def _moment(at: float, span: float) -> str:
    """A date, or a time of day where the whole span is shorter than two days."""
    return time.strftime("%H:%M" if span < 2 * 86_400 else "%Y-%m-%d", time.localtime(at))
