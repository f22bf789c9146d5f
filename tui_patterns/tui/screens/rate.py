"""Rating by one more key: 1 to 5."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_patterns.tui.formats import stars


class RateScreen(ModalScreen[int | None]):
    """Waits for a digit; any way out other than a digit rates nothing."""

    BINDINGS = [
        *(
            Binding(str(n), f"take({n})", "Rate", id=f"rate_{n}", tooltip=f"Rate {n} of 5", show=False)
            for n in range(1, 6)
        ),
        Binding(
            "escape,q,r", "cancel", "Cancel", id="rate_cancel", tooltip="Close without rating", show=False
        ),
    ]

    def __init__(self, name_of_pattern: str) -> None:
        super().__init__()
        self._name_of_pattern = name_of_pattern

    def compose(self) -> ComposeResult:
        words = ("did not help", "hardly", "somewhat", "worked", "worked at once")
        rows = [f" {n}  {stars(n)}  {word}" for n, word in enumerate(words, 1)]
        dialog = Static(Content("\n".join(rows)), classes="dialog", id="rate")
        dialog.border_title = "Rate"
        dialog.border_subtitle = Content(self._name_of_pattern).truncate(28, ellipsis=True).markup
        yield dialog

    def action_take(self, rating: int) -> None:
        """A digit was pressed."""
        self.dismiss(rating)

    def action_cancel(self) -> None:
        """No rating."""
        self.dismiss(None)
