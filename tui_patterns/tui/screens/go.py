"""Going somewhere by one more key: g to the top, r along the relations."""

from __future__ import annotations

from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

Place = Literal["top", "relations"]
PLACES: dict[str, tuple[Place, str]] = {
    "g": ("top", "first row or line"),
    "r": ("relations", "along a relation"),
}


class GoScreen(ModalScreen[Place | None]):
    """Waits for a second key; any other way out goes nowhere."""

    BINDINGS = [
        *(
            Binding(key, f"take('{place}')", "Go", id=f"go_{place}", tooltip=f"To the {words}", show=False)
            for key, (place, words) in PLACES.items()
        ),
        Binding("escape,q", "cancel", "Cancel", id="go_cancel", tooltip="Stay here", show=False),
    ]

    def compose(self) -> ComposeResult:
        rows = [f" {key}  {words}" for key, (_, words) in PLACES.items()]
        dialog = Static(Content("\n".join(rows)), classes="dialog", id="go")
        dialog.border_title = "Go"
        yield dialog

    def action_take(self, place: Place) -> None:
        """A key was pressed."""
        self.dismiss(place)

    def action_cancel(self) -> None:
        """Nowhere."""
        self.dismiss(None)
