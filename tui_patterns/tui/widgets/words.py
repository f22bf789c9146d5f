"""A few lines of text that spare the screen a layout as long as they take no other room."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class Words(Static):
    """``tell`` draws only what is new, and lays the screen out only when the number of rows changes."""

    def __init__(self, words: str = "", id: str | None = None) -> None:
        super().__init__(Content(words), id=id)
        self._told = Content(words)

    def tell(self, words: Content) -> None:
        """Show ``words``, whose own line breaks count."""
        if words == self._told and words.spans == self._told.spans:
            return
        layout = self._rows(words) != self._rows(self._told)
        self._told = words
        self.update(words, layout=layout)

    def _rows(self, words: Content) -> int:
        width = self.content_region.width
        return len(words.wrap(width)) if width and words else 0
