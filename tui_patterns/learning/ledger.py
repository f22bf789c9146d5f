"""The ledger's vocabulary: kinds of events, how strong each kind of outcome is, and what both are called.

Everything that is believed of a pattern is a fold over these events (``fold``); nothing else counts.
"""

from __future__ import annotations

from typing import Literal

from tui_patterns.models import Event, EventKind
from tui_patterns.store.event_checks import LedgerError
from tui_patterns.store.folds import fold

Kind = EventKind
What = Literal["explicit", "implementation", "test", "build", "git", "performance"]
LearningEvent = Literal[
    "implementation_success",
    "implementation_failure",
    "test_passed",
    "test_failed",
    "performance_improved",
    "performance_worsened",
    "pattern_identified",
]

__all__ = ["STRENGTHS", "Event", "Kind", "LearningEvent", "LedgerError", "What", "fold", "learning_event"]

# What an outcome weighs, in trials. A rating is a person's word too, and weighs 1.
STRENGTHS: dict[What, float] = {
    "explicit": 1.0,  # a person's word on this very use
    "implementation": 1.0,  # the caller that implemented it says that it worked or did not
    "test": 1.0,  # a test that covers the code that uses it passed or failed
    "build": 0.7,  # the session's build or test command, which need not run that code
    "git": 0.5,  # a commit that keeps the code; a revert or rewrite soon after
    "performance": 0.5,  # tests or benchmarks of that code became faster or slower
}
_NAMES: dict[str, tuple[LearningEvent, LearningEvent]] = {
    "test": ("test_passed", "test_failed"),
    "performance": ("performance_improved", "performance_worsened"),
}


def learning_event(event: Event) -> LearningEvent | None:
    """What an event teaches, ``None`` if it is no outcome.

    Ratings of 4 and 5, and outcomes of any kind that is no test and no measurement, are
    implementations that succeeded or failed.
    """
    if event.kind == "pattern_identified":
        return "pattern_identified"
    success = _success(event)
    if success is None:
        return None
    good, bad = _NAMES.get(str(event.data.get("what")), ("implementation_success", "implementation_failure"))
    return good if success else bad


def _success(event: Event) -> bool | None:
    if event.kind == "outcome":
        success: bool | None = event.data.get("success")
        return success
    if event.kind == "rating" and event.data["rating"] != 3:
        return bool(event.data["rating"] > 3)
    return None
