"""What the six panes share: a numbered heading, a way in for the focus, and how a worker's failure shows."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Self

from textual.containers import Vertical
from textual.geometry import Region
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tui_patterns.text import clean_line
from tui_patterns.tui.messages import Problem

if TYPE_CHECKING:
    from tui_patterns.tui.ports import Services

AFTER_S, AFTER_TYPING_S = 0.08, 0.25
"""Running through a list stays quick, and no key of a query waits: what follows the cursor waits for it."""


class Reporting(Widget):
    """A widget whose workers never end the app: what fails becomes one line, and the rest goes on."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            event.stop()
            if type(error).__name__ != "SearchInterrupted":
                self.post_message(Problem(clean_line(str(error) or type(error).__name__, 300)))


class Pane(Vertical, Reporting):
    """One of the six panes."""

    number: ClassVar[int]
    heading: ClassVar[str]

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(id=id)
        self.services = services
        self._place = ""
        self._only: tuple[Region, ...] = ()

    def on_mount(self) -> None:
        self.border_title = f"{self.number} {self.heading}"

    def tell_place(self, words: str) -> None:
        """Words into the lower border, of which alone is drawn; the same words again draw nothing."""
        if words != self._place:
            self._only = (self._lower_border,)
            self._place = self.border_subtitle = words
            self._only = ()

    @property
    def _lower_border(self) -> Region:
        """Its place, counted from the content's."""
        width, height = self.outer_size
        return Region(0, height - 1, width, 1).translate(-self.content_offset)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """As of any widget; but a new word in the border draws no more than that."""
        return super().refresh(*(regions or self._only), repaint=repaint, layout=layout, recompose=recompose)

    async def settle(self) -> None:
        """Wait a moment, in which the cursor may move on; longer while a query is being typed."""
        focused = self.screen.focused
        await asyncio.sleep(AFTER_TYPING_S if focused is not None and focused.id == "query" else AFTER_S)

    def enter(self) -> None:
        """Take the focus: the first widget inside that can."""
        for widget in self.query("*"):
            if widget.focusable:
                self.screen.set_focus(widget, scroll_visible=False)
                return
