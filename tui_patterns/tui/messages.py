"""The messages that cross panes: one for each fact. Workers post them; only handlers change a widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from tui_patterns.models import Filters, Learned, Pattern
    from tui_patterns.tui.answers import Answer
    from tui_patterns.tui.likeness import Likeness

if TYPE_CHECKING:
    from tui_patterns.api import Effect


@dataclass
class Answered(Message):
    """The library has answered the newest question."""

    answer: Answer


@dataclass
class Asked(Message):
    """A person has finished a query: typed, and rested."""

    text: str
    hits: int


@dataclass
class Compared(Message):
    """What is like an example is to be found."""

    like: Likeness


@dataclass
class LibraryOpened(Message):
    """The database is open, or cannot be: ``failure`` says why in one line."""

    failure: str | None = None


@dataclass
class Counted(Message):
    """How many patterns the library holds."""

    patterns: int


@dataclass
class PatternSelected(Message):
    """The cursor of the result list stands on another pattern, or on a new version of it."""

    pattern: Pattern | None


@dataclass
class PatternOpened(Message):
    """Enter on a result: show me the code."""

    pattern: Pattern


@dataclass
class Visited(Message):
    """A way from elsewhere leads to ``pattern``: stand on it, and go to ``pane``."""

    pattern: Pattern
    pane: str


@dataclass
class PicksChanged(Message):
    """The patterns that the next prompt must hold."""

    picked: tuple[str, ...]


@dataclass
class Rated(Message):
    """A rating is on disk; ``rating`` is ``None`` when it was taken back."""

    pattern: Pattern
    rating: int | None


@dataclass
class Copied(Message):
    """A text went to the clipboard; ``route`` says how."""

    what: str
    route: str


@dataclass
class Injected(Message):
    """A prompt with patterns in it was recorded."""

    count: int
    tokens: int


@dataclass
class Learnt(Message):
    """The ledger holds new uses and outcomes, oldest first; by event, what an outcome has changed."""

    news: list[Learned]
    effects: Mapping[int, Effect | None]


@dataclass
class FiltersChosen(Message):
    """The result list is to be narrowed."""

    filters: Filters


@dataclass
class EngineNews(Message):
    """What the engine child reported: ``StatusEvent``, ``ChangedEvent`` or ``EngineDown``."""

    event: Any


class LibraryMoved(Message):
    """Another process has written to the library."""

    def can_replace(self, message: Message) -> bool:
        """A flood of commits is one refresh."""
        return isinstance(message, LibraryMoved)


@dataclass
class Problem(Message):
    """Something failed and the rest goes on: one clear line."""

    text: str
