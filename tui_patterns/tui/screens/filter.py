"""Narrowing the list: the fields, what each is set to, and behind each its values in the library."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_patterns.models import Filters
from tui_patterns.tui.filters import FIELDS, Value, Values, chosen, in_force, offered
from tui_patterns.tui.screens.value import ValueScreen


class FilterScreen(ModalScreen[Filters | None]):
    """Enter opens a field, and the value taken there narrows the list; ``f`` again adds another."""

    BINDINGS = [
        Binding("escape,q", "cancel", "Cancel", id="filter_cancel", tooltip="Leave the list as it is"),
        Binding("j", "move('down')", "Down", id="filter_down", tooltip="Next field", show=False),
        Binding("k", "move('up')", "Up", id="filter_up", tooltip="Previous field", show=False),
        Binding("x,delete,backspace", "lift", "Lift", id="filter_lift", tooltip="Any value of this field"),
        Binding("X", "lift_all", "Lift all", id="filter_lift_all", tooltip="No filter"),
    ]

    def __init__(self, values: Values, filters: Filters) -> None:
        super().__init__()
        self._values, self._filters = values, filters
        self.fields = [field for field in FIELDS if len(offered(field, values)) > 1]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog choice") as dialog:
            dialog.border_title = "Filter"
            dialog.border_subtitle = "Enter opens · x lifts · X lifts all · Esc leaves"
            yield OptionList(*(Option(Content(self._line(field))) for field in self.fields))

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 0

    def _line(self, field: str) -> str:
        words = in_force(self._filters).get(field)
        count = len(offered(field, self._values)) - 1
        return f"{'✓' if words else ' '} {FIELDS[field]:<14}{words or f'any of {count}'}"

    def action_move(self, way: str) -> None:
        """The keys of the app's lists, here too."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if way == "down" else options.action_cursor_up()

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        field = self.fields[event.option_index]
        values, current = offered(field, self._values), getattr(self._filters, field)
        self.app.push_screen(
            ValueScreen(FIELDS[field].capitalize(), values, current), lambda value: self._taken(field, value)
        )

    def _taken(self, field: str, value: Value | None) -> None:
        if value is not None:
            self.dismiss(chosen(self._filters, field, value.value))

    def action_lift(self) -> None:
        """Any value of the field under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(chosen(self._filters, self.fields[at], None))

    def action_lift_all(self) -> None:
        """No filter at all."""
        self.dismiss(Filters())

    def action_cancel(self) -> None:
        """No change."""
        self.dismiss(None)
