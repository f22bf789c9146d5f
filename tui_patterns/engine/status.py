"""The one place where an engine's threads say what they are doing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, replace
from typing import Any

from tui_patterns.models import EngineStatus

PUBLISH_S = 0.5  # how often other processes are told, at most
FOLLOWED = (
    "state",
    "queue",
    "files_done",
    "files_total",
    "semantic",
    "embedded",
    "rate",
    "remaining_s",
    "paused",
)


class StatusBoard:
    """The current status; every change of it goes to ``on_status`` once."""

    def __init__(self, on_status: Callable[[EngineStatus], None]) -> None:
        self._on_status = on_status
        self._lock = threading.RLock()  # held while telling, too: the last one told is the newest
        self._status = EngineStatus()
        self._errors: dict[str, str] = {}
        self._published: EngineStatus | None = None
        self._published_at = 0.0

    @property
    def current(self) -> EngineStatus:
        """The status as it is now."""
        return self._status

    def update(self, if_state: Collection[str] | None = None, **changes: Any) -> None:
        """Change some fields, ``if_state`` names the present state; nothing changed, nothing said."""
        with self._lock:
            if if_state is not None and self._status.state not in if_state:
                return
            changed = replace(self._status, **changes)
            if "semantic" not in changes:
                changed = replace(changed, semantic=_share(changed))
            if changed == self._status:
                return
            self._status = changed
            self._on_status(changed)

    def trouble(self, source: str, reason: str | None) -> None:
        """What is wrong with ``source``, or ``None``: one thing put right hides no other's error."""
        with self._lock:
            self._errors.pop(source, None)
            if reason is not None:
                self._errors[source] = reason
            self.update(error="; ".join(dict.fromkeys(reversed(self._errors.values()))) or None)

    def to_publish(self) -> dict[str, Any] | None:
        """The status for the store, if it is new and the last one is not too fresh."""
        status, now = self._status, time.monotonic()
        if status == self._published or now - self._published_at < PUBLISH_S:
            return None
        self._published, self._published_at = status, now
        return asdict(status)

    def follow(self, said: dict[str, Any], patterns: int) -> None:
        """Show another engine's status as a guest."""
        known = {name: said[name] for name in FOLLOWED if name in said}
        self.update(role="guest", patterns=patterns, **known)


def _share(status: EngineStatus) -> float | None:
    """What is embedded of the patterns there are now: those just found have no vector yet."""
    if status.semantic is None or not status.patterns:
        return None
    return min(1.0, status.embedded / status.patterns)
