"""What the terminal app asks of the library, the injector and the engine: the seams its tests fill.

``tui_patterns.api`` provides the real ones. Library and injector block for
milliseconds and are called from worker threads only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui_patterns.models import Filters

if TYPE_CHECKING:
    from tui_patterns.api import Effect, FigureKey, Measured, MetricEntry, Taught
    from tui_patterns.models import (
        EngineStatus,
        Enhanced,
        Example,
        Finding,
        HistoryEntry,
        Interval,
        Learned,
        LibraryStats,
        Metrics,
        Pattern,
        Related,
        SearchResult,
        SemanticRows,
        Site,
        Usage,
    )
    from tui_patterns.settings import Settings


class Library(Protocol):
    """The part of ``PatternLibrary`` that a screen reads and rates with."""

    @property
    def settings(self) -> Settings: ...
    @property
    def data_dir(self) -> Path: ...
    def search(
        self,
        query: str,
        limit: int | None = None,
        filters: Filters = ...,
        *,
        semantic: SemanticRows | None = None,
    ) -> SearchResult: ...
    def interrupt(self) -> None: ...
    def recent(self, limit: int = 50, filters: Filters = ...) -> list[Pattern]: ...
    def pattern(self, id: str) -> Pattern: ...
    def sites(self, id: str) -> list[Site]: ...
    def facet_confidence(self, id: str) -> dict[str, Interval]: ...
    def history(self, id: str) -> list[HistoryEntry]: ...
    def findings(self, root: str, path: str) -> list[Finding] | None: ...
    def dismiss(self, finding_id: str) -> Finding: ...
    def undismiss(self, finding_id: str) -> None: ...
    def relations(self, id: str) -> list[Related]: ...
    def metrics(self, id: str) -> Metrics | None: ...
    def count(self) -> int: ...
    def data_version(self) -> int: ...
    def stats(self) -> LibraryStats: ...
    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern: ...
    def unrate(self, id: str, session: str) -> Pattern: ...
    def start_session(self, source: str) -> str: ...
    def usage(self, id: str) -> Usage: ...
    def learned(self, after: int) -> list[Learned]: ...
    def last_event(self) -> int: ...


class Examples(Protocol):
    """Finds what is like an example."""

    def like(
        self,
        example: Example,
        limit: int = 10,
        filters: Filters = ...,
        *,
        semantic: SemanticRows | None = None,
    ) -> SearchResult: ...


class Injector(Protocol):
    """Puts patterns into prompts; ``record`` writes down the very preview that is copied."""

    def preview(
        self,
        prompt: str,
        task: str,
        *,
        picked: Sequence[str] = (),
        budget: int | None = None,
        semantic: Sequence[SemanticRows] | None = None,
    ) -> Enhanced: ...
    def record(
        self, built: Enhanced, *, prompt: str, task: str, session: str, arm: str = "manual"
    ) -> Enhanced: ...


class Measures(Protocol):
    """Figures of the library, what stands behind them, and what injections have taught."""

    def measure(self, days: int | None = None) -> Measured: ...
    def behind(self, key: FigureKey, days: int | None = None, limit: int = 200) -> list[MetricEntry]: ...
    def taught(self, *, open_only: bool = False, limit: int = 50) -> list[Taught]: ...
    def effect(self, injection: str, pattern: str) -> Effect | None: ...
    def say(self, injection: str, pattern: str, success: bool | None) -> bool: ...
    def unsay(self, injection: str, pattern: str) -> bool: ...


class Engine(Protocol):
    """The engine child as the app sees it; every answer may be ``None``: not there, or not ready."""

    @property
    def status(self) -> EngineStatus: ...
    async def start(self) -> None: ...
    def leave(self) -> None: ...
    async def semantic(self, query: str, limit: int = 50, filters: Filters = ...) -> SemanticRows | None: ...
    async def prompt(self, text: str) -> tuple[SemanticRows, ...] | None: ...
    async def example(
        self, example: Example, limit: int = 50, filters: Filters = ...
    ) -> SemanticRows | None: ...
    async def rerank(self, query: str, ids: Sequence[str]) -> dict[str, float] | None: ...
    async def findings(self, root: str, path: str) -> list[Finding] | None: ...
    async def shown(self, ids: Sequence[str]) -> None: ...
    async def pause(self, paused: bool) -> bool: ...


class Route(Protocol):
    """How a text was copied; ``message`` is what a person is told."""

    @property
    def message(self) -> str: ...


EngineFactory = Callable[[Path, Sequence[Path], Callable[[Any], None], Path | None], Engine]


@dataclass
class Services:
    """What the panes work with. ``engine`` is ``None`` until the first paint is done."""

    settings: Settings
    open_library: Callable[[], Library]
    make_injector: Callable[[Library], Injector]
    copy: Callable[[str], Route]
    make_metrics: Callable[[Library], Measures]
    make_examples: Callable[[Library], Examples]
    engine: Engine | None = None
    filter_values: Callable[[Library], Mapping[str, Mapping[str, int]]] = lambda _: {}
    clock: Callable[[], float] = time.time
    _session: str | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @cached_property
    def library(self) -> Library:
        """The library; its code is loaded with the first use, which is after the first paint."""
        return self.open_library()

    @cached_property
    def metrics(self) -> Measures:
        """The figures of the library. Blocks: for worker threads."""
        return self.make_metrics(self.library)

    @cached_property
    def examples(self) -> Examples:
        """What finds patterns like an example. Blocks: for worker threads."""
        return self.make_examples(self.library)

    def injector(self) -> Injector:
        """What puts the library's patterns into prompts."""
        return self.make_injector(self.library)

    def session(self) -> str:
        """This run's session, begun with the first thing worth recording. Blocks: for worker threads."""
        with self._lock:
            if self._session is None:
                self._session = self.library.start_session("tui")
            return self._session

    async def semantic(self, query: str, filters: Filters = Filters()) -> SemanticRows | None:
        """The engine's rows for ``query``, or ``None`` while it cannot answer."""
        return await self.engine.semantic(query, filters=filters) if self.engine else None

    async def near_prompt(self, text: str) -> tuple[SemanticRows, ...] | None:
        """The engine's rows for each clause of a prompt, or ``None`` while it cannot answer."""
        return await self.engine.prompt(text) if self.engine else None

    async def like(self, example: Example, filters: Filters = Filters()) -> SemanticRows | None:
        """The engine's rows for ``example``, or ``None`` while it cannot answer."""
        return await self.engine.example(example, filters=filters) if self.engine else None

    async def rerank(self, query: str, ids: Sequence[str]) -> Mapping[str, float] | None:
        """The scores of the reranker that is set; ``None`` without one, or while it cannot answer."""
        if not self.settings.search.reranker or self.engine is None:
            return None
        return await self.engine.rerank(query, ids)
