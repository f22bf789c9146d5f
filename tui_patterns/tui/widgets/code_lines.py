"""Code, line by line, some of which can be marked by keyboard, as lazygit and vim do it."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style as RichStyle
from textual.binding import Binding
from textual.events import MouseDown
from textual.message import Message
from textual.strip import Strip

from tui_patterns.tui.widgets.cursor_lines import CursorLines

REVERSED = RichStyle(reverse=True)


class CodeLines(CursorLines):
    """Marked are all lines from where marking began to the cursor; other code ends it."""

    BINDINGS = [
        Binding("V", "mark_lines", "Mark lines", id="mark_lines", show=False,
                tooltip="Mark lines from here on with j and k; again, or Esc: no longer"),
    ]  # fmt: skip

    @dataclass
    class Marking(Message):
        """Other lines are marked than before; none if ``lines`` is ``None``."""

        lines: range | None

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id)
        self._began: int | None = None

    @property
    def chosen(self) -> range | None:
        """The marked lines, counted from 0."""
        if self._began is None:
            return None
        return range(min(self._began, self.cursor), max(self._began, self.cursor) + 1)

    def place(self, *, keep: bool) -> None:
        """After ``show``: the cursor where it was if it is the same code, else on the first line."""
        if not keep:
            self.unmark()
        last = max(self.count - 1, 0)
        before = self.cursor, self._began
        self.cursor = min(self.cursor, last) if keep else 0
        self._began = None if self._began is None else min(self._began, last)
        if (self.cursor, self._began) != before:
            self.refresh()

    def go(self, to: int) -> None:
        """The cursor to a line, and with it the end of what is marked."""
        super().go(to)
        if self._began is not None:
            self.post_message(self.Marking(self.chosen))

    def action_move(self, by: int) -> None:
        """Move the cursor by lines; scrolled out of sight, from the edge that is nearest to it."""
        top = int(self.scroll_offset.y)
        if self._began is None:
            self.cursor = max(min(self.cursor, top + max(self.size.height, 1) - 1), top)
        super().action_move(by)

    def action_mark_lines(self) -> None:
        """Begin to mark at the cursor, or mark nothing any more."""
        if self._began is not None:
            self.unmark()
        elif self.count and self._first is not None:
            self._began = self.cursor
            self.go(self.cursor)

    def unmark(self) -> bool:
        """Mark nothing any more; whether anything was."""
        if self._began is None:
            return False
        self._began = None
        self.refresh()
        self.post_message(self.Marking(None))
        return True

    def scroll_lines(self, by: int) -> None:
        """Scroll, wherever the focus is; the cursor is taken along at the edge."""
        self.scroll_relative(y=by, animate=False)

    def on_mouse_down(self, event: MouseDown) -> None:
        self.go(int(self.scroll_offset.y) + event.y)

    def render_line(self, y: int) -> Strip:
        """One visible line, reversed if it is marked."""
        strip = super().render_line(y)
        chosen = self.chosen
        if chosen is not None and int(self.scroll_offset.y) + y in chosen:
            return strip.apply_style(REVERSED)
        return strip
