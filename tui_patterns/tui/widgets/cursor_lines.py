"""Lines with a cursor on one of them, which the window follows."""

from __future__ import annotations

from textual.events import Blur, Focus
from textual.strip import Strip

from tui_patterns.tui.widgets.lines import Lines


class CursorLines(Lines):
    """The cursor shows while the focus is here; scrolled out of sight, it comes back with the next move."""

    COMPONENT_CLASSES = {"list--cursor"}

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = 0

    @property
    def count(self) -> int:
        """How many lines the cursor can stand on."""
        return self.virtual_size.height

    def go(self, to: int) -> None:
        """The cursor to a line, or as near as there is one, in sight."""
        self.cursor = max(min(to, self.count - 1), 0)
        first = self._nearest(int(self.scroll_offset.y))
        if first != int(self.scroll_offset.y):
            self.scroll_to(y=first, animate=False, force=True)
        self.refresh()

    def _nearest(self, top: int) -> int:
        """The first line to show so that the cursor is in sight, as near to ``top`` as can be."""
        return min(max(top, self.cursor - max(self.size.height, 1) + 1), self.cursor)

    def action_move(self, by: int) -> None:
        """Move the cursor by lines."""
        self.go(self.cursor + by)

    def action_page(self, pages: int) -> None:
        """Move the cursor by half a window."""
        self.go(self.cursor + pages * max(self.size.height // 2, 1))

    def action_top(self) -> None:
        """To the first line."""
        self.go(0)

    def action_bottom(self) -> None:
        """To the last line."""
        self.go(self.count - 1)

    def on_focus(self, event: Focus) -> None:
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One visible line; that of the cursor stands out."""
        strip = super().render_line(y)
        if self.has_focus and self.count and int(self.scroll_offset.y) + y == self.cursor:
            return strip.apply_style(self.get_component_rich_style("list--cursor"))
        return strip
