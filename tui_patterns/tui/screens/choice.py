"""A short list to choose from: what the theme and filter dialogs share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One entry: what is shown, and what it stands for."""

    words: str
    value: T


class ChoiceScreen(ModalScreen[T | None], Generic[T]):
    """Enter takes the entry under the cursor; Esc gives ``None``."""

    BINDINGS = [
        Binding("escape,q", "cancel", "Cancel", id="cancel", tooltip="Close without a choice"),
        Binding("j", "move('down')", "Down", id="choice_down", tooltip="Next entry", show=False),
        Binding("k", "move('up')", "Up", id="choice_up", tooltip="Previous entry", show=False),
    ]

    def __init__(self, title: str, choices: Sequence[Choice[T]], current: int = 0) -> None:
        super().__init__()
        self._heading, self.choices, self._current = title, choices, current

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog choice") as dialog:
            dialog.border_title = self._heading
            dialog.border_subtitle = "Enter takes · Esc leaves"
            options = OptionList(*(Option(Content(choice.words)) for choice in self.choices))
            options.highlighted = self._current
            yield options

    def action_move(self, way: str) -> None:
        """The keys of the app's lists, here too."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if way == "down" else options.action_cursor_up()

    def action_cancel(self) -> None:
        """No choice."""
        self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.choices[event.option_index].value)
