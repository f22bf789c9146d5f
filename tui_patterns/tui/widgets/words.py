"""A few lines of text that spare the screen a layout as long as they take no other room."""

from __future__ import annotations

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static


class Words(Static):
    """``tell`` draws only what is new, and lays the screen out only when the number of rows changes.

    What ``max-height`` has no room for is cut, with an ellipsis.
    """

    def __init__(self, words: str = "", id: str | None = None) -> None:
        super().__init__(Content(words), id=id)
        self._told = self._shown = Content(words)

    def tell(self, words: Content) -> None:
        """Show ``words``, whose own line breaks count."""
        self._told = words
        self._show(self._cut(words))

    def on_resize(self, event: Resize) -> None:
        self._show(self._cut(self._told))

    def _show(self, words: Content) -> None:
        if words == self._shown and words.spans == self._shown.spans:
            return
        layout = self._rows(words) != self._rows(self._shown)
        self._shown = words
        self.update(words, layout=layout)

    def _rows(self, words: Content) -> int:
        width = self.content_region.width
        return len(words.wrap(width)) if width and words else 0

    def _cut(self, words: Content) -> Content:
        width, most = self.content_region.width, self.styles.max_height
        if not width or most is None or most.cells is None or self.styles.text_wrap == "nowrap":
            return words
        rows, room = words.wrap(width), max(most.cells - self.styles.gutter.height, 1)
        if len(rows) <= room:
            return words
        last = (rows[room - 1].rstrip() + Content(" …")).truncate(width, ellipsis=True)
        return Content("\n").join([*rows[: room - 1], last])
