"""All keys, as they are in force."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_patterns.tui.bindings import shown
from tui_patterns.tui.widgets.lines import Lines


class HelpScreen(ModalScreen[None]):
    """A list of keys, what each is called, and what it does."""

    BINDINGS = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", id="close_help", tooltip="Close the help"),
    ]

    def __init__(self, bindings: Sequence[Binding]) -> None:
        super().__init__()
        self._bindings_shown = bindings

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "Esc closes · [ui] keymap changes keys"
            yield Lines(id="help-keys")

    def on_mount(self) -> None:
        keys = [shown(binding.key) for binding in self._bindings_shown]
        left = max(map(len, keys))
        names = max(len(binding.description) for binding in self._bindings_shown)
        self.query_one(Lines).show(
            [
                Content.assemble(
                    (f" {name:>{left}}  ", "bold $text-accent"),
                    f"{binding.description:<{names}}  ",
                    (binding.tooltip, "$text-muted"),
                )
                for name, binding in zip(keys, self._bindings_shown, strict=True)
            ]
        )

    async def action_dismiss(self, result: None = None) -> None:
        """Close."""
        self.dismiss(None)
