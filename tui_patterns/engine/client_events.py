"""What an engine tells its app by itself, as the app takes it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui_patterns.engine import wire
from tui_patterns.models import Change, EngineStatus


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """The engine says what it is doing."""

    status: EngineStatus


@dataclass(frozen=True, slots=True)
class ChangedEvent:
    """The library has changed."""

    change: Change


@dataclass(frozen=True, slots=True)
class EngineDown:
    """The child is gone; the next one starts in ``retry_s`` seconds."""

    reason: str
    retry_s: float


EngineEvent = StatusEvent | ChangedEvent | EngineDown


def event_in(method: str, params: dict[str, Any]) -> StatusEvent | ChangedEvent | None:
    """The event that a notice is, ``None`` if it cannot be understood."""
    try:
        if method == "status":
            return StatusEvent(wire.status_in(params))
        return ChangedEvent(wire.change_in(params)) if method == "changed" else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
