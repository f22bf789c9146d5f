"""What screens over the panes share that follow the library: reading again by themselves, and one way out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.screen import ModalScreen

from tui_patterns.tui.messages import LibraryMoved, Problem
from tui_patterns.tui.panes.pane import Reporting

if TYPE_CHECKING:
    from tui_patterns.tui.ports import Services


class FollowingScreen(ModalScreen[str | None], Reporting):
    """Gives the id of a pattern to go to, ``None`` when it is just left."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @work(exclusive=True, group="read", exit_on_error=False)
    async def read(self) -> None:
        """Fetch what is shown; the last call wins."""
        self.post_message(await asyncio.to_thread(self.found))

    def found(self) -> Message:
        """What is shown, as the message that brings it. Blocks: called in a worker thread."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.read()

    @on(LibraryMoved)
    def _moved(self) -> None:
        self.read()

    @on(Problem)
    def _failed(self, message: Problem) -> None:
        self.notify(message.text, severity="error", markup=False)

    def action_cancel(self) -> None:
        """Back."""
        self.dismiss(None)
