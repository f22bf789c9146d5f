"""Findings, several lines each, with a cursor that goes from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.events import Resize

from tui_patterns.tui.widgets.lines import Lines


class FindingList(Lines):
    """The cursor is drawn once there is something to go to; moving it brings the whole finding into view."""

    BINDINGS = [
        Binding(
            "enter",
            "screen.open_instead",
            "Do it so",
            id="open_instead",
            tooltip="Open the pattern that does it right",
            show=False,
        ),
        Binding(
            "x",
            "screen.dismiss_finding",
            "No problem",
            id="dismiss_finding",
            tooltip="Not a problem here: do not show it again; u takes that back",
            show=False,
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(wrap=True, hang=1, id=id)
        self.cursor = 0
        self._groups: Sequence[Sequence[Content]] = ()
        self._heading: Sequence[Content] = ()

    def show_groups(
        self, heading: Sequence[Content], groups: Sequence[Sequence[Content]], cursor: int = 0
    ) -> None:
        """Lines at the top, and the lines of each finding, the first of which takes the cursor."""
        self._heading, self._groups = heading, groups
        self.cursor = max(min(cursor, len(groups) - 1), 0)
        self._draw()

    def show_text(self, line: Content) -> None:
        """No findings, but a word on why."""
        self._heading, self._groups, self.cursor = (), (), 0
        self.show([line])

    def _draw(self) -> None:
        lines = list(self._heading)
        for number, group in enumerate(self._groups):
            sign = "▌" if number == self.cursor else " "
            lines += [Content.assemble((sign, "bold"), line) for line in group]
        self.show(lines, keep_scroll=True)
        self._reveal()

    def _reveal(self) -> None:
        """Scroll so that the finding under the cursor is seen, with the heading where it fits."""
        if not self._groups:
            return
        before = len(self._heading) + sum(len(group) for group in self._groups[: self.cursor])
        top = self._rows_of(self._source[:before]) if self.cursor else 0
        end = self._rows_of(self._source[: before + len(self._groups[self.cursor])])
        height, offset = self.scrollable_content_region.height, int(self.scroll_offset.y)
        if top < offset or end - top >= height:
            self.scroll_to(y=top, animate=False, force=True)
        elif end > offset + height > 0:
            self.scroll_to(y=end - height, animate=False, force=True)

    def _rows_of(self, lines: Sequence[Content]) -> int:
        width = max(self.scrollable_content_region.width, 1)
        return sum(len(self.folded(line, width)) for line in lines)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self._reveal()

    def action_move(self, by: int) -> None:
        """To the next finding, or the one before; without findings, scroll."""
        if not self._groups:
            super().action_move(by)
            return
        self.cursor = max(min(self.cursor + by, len(self._groups) - 1), 0)
        self._draw()

    def action_top(self) -> None:
        """To the first finding."""
        self.action_move(-len(self._groups))

    def action_bottom(self) -> None:
        """To the last finding."""
        self.action_move(len(self._groups))
