"""Walking from pattern to pattern: what the selected one extends, uses, creates, holds or resembles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_patterns.models import RELATION_WORDS
from tui_patterns.text import clean_line
from tui_patterns.tui.formats import title
from tui_patterns.tui.screens.choice import Choice, ChoiceScreen

if TYPE_CHECKING:
    from tui_patterns.models import Pattern, Related


def choices(related: Sequence[Related]) -> list[Choice[str]]:
    """One entry for each relation, by kind; an entry stands for the other pattern's id."""
    return [Choice(_words(one), one.id) for one in related]


def _words(one: Related) -> str:
    sure = "" if one.resolved and one.kind != "SIMILAR_TO" else f" {one.confidence:.0%}"
    sure += "" if one.resolved else "?"
    place = clean_line(f"{one.path}:{one.line}", 48)
    return f"{RELATION_WORDS[one.kind, one.outgoing] + sure:<16} {clean_line(one.qualname, 44)}  {place}"


class RelationsScreen(ChoiceScreen[str]):
    """Enter goes to the pattern under the cursor; Esc goes back to where the walk was before."""

    def __init__(self, pattern: Pattern, related: Sequence[Related]) -> None:
        super().__init__(clean_line(title(pattern), 60), choices(related))

    def on_mount(self) -> None:
        self.add_class("-relations")
