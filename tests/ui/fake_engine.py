"""An engine in memory, with the methods of the real one's client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tui_patterns.api import StatusEvent
from tui_patterns.models import EngineStatus, Example, Filters, Finding, SemanticRows


class FakeEngine:
    """An engine that a test speaks for: it answers by meaning what ``rows`` holds, once ``ready``."""

    def __init__(self, on_event: Callable[[Any], None]) -> None:
        self.on_event = on_event
        self.status = EngineStatus()
        self.rows: dict[str, SemanticRows] = {}
        self.scores: dict[str, float] | None = None
        self.read_again: list[str] = []
        self.near: SemanticRows | None = None
        self.found: list[Finding] | None = None
        self.asked: list[str] = []
        self.on_screen: list[str] = []
        self.running = False

    async def start(self) -> None:
        self.running = True

    def leave(self) -> None:
        self.running = False

    async def semantic(
        self, query: str, limit: int = 50, filters: Filters = Filters()
    ) -> SemanticRows | None:
        self.asked.append(query)
        return self.rows.get(query)

    async def prompt(self, text: str) -> tuple[SemanticRows, ...] | None:
        self.asked.append(text)
        rows = self.rows.get(text)
        return (rows,) if rows is not None else None

    async def example(
        self, example: Example, limit: int = 50, filters: Filters = Filters()
    ) -> SemanticRows | None:
        return self.near

    async def rerank(self, query: str, ids: Sequence[str]) -> dict[str, float] | None:
        self.read_again += ids
        return None if self.scores is None else {id: self.scores[id] for id in ids if id in self.scores}

    async def findings(self, root: str, path: str) -> list[Finding] | None:
        return self.found

    async def shown(self, ids: Sequence[str]) -> None:
        self.on_screen = list(ids)

    async def pause(self, paused: bool) -> bool:
        self.report(paused=paused)
        return True

    def report(self, **status: Any) -> None:
        """A status event."""
        self.status = replace(self.status, **status)
        self.on_event(StatusEvent(self.status))
