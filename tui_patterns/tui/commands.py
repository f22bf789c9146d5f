"""The command palette: every action by name, with its key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_patterns.tui.bindings import shown
from tui_patterns.tui.panes.pane import Pane

if TYPE_CHECKING:
    from textual.binding import Binding

# Too rare for a key: (name, what it does, action of the screen).
WITHOUT_KEY = (
    (
        "Pause or resume embedding",
        "Embed nothing for now, or go on with it; searching goes on",
        "toggle_embedding",
    ),
)
MOVES = ("down", "up", "top", "bottom", "page_down", "page_up", "left", "right")
LEFT_OUT = frozenset({"palette", "next_pane", "previous_pane", "interrupt", "force_quit", *MOVES})


class Actions(Provider):
    """All actions of the main screen."""

    def _commands(self) -> Iterator[tuple[str, str, Any]]:
        bindings: list[Binding] = self.app.keys_in_force()  # type: ignore[attr-defined]  # PatternsApp
        for binding in bindings:
            if binding.id not in LEFT_OUT and binding.tooltip:
                text = f"{binding.description}  ({shown(binding.key)})"
                yield text, binding.tooltip, partial(self.run_one, binding.action)
        for name, tooltip, action in WITHOUT_KEY:
            yield name, tooltip, partial(self.run_one, action)

    async def run_one(self, action: str) -> None:
        """Where the focus is, or of the screen; else in the pane that has it, which takes the focus."""
        name = f"action_{action.partition('(')[0]}"
        here = next((node for node in (self.screen.focused, self.screen) if hasattr(node, name)), None)
        if here is None and "." not in action:
            here = next((widget for widget in self.screen.query("*") if hasattr(widget, name)), None)
            for pane in (node.id for node in (here.ancestors if here else ()) if isinstance(node, Pane)):
                await self.screen.run_action(f"pane('{pane}')")
        await self.app.run_action(action, here or self.screen)

    async def discover(self) -> Hits:
        """Before anything is typed: all of them."""
        for text, tooltip, run in self._commands():
            yield DiscoveryHit(text, run, help=tooltip)

    async def search(self, query: str) -> Hits:
        """By name or by what it does."""
        matcher = self.matcher(query)
        for text, tooltip, run in self._commands():
            score = max(matcher.match(text), matcher.match(tooltip) * 0.5)
            if score > 0:
                yield Hit(score, matcher.highlight(text), run, help=tooltip)
