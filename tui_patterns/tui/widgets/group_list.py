"""Entries, several lines each, with a cursor that goes from one to the next."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.events import Click, MouseDown, Resize
from textual.message import Message

from tui_patterns.tui.widgets.lines import Lines

SIGN = "▌"


class GroupList(Lines):
    """The cursor is drawn once there is something to go to; moving it brings the whole entry into view."""

    class Moved(Message):
        """The cursor stands on another entry."""

    def __init__(self, *, hang: int = 1, id: str | None = None) -> None:
        super().__init__(wrap=True, hang=hang, id=id)
        self.cursor = 0
        self._groups: Sequence[Sequence[Content]] = ()
        self._heading: Sequence[Content] = ()
        self._leads: Mapping[int, Sequence[Content]] = {}

    def show_groups(
        self,
        heading: Sequence[Content],
        groups: Sequence[Sequence[Content]],
        cursor: int = 0,
        leads: Mapping[int, Sequence[Content]] | None = None,
    ) -> None:
        """Lines at the top, and the lines of each entry, one of which has the cursor.

        ``leads`` are lines above an entry, by its number, that the cursor does not mark.
        """
        self._heading, self._groups, self._leads = heading, groups, leads or {}
        self.cursor = max(min(cursor, len(groups) - 1), 0)
        self._draw()

    def show_text(self, line: Content) -> None:
        """No entries, but a word on why."""
        self._heading, self._groups, self._leads, self.cursor = (), (), {}, 0
        self.show([line])

    def _draw(self) -> None:
        lines = list(self._heading)
        for number in range(len(self._groups)):
            lines += self._lines_of(number)
        self.show(lines, keep_scroll=True)
        self._reveal()

    def folded(self, line: Content, width: int) -> list[Content]:
        """One line in rows, the sign of the cursor before each."""
        first, *rest = super().folded(line, width)
        if not rest or not line.plain.startswith(SIGN) or self.hang < 1:
            return [first, *rest]
        return [first, *(Content.assemble((SIGN, "bold"), row[1:]) for row in rest)]

    def _lines_of(self, number: int) -> list[Content]:
        sign = SIGN if number == self.cursor else " "
        own = [Content.assemble((sign, "bold"), line) for line in self._groups[number]]
        return [*self._leads.get(number, ()), *own]

    def _reveal(self) -> None:
        """Scroll so that the entry under the cursor is seen, with what stands above it where it fits."""
        if not self._groups:
            return
        before = len(self._heading) + sum(len(self._lines_of(at)) for at in range(self.cursor))
        top = self._ends[before] if self.cursor else 0
        end = self._ends[before + len(self._lines_of(self.cursor))]
        height, offset = self.scrollable_content_region.height, int(self.scroll_offset.y)
        if top < offset or end - top >= height:
            self.scroll_to(y=top, animate=False, force=True)
        elif end > offset + height > 0:
            self.scroll_to(y=end - height, animate=False, force=True)

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self._reveal()

    def action_move(self, by: int) -> None:
        """To the next entry, or the one before; without entries, scroll."""
        if not self._groups:
            super().action_move(by)
            return
        self.cursor = max(min(self.cursor + by, len(self._groups) - 1), 0)
        self._draw()
        self.post_message(self.Moved())

    def on_mouse_down(self, event: MouseDown) -> None:
        """To the entry under the mouse: by the time of the click, the focus may have moved the pane."""
        at = bisect(self._ends, int(self.scroll_offset.y) + event.y) - len(self._heading)
        for number in range(len(self._groups)):
            at -= len(self._lines_of(number))
            if at <= 0:
                self.action_move(number - self.cursor)
                break

    def on_click(self, event: Click) -> None:
        """A second click is Enter."""
        if event.chain == 2:
            self.app.simulate_key("enter")

    def action_top(self) -> None:
        """To the first entry."""
        self.action_move(-len(self._groups))

    def action_bottom(self) -> None:
        """To the last entry."""
        self.action_move(len(self._groups))

    def action_page(self, pages: int) -> None:
        """By half a window of entries."""
        if not self._groups:
            super().action_page(pages)
            return
        self.action_move(pages * max(self.size.height // 2, 1))
