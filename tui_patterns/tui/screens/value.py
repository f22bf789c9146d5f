"""One value out of many: a line to type in narrows the list below it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui_patterns.tui.filters import Value


class ValueScreen(ModalScreen[Value | None]):
    """Typing narrows, the arrows move, Enter takes; Esc gives ``None``."""

    BINDINGS = [
        Binding("escape", "cancel", "Back", id="value_cancel", tooltip="Back without a choice"),
        Binding("down", "move(1)", "Down", id="value_down", tooltip="Next value", show=False),
        Binding("up", "move(-1)", "Up", id="value_up", tooltip="Previous value", show=False),
    ]

    def __init__(self, title: str, values: Sequence[Value], current: str | float | None) -> None:
        super().__init__()
        self._heading, self._values, self._current = title, values, current
        self.shown = list(values)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog choice") as dialog:
            dialog.border_title = self._heading
            dialog.border_subtitle = "type to narrow · Enter takes · Esc back"
            yield Input(placeholder="type to narrow", id="narrow")
            yield OptionList()

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        self._fill("")

    @on(Input.Changed, "#narrow")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value.strip().lower())

    def _fill(self, part: str) -> None:
        self.shown = [value for value in self._values if part in value.words.lower()]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(Content(self._line(value))) for value in self.shown)
        marked = (at for at, value in enumerate(self.shown) if value.value == self._current and not part)
        options.highlighted = next(marked, 0) if self.shown else None

    def _line(self, value: Value) -> str:
        tick = "✓" if value.value == self._current else " "
        count = "" if value.count is None else f"{value.count:>8,}"
        return f"{tick} {value.words:<42}{count}"

    def action_move(self, by: int) -> None:
        """To the value below or above."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if by > 0 else options.action_cursor_up()

    @on(Input.Submitted, "#narrow")
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self.shown[at])

    def action_cancel(self) -> None:
        """No choice."""
        self.dismiss(None)
