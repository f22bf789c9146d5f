"""A window onto many lines of text: only what is visible is drawn, whatever the length."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import accumulate, chain

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from tui_patterns.tui.widgets.window import Window

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
MORE = "…"


class Lines(Window, can_focus=True):
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
        self._ends: Sequence[int] = (0,)  # rows before each folded line, and in all
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
        seen = self._seen()
        self._source, self._first, self._marked, self._proof = lines, numbers_from, marked, proof
        self._measure()
        if not keep_scroll:
            self.scroll_to(0, 0, animate=False)
        self._draw_where_not(seen)

    def mark(self, numbers: frozenset[int]) -> None:
        """Point out other lines, by number."""
        seen = self._seen()
        self._marked = numbers
        self._draw_where_not(seen)

    def _seen(self) -> list[Hashable]:
        """Of each line in sight, all that it is drawn from."""
        left, top = map(int, self.scroll_offset)
        return [(left, self._gutter, *self._looks(top + y)) for y in range(self.size.height)]

    def _looks(self, index: int) -> tuple[Hashable, ...]:
        if not 0 <= index < len(self._rows):
            return ()
        line, number = self._rows[index], -1 if self._first is None else self._first + index
        return line.plain, tuple(line.spans), number, number in self._marked, number in self._proof

    def _draw_where_not(self, seen: Sequence[Hashable]) -> None:
        """Draw the lines that look otherwise than those that were ``seen``: the others can stay."""
        now = self._seen()
        if len(now) != len(seen):
            self.refresh()
        self.draw(y for y, (before, after) in enumerate(zip(seen, now, strict=False)) if before != after)

    def on_resize(self, event: Resize) -> None:
        if self.wrap:
            self._measure()
            self.refresh()

    def _measure(self) -> None:
        width = self.scrollable_content_region.width
        if self.wrap and width:
            folded = [self.folded(line, width) for line in self._source]
            self._rows = list(chain.from_iterable(folded))
            self._ends = list(accumulate(map(len, folded), initial=0))
            self.virtual_size = Size(0, len(self._rows))
        else:
            self._rows, self._ends = self._source, range(len(self._source) + 1)
            longest = max((line.cell_length for line in self._rows), default=0)
            self.virtual_size = Size(longest + self._gutter, len(self._rows))

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
        index, width = int(self.scroll_offset.y) + y, self.scrollable_content_region.width
        style = self.visual_style
        if not 0 <= index < len(self._rows):
            return Strip.blank(width, style.rich_style)
        line, left, room = self._rows[index], int(self.scroll_offset.x), width - self._gutter
        code = self._drawn(line, max(width, self.virtual_size.width), style)
        if line.cell_length <= left + room:
            return Strip.join([self._number(index), code.crop(left, left + room)])
        return Strip.join([self._number(index), code.crop(left, left + room - 1), self._more()])

    def _more(self) -> Strip:
        """At the edge: the line goes on."""
        return self._drawn(Content(MORE), 1, self.get_visual_style("lines--number"))

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
