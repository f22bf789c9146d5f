"""What every reader of transcripts has in common: the current turn, the span of time, what was refused.

A reader takes one line after the other and gives rows to store; ``remember``
is what it must be given to go on later, so that a transcript that grew is read
from where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tui_patterns.sessions.lines import Line
from tui_patterns.sessions.masking import masked
from tui_patterns.store.session_rows import PromptRow, Row

PROMPT_KEPT = 400  # characters of a prompt that are stored


class Reader(Protocol):
    """Reads the lines of one file."""

    agent: str
    turns: Turns
    span: Span
    refused: int

    def read(self, line: Line) -> Iterator[Row]:
        """The rows of one line; never raises for what a line holds."""
        ...

    def remember(self) -> dict[str, Any]:
        """What to start from when the file has grown."""
        ...


class Turns:
    """Numbers what a person asks, from 1. Prompts with nothing done between them are one turn."""

    def __init__(self, known: Mapping[str, int], state: Mapping[str, Any]) -> None:
        self._known = dict(known)
        self._last = max(self._known.values(), default=0)
        self._number = int(state.get("turn", 0))
        self._fresh = bool(state.get("fresh", False))

    @property
    def current(self) -> int | None:
        """The turn now; ``None`` before the first prompt, as in the file of a subagent."""
        return self._number or None

    def prompt(self, key: str, at: float | None, text: str) -> PromptRow:
        """A prompt: a known one is the turn it was, another one right after it the same turn."""
        if key in self._known:
            self._number = self._known[key]
        elif not (self._fresh and self._number):
            self._last += 1
            self._number = self._last
        self._known[key] = self._number
        self._fresh = True
        return PromptRow(key, self._number, at, masked(text, PROMPT_KEPT))

    def active(self) -> None:
        """The agent did something."""
        self._fresh = False

    def remember(self) -> dict[str, Any]:
        """The state of the numbering."""
        return {"turn": self._number, "fresh": self._fresh}


class Span:
    """First and last moment of what was read, in Unix seconds."""

    def __init__(self) -> None:
        self.first: float | None = None
        self.last: float | None = None

    def add(self, at: float | None) -> None:
        """Take a moment in."""
        if at is not None:
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)
