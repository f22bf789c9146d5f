"""The field of the search line."""

from __future__ import annotations

from textual.binding import Binding
from textual.events import Paste
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input


class SearchInput(Input):
    """One line of plain words; the arrows move in the results meanwhile."""

    BINDINGS = [
        Binding("down", "results(1)", "Next result", id="next_result", show=False, tooltip="Next result"),
        Binding("up", "results(-1)", "Previous result", id="previous_result", show=False,
                tooltip="Previous result"),
    ]  # fmt: skip

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """A longer text scrolls inside: no key lays the screen out."""

    class Pasted(Message):
        """A text from outside, of any number of lines."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Moved(Message):
        """An arrow key: move in the results by ``by`` rows."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def on_paste(self, event: Paste) -> None:
        """All of it: the field itself would take the first line of code, and lose the rest."""
        event.prevent_default()
        event.stop()
        self.post_message(self.Pasted(event.text))

    def action_results(self, by: int) -> None:
        """Leave the words, move in the results."""
        self.post_message(self.Moved(by))
