"""What a prompt is built from, what came of it, and what the prompt pane says below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import plural

if TYPE_CHECKING:
    from tui_patterns.models import Enhanced

MOST_LEFT_OUT = 3
INVITATION = (
    "The prompt to copy appears here.\n\n"
    "1. Write the task above: the best patterns for it are chosen. Space, in the list, picks your own.\n"
    "2. Enter comes back here. Y copies the prompt, and records which patterns went into it."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a prompt is built from."""

    words: str
    task: str
    picked: tuple[str, ...]

    @property
    def prompt(self) -> str:
        """What the patterns are put below: the words, else the task itself."""
        return self.words if self.words.strip() else self.task


@dataclass(frozen=True, slots=True)
class Built:
    """A prompt, and what it was built from: while that stands, the prompt is what Y copies."""

    request: Request
    enhanced: Enhanced


def summary(enhanced: Enhanced) -> str:
    """What Y will copy: how many patterns, how long it is, and what there is to say of it."""
    left_out = [one.words for one in getattr(enhanced, "left_out", ())[:MOST_LEFT_OUT]]
    if not enhanced.chosen and enhanced.injection_id is None:
        reason = clean_line(enhanced.reason or "nothing relevant enough", 120)
        return f"Y copies it unchanged: {reason}"
    patterns = plural(len(enhanced.chosen), "pattern")
    notes = [*((enhanced.reason,) if enhanced.reason else ()), *(f"! {one}" for one in enhanced.warnings)]
    notes += left_out
    left = "".join(f" · {clean_line(note, 160)}" for note in notes)
    return f"Y copies · {patterns} · {enhanced.tokens:,} of {enhanced.budget:,} tokens{left}"
