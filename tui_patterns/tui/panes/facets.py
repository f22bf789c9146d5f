"""The facets of the selected pattern: a line for each, which opens to what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.content import Content
from textual.events import MouseDown

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED
from tui_patterns.tui.widgets.cursor_lines import CursorLines

if TYPE_CHECKING:
    from tui_patterns.api import FacetWords
    from tui_patterns.models import Interval

NAMES = 18  # cells: the longest name, "runtime parameters"
NONE = "No facets are stored of this pattern: index its folder again."


class FacetLines(CursorLines):
    """A cursor over facets; what a person opened stays open from one pattern to the next."""

    BINDINGS = [
        Binding("enter", "fold", "Open or close", id="fold", tooltip="Open or close a facet", show=False),
    ]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id)
        self.opened: set[str] = set()
        self._facets: Sequence[FacetWords] = ()
        self._beliefs: Mapping[str, Interval] = {}
        self._owners: list[str] = []

    @property
    def count(self) -> int:
        """The lines that belong to a facet."""
        return len(self._owners)

    def fill(self, facets: Sequence[FacetWords], beliefs: Mapping[str, Interval]) -> None:
        """Show the facets of a pattern, the cursor on the first."""
        if self.cursor:
            self.refresh()
        self._facets, self._beliefs, self.cursor = facets, beliefs, 0
        self._rebuild(keep_scroll=False)

    def _rebuild(self, *, keep_scroll: bool) -> None:
        rows = [row for facet in self._facets for row in self._rows_of(facet)]
        self._owners = [name for name, _ in rows]
        self.show([line for _, line in rows] or [Content.styled(NONE, MUTED)], keep_scroll=keep_scroll)
        self.refresh()  # the cursor too

    def _rows_of(self, facet: FacetWords) -> Iterator[tuple[str, Content]]:
        is_open = facet.name in self.opened
        yield facet.name, self._head(facet, is_open)
        for line, text in facet.details if is_open else ():
            number = (f"{'' if line is None else line:>7}  ", MUTED)
            yield facet.name, Content.assemble(number, clean_line(text, 400))

    def _head(self, facet: FacetWords, is_open: bool) -> Content:
        from tui_patterns.api import describe_facet

        belief = self._beliefs.get(facet.name)
        said = describe_facet(belief) if belief else ""
        name = f"{'▾' if is_open else '▸'} {facet.title:<{NAMES}}  "
        return Content.assemble((name, "bold"), (f"{said:<13}  ", MUTED), clean_line(facet.summary, 400))

    def action_fold(self) -> None:
        """Open the facet under the cursor, or close it with the cursor on its line."""
        if self._owners:
            name = self._owners[self.cursor]
            self.opened ^= {name}
            self._rebuild(keep_scroll=True)
            self.go(self._owners.index(name))

    def on_mouse_down(self, event: MouseDown) -> None:
        at = int(self.scroll_offset.y) + event.y
        if at < len(self._owners):
            self.go(at)
            self.action_fold()
