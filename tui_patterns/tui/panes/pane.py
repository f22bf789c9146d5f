"""What the six panes share: a numbered heading, a way in for the focus, and how a worker's failure shows."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from tui_patterns.text import clean_line
from tui_patterns.tui.messages import Problem
from tui_patterns.tui.ports import Services


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

    def on_mount(self) -> None:
        self.border_title = f"{self.number} {self.heading}"

    def enter(self) -> None:
        """Take the focus: the first widget inside that can."""
        for widget in self.query("*"):
            if widget.focusable:
                self.screen.set_focus(widget, scroll_visible=False)
                return
