"""Where the six panes stand: which are shown, which has the focus, which one has the screen to itself."""

from __future__ import annotations

from textual.containers import Grid
from textual.events import DescendantFocus

from tui_patterns.tui.panes.pane import Pane


class PaneGrid(Grid):
    """The stylesheet lays the panes out by the size of the terminal; classes tell what a person asked for.

    ``-open`` with ``-shown`` on a pane: one that this size hides is wanted.
    ``-zoom`` with ``-zoomed``: one pane alone. ``-reading``: the focus is in the code;
    ``-about``: in the row below it.
    """

    current = "results"

    def pane(self, id: str) -> Pane:
        """The pane named ``id``."""
        return self.query_one(f"#{id}", Pane)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        for node in event.widget.ancestors_with_self:
            if isinstance(node, Pane) and node.id:
                self.current = node.id
                self.set_class(node.id in ("ratings", "findings"), "-about")
                self.set_class(node.id == "code", "-reading")

    def go(self, id: str) -> None:
        """Show the pane if this size hides it, and give it the focus."""
        pane = self.pane(id)
        if self.has_class("-zoom") and self.current != id:
            self.zoom(id)
        elif not pane.display:
            self._open(id)
        elif id in ("results", "code"):
            self._open(None)
        self.current = id
        pane.enter()

    def toggle(self, id: str) -> None:
        """Open the pane, or close it when the focus is in it."""
        self.close() if self.current == id else self.go(id)

    def close(self) -> None:
        """Back to the results, and to the layout of this size."""
        self.zoom(None)
        self._open(None)
        self.go("results")

    @property
    def opened(self) -> bool:
        """Whether a pane is shown that this size would hide."""
        return self.has_class("-open")

    @property
    def zoomed(self) -> bool:
        """Whether one pane has the screen to itself."""
        return self.has_class("-zoom")

    def zoom(self, id: str | None) -> None:
        """Give one pane all of the screen; ``None`` takes it back."""
        self.set_class(id is not None, "-zoom")
        for pane in self.query(Pane):
            pane.set_class(pane.id == id, "-zoomed")

    def _open(self, id: str | None) -> None:
        self.set_class(id is not None, "-open")
        for pane in self.query(Pane):
            pane.set_class(pane.id == id, "-shown")
