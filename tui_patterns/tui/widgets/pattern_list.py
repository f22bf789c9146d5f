"""The result list: a cursor over rows of patterns, drawn line by line so that size costs nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.visual import Visual

from tui_patterns.tui.formats import MUTED
from tui_patterns.tui.widgets.lines import MOVES
from tui_patterns.tui.widgets.pattern_row import Cell, inks, lower, marked, placed, single, upper, words
from tui_patterns.tui.widgets.window import Window

if TYPE_CHECKING:
    from tui_patterns.models import Pattern
    from tui_patterns.tui.answers import Row

ONE_LINE_FROM = 64  # columns
TWO_LINES_FROM = 8  # rows of the terminal that the list has


class PatternList(Window, can_focus=True):
    """Rows of two lines, or of one where there is width for it. The cursor keeps to its pattern."""

    BINDINGS = [
        *MOVES,
        Binding("enter", "open", "Code", id="open", tooltip="Read the code of this pattern"),
    ]
    COMPONENT_CLASSES = {"list--cursor"}

    @dataclass
    class Highlighted(Message):
        """The cursor came to stand on ``pattern``."""

        pattern: Pattern | None

    @dataclass
    class Opened(Message):
        """Enter, or a second click, on ``pattern``."""

        pattern: Pattern

    cursor: reactive[int] = reactive(0, repaint=False)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.several = False  # projects: each place is told with its own
        self.picked: frozenset[str] = frozenset()
        self.rated: Mapping[str, int] = {}
        self.empty = "Opening the library…"

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def current(self) -> Pattern | None:
        """The pattern under the cursor."""
        return self.row.pattern if self.row else None

    @property
    def row_height(self) -> int:
        """Cells that a row takes."""
        return 1 if self.size.width >= ONE_LINE_FROM or self.size.height < TWO_LINES_FROM else 2

    def swap(self, rows: Sequence[Row], cursor: int) -> None:
        """All rows at once, with the cursor on row ``cursor``."""
        before, were, stood, several = self.current, self.rows, self.cursor, self.several
        self.rows = rows
        self.several = len({row.pattern.root for row in rows}) > 1
        self.set_reactive(PatternList.cursor, max(min(cursor, len(rows) - 1), 0))
        self._size_up()
        if bool(were) != bool(rows) or several != self.several:  # words take the place of rows, or back
            self.refresh()
        self._draw_anew({stood, self.cursor, *self._changed(were)})
        if self.current != before:
            self.post_message(self.Highlighted(self.current))

    def _changed(self, were: Sequence[Row]) -> Iterator[int]:
        """Rows in sight that read otherwise than those that ``were`` there."""
        for index in self._in_sight():
            old, new = (words(rows[index]) if index < len(rows) else None for rows in (were, self.rows))
            if old != new:
                yield index

    def _in_sight(self) -> range:
        first, height = int(self.scroll_offset.y) // self.row_height, self.size.height
        return range(first, first + height // self.row_height + 2)

    def _draw_anew(self, indexes: Collection[int]) -> None:
        """Draw these rows and leave the others as they are: it is the drawing that a key waits for."""
        height, top = self.row_height, int(self.scroll_offset.y)
        self.draw(index * height - top + line for index in indexes for line in range(height))

    def mark(self, picked: frozenset[str], rated: Mapping[str, int]) -> None:
        """Which patterns are picked for the prompt, and how those of this session are rated."""
        self.picked, self.rated = picked, rated
        self.refresh()

    def explain(self, empty: str) -> None:
        """What to say while there are no rows."""
        self.empty = empty
        self.refresh()

    def replace(self, pattern: Pattern) -> None:
        """A fresh reading of one pattern, in place."""
        id = pattern.id
        self.rows = [replace(row, pattern=pattern) if row.pattern.id == id else row for row in self.rows]
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self._size_up()
        self.refresh()

    def _size_up(self) -> None:
        self.virtual_size = Size(0, len(self.rows) * self.row_height)
        self._show_cursor()

    def _show_cursor(self) -> None:
        row, height = self.row_height, self.size.height
        top = self.cursor * row
        offset = int(self.scroll_offset.y)
        if top < offset or self.cursor == 0:
            self.scroll_to(y=top, animate=False, force=True)
        elif top + row > offset + height > 0:
            whole = -((height - top - row) // row) * row  # no half row at the top
            self.scroll_to(y=whole, animate=False, force=True)

    def watch_cursor(self, before: int, now: int) -> None:
        self._show_cursor()
        self._draw_anew((before, now))
        self.post_message(self.Highlighted(self.current))

    def render_line(self, y: int) -> Strip:
        """One line of one row; ``y`` counts from the top of the widget."""
        index, line = divmod(int(self.scroll_offset.y) + y, self.row_height)
        width = self.scrollable_content_region.width
        if not self.rows or index >= len(self.rows) or width < 4:
            return self._empty_line(y, width) if not self.rows else Strip.blank(width, self.rich_style)
        at_cursor = index == self.cursor
        ink = inks(self.get_visual_style("list--cursor") if at_cursor else self.visual_style)
        cells = ["▌" if at_cursor else " ", *self._cells(index, line, width - 1)]
        parts = (cell if isinstance(cell, tuple) else (cell, "") for cell in cells)
        return Strip([Segment(text, ink[name]) for text, name in parts]).adjust_cell_length(width, ink[""])

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = Content(self.empty).wrap(max(width - 4, 1))
        at = y - min(2, max(self.size.height - len(lines), 0) // 2)
        text = lines[at] if 0 <= at < len(lines) else Content("")
        muted = text.stylize_before(MUTED).pad_left(2)
        strips = Visual.to_strips(self, muted, width, 1, self.visual_style)
        return strips[0].adjust_cell_length(width, self.rich_style)

    def _cells(self, index: int, line: int, width: int) -> Sequence[Cell]:
        row, id = self.rows[index], self.rows[index].pattern.id
        marks = marked(self.rated.get(id) or row.pattern.ratings.last, id in self.picked)
        place = placed(row, self.several)
        if self.row_height == 1:
            return single(row, width, marks, place)
        return upper(row, width) if line == 0 else lower(width, marks, place)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows; it stops at both ends."""
        self.cursor = max(min(self.cursor + by, len(self.rows) - 1), 0)

    def action_page(self, pages: int) -> None:
        """Move the cursor by half a window."""
        self.action_move(pages * max(self.size.height // self.row_height // 2, 1))

    def action_top(self) -> None:
        """Move to the first row."""
        self.cursor = 0

    def action_bottom(self) -> None:
        """Move to the last row."""
        self.cursor = max(len(self.rows) - 1, 0)

    def action_open(self) -> None:
        """Tell that the pattern under the cursor is to be read."""
        if self.current:
            self.post_message(self.Opened(self.current))

    def on_click(self, event: Click) -> None:
        index = (int(self.scroll_offset.y) + event.y) // self.row_height
        if index < len(self.rows):
            self.cursor = index
            if event.chain == 2:
                self.action_open()
