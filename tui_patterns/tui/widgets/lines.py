"""A window onto many lines of text: only what is visible is drawn, whatever the length."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

MOVES: list[BindingType] = [
    Binding("j,down", "move(1)", "Down", id="down", tooltip="Next row or line", show=False),
    Binding("k,up", "move(-1)", "Up", id="up", tooltip="Previous row or line", show=False),
    Binding("home", "top", "Top", id="top", tooltip="First row or line", show=False),
    Binding("G,end", "bottom", "Bottom", id="bottom", tooltip="Last row or line", show=False),
    Binding("ctrl+d,pagedown", "page(1)", "Page down", id="page_down", tooltip="Half a page on", show=False),
    Binding("ctrl+u,pageup", "page(-1)", "Page up", id="page_up", tooltip="Half a page back", show=False),
]
"""How every list and text moves; one id for all, so that one entry of a keymap moves them all."""
SIDEWAYS: list[BindingType] = [
    Binding("h,left", "scroll_left", "Left", id="left", tooltip="Back to the left", show=False),
    Binding("l,right", "scroll_right", "Right", id="right", tooltip="On in long lines", show=False),
]

MARKED, PROOF = "▐", "»"
"""In the gutter: something is wrong here; this is why a label was given."""


class Lines(ScrollView, can_focus=True):
    """Lines of styled text that scroll; with ``wrap`` they fold at the width, else they run on.

    ``numbers_from`` of ``show`` numbers the lines in a gutter that stays in place, with a sign for
    what is wrong there and another for what is recognised there. Folded lines go on below what follows
    their first ``hang`` cells.
    """

    BINDINGS = [*MOVES, *SIDEWAYS]
    COMPONENT_CLASSES = {"lines--number", "lines--marked", "lines--proof"}

    def __init__(self, *, wrap: bool = False, hang: int = 0, id: str | None = None) -> None:
        super().__init__(id=id)
        self.wrap, self.hang = wrap, hang
        self._source: Sequence[Content] = ()
        self._rows: Sequence[Content] = ()
        self._first: int | None = None
        self._marked: frozenset[int] = frozenset()
        self._proof: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """What is shown, as it was given."""
        return "\n".join(line.plain for line in self._source)

    def show(
        self,
        lines: Sequence[Content],
        *,
        numbers_from: int | None = None,
        marked: frozenset[int] = frozenset(),
        proof: frozenset[int] = frozenset(),
        keep_scroll: bool = False,
    ) -> None:
        """Swap in all lines at once; ``marked`` and ``proof`` hold the numbers of lines to point out."""
        self._source, self._first, self._marked, self._proof = lines, numbers_from, marked, proof
        self._measure()
        if not keep_scroll:
            self.scroll_to(0, 0, animate=False)

    def mark(self, numbers: frozenset[int]) -> None:
        """Point out other lines, by number."""
        self._marked = numbers
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        if self.wrap:
            self._measure()

    def _measure(self) -> None:
        if self.wrap:
            width = max(self.scrollable_content_region.width, 1)
            self._rows = [row for line in self._source for row in self.folded(line, width)]
            self.virtual_size = Size(0, len(self._rows))
        else:
            self._rows = self._source
            longest = max((line.cell_length for line in self._rows), default=0)
            self.virtual_size = Size(longest + self._gutter, len(self._rows))
        self.refresh()

    def folded(self, line: Content, width: int) -> list[Content]:
        """One line in rows of at most ``width`` cells."""
        if not line or line.cell_length <= width:
            return [line]
        if not 0 < self.hang < width // 2:
            return line.wrap(width)
        first, *rest = line[self.hang :].wrap(width - self.hang)
        return [line[: self.hang] + first, *(row.pad_left(self.hang) for row in rest)]

    @property
    def _gutter(self) -> int:
        return 0 if self._first is None else len(str(self._first + len(self._rows))) + 3

    def render_line(self, y: int) -> Strip:
        """One visible line; ``y`` counts from the top of the widget."""
        index, width = int(self.scroll_offset.y) + y, self.size.width
        style = self.visual_style
        if not 0 <= index < len(self._rows):
            return Strip.blank(width, style.rich_style)
        code = self._drawn(self._rows[index], max(width, self.virtual_size.width), style)
        left = int(self.scroll_offset.x)
        return Strip.join([self._number(index), code.crop(left, left + width - self._gutter)])

    def _drawn(self, line: Content, width: int, style: Style) -> Strip:
        strips = Visual.to_strips(self, line.expand_tabs(4), width, 1, style)
        return strips[0].adjust_cell_length(width, style.rich_style) if strips else Strip.blank(width)

    def _number(self, index: int) -> Strip | None:
        if self._first is None:
            return None
        number = self._first + index
        text = Content.assemble(
            f"{number:>{self._gutter - 3}}",
            (PROOF, self._styled("proof")) if number in self._proof else " ",
            (f"{MARKED} ", self._styled("marked")) if number in self._marked else "│ ",
        )
        return self._drawn(text, self._gutter, self.get_visual_style("lines--number"))

    def _styled(self, name: str) -> Style:
        return self.get_visual_style(f"lines--{name}")

    def action_move(self, by: int) -> None:
        """Scroll by lines."""
        self.scroll_relative(y=by, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by half a window."""
        self.scroll_relative(y=pages * max(self.size.height // 2, 1), animate=False)

    def action_top(self) -> None:
        """Scroll to the first line."""
        self.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.scroll_end(animate=False)
