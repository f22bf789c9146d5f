"""Choosing a theme, with the app itself as the preview."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.widgets import OptionList

from tui_patterns.tui.screens.choice import Choice, ChoiceScreen


class ThemeScreen(ChoiceScreen[str]):
    """Moving shows a theme at once; Esc brings the old one back."""

    def __init__(self, names: Sequence[str], current: str) -> None:
        at = names.index(current) if current in names else 0
        super().__init__("Theme", [Choice(name, name) for name in names], at)
        self._before = current

    @on(OptionList.OptionHighlighted)
    def _preview(self, event: OptionList.OptionHighlighted) -> None:
        self.app.theme = self.choices[event.option_index].value

    def action_cancel(self) -> None:
        """Back to the theme as it was."""
        self.app.theme = self._before
        super().action_cancel()
