"""A library, an injector and an engine in memory, with the methods of the real ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tui_patterns.api import StatusEvent
from tui_patterns.learning.facets import confidences
from tui_patterns.models import (
    Chosen,
    EngineStatus,
    Enhanced,
    Example,
    Filters,
    Finding,
    HistoryEntry,
    Hit,
    Interval,
    Label,
    Learned,
    LibraryStats,
    Metrics,
    Pattern,
    Quality,
    RatingSummary,
    Referenced,
    Related,
    SearchResult,
    SemanticRows,
    Site,
    Usage,
    Used,
)
from tui_patterns.settings import Settings

CODE = '''async def fetch_with_retry(client: Client, url: str, attempts: int = 5) -> Response:
    """Fetch ``url``, waiting twice as long after each failure.

    Raises ``FetchError`` when every attempt has failed.
    """
    delay = 0.1
    for attempt in range(attempts):
        try:
            return await client.get(url, timeout=10)
        except (TimeoutError, ConnectionError) as error:
            logger.warning("attempt %d of %s failed: %s", attempt + 1, url, error)
            await asyncio.sleep(delay)
            delay *= 2
    raise FetchError(f"{url}: no answer after {attempts} attempts")
'''
NAMES = (
    ("Async Fetch with Retry and Backoff", "net/retry.py", 12, "function", "httpx"),
    ("Bounded Cache with Expiry", "core/cache.py", 48, "class", None),
    ("Text Wrapping at Cell Width", "rendering/text.py", 1201, "method", "rich"),
    ("Atomic File Write", "storage/atomic.py", 9, "function", None),
    ("Database Transaction with Rollback", "store/transactions.py", 33, "function", "sqlalchemy"),
    ("Request Validation by Dependency", "api/dependencies.py", 71, "function", "fastapi"),
    ("Event Loop Shutdown in Order", "core/lifecycle.py", 140, "function", None),
    ("Rate Limiter by Token Bucket", "net/limits.py", 22, "class", None),
    ("Plugin Registry by Entry Points", "plugins/registry.py", 18, "class", None),
    ("Parametrised Test of Parsers", "tests/test_parsers.py", 5, "function", "pytest"),
    ("Command Line Option Groups", "cli/options.py", 61, "function", "typer"),
    ("Structured Log Records", "core/logs.py", 27, "function", None),
)
LABELS = (
    Label("retry", 0.92, (18, 22, 23), "A loop calls again after a failure, and waits longer each time."),
    Label("logging", 0.7, (21,), "The failure is logged."),
)


def make_pattern(number: int, name: str = "", **changes: Any) -> Pattern:
    """A pattern as the library gives it; ``number`` makes its id."""
    known, path, line, kind, framework = NAMES[number % len(NAMES)]
    pattern = Pattern(
        id=f"{number:08d}-0000-4000-8000-000000000000", version=2, name=name or known,
        kind=kind, pattern_type="class_pattern" if kind == "class" else "function_pattern",  # type: ignore[arg-type]
        category=None, language="python", framework=framework, project="sample", root="/projects/sample",
        path=path, qualname="fetch_with_retry", line=line, end_line=line + 13, code=CODE,
        signature="fetch_with_retry(client, url, attempts)", docstring="Fetch.", complexity=4 + number % 6,
        labels=() if number % 3 else LABELS, tags=("io",) if number % 3 else ("async", "retry"),
        dependencies=("asyncio",),
        quality=Quality(0.82 - number % 5 / 20, complexity=1.0, documentation=0.75, reusability=0.6),
        confidence=Interval(0.5, 0.2, 0.8, 0) if number % 2 else Interval(0.73, 0.51, 0.89, 12),
        ratings=RatingSummary(), facets={}, sites=1 + number % 3,
        updated=1_700_000_000.0 - number,
    )  # fmt: skip
    return replace(pattern, **changes)


@dataclass
class FakeLibrary:
    """Finds patterns whose name holds every word asked for; a gate can hold up writes."""

    patterns: dict[str, Pattern] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    data_dir: Path = Path("/data")
    version: int = 1
    fault: Exception | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    calls: list[str] = field(default_factory=list)
    ratings: dict[tuple[str, str], int] = field(default_factory=dict)
    kept: list[Finding] | None = None
    dismissed: list[str] = field(default_factory=list)
    changed: str | None = None
    related: dict[str, list[Related]] = field(default_factory=dict)
    news: list[Learned] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    @classmethod
    def of(cls, *patterns: Pattern) -> FakeLibrary:
        """A library that holds ``patterns``."""
        return cls({pattern.id: pattern for pattern in patterns})

    def add(self, pattern: Pattern) -> None:
        """A new or changed pattern, first in the list of recent ones."""
        rest = {id: old for id, old in self.patterns.items() if id != pattern.id}
        self.patterns = {pattern.id: pattern, **rest}

    def _checked(self, call: str) -> None:
        self.calls.append(call)
        if self.fault:
            raise self.fault

    def search(
        self, query: str, limit: int | None = None, filters: Filters = Filters(),
        *, semantic: SemanticRows | None = None,
    ) -> SearchResult:  # fmt: skip
        self._checked(f"search {query}")
        words = query.lower().split()
        found = [p for p in self.patterns.values() if all(word in p.name.lower() for word in words)]
        near = [self.patterns[id] for id, _ in semantic.rows if id in self.patterns] if semantic else []
        order = [*near, *(pattern for pattern in found if pattern not in near)]
        hits = tuple(Hit(p, 1 / (n + 1), 0.92 - n * 0.07, {}) for n, p in enumerate(order[:12]))
        return SearchResult(query, "hybrid" if semantic else "lexical", "exact" if semantic else None, hits)

    def interrupt(self) -> None:
        self.calls.append("interrupt")

    def recent(self, limit: int = 50, filters: Filters = Filters()) -> list[Pattern]:
        self._checked("recent")
        return [p for p in self.patterns.values() if filters.framework in (None, p.framework)][:limit]

    def facet_confidence(self, id: str) -> dict[str, Interval]:
        self._checked("facets")
        tried = {"logging": (3.0, 1.0), "validation": (1.0, 0.0)}
        return confidences(self.patterns[id].facets, tried)

    def pattern(self, id: str) -> Pattern:
        return self.patterns[id]

    def sites(self, id: str) -> list[Site]:
        p = self.patterns[id]
        return [
            Site(p.project, p.root, path, p.qualname, p.line, p.end_line)
            for path in (p.path, "net/old.py", "jobs/fetch.py")[: p.sites]
        ]

    def history(self, id: str) -> list[HistoryEntry]:
        p = self.patterns[id]
        old = HistoryEntry(1, 1_690_000_000.0, "Async Fetch with Retry", self.changed or p.code, 4, False)
        return [HistoryEntry(2, 1_700_000_000.0, p.name, p.code, p.complexity, True), old]

    def findings(self, root: str, path: str) -> list[Finding] | None:
        if self.kept is None:
            return None
        return [one for one in self.kept if one.id not in self.dismissed]

    def dismiss(self, finding_id: str) -> Finding:
        self._checked(f"dismiss {finding_id}")
        self.dismissed.append(finding_id)
        return next(one for one in self.kept or () if one.id == finding_id)

    def undismiss(self, finding_id: str) -> None:
        self._checked(f"undismiss {finding_id}")
        self.dismissed.remove(finding_id)

    def relations(self, id: str) -> list[Related]:
        return self.related.get(id, [])

    def metrics(self, id: str) -> Metrics | None:
        return Metrics(fan_in=7, fan_out=2, coupling=9, files=3) if self.related.get(id) else None

    def count(self) -> int:
        self._checked("count")
        return len(self.patterns)

    def data_version(self) -> int:
        return self.version

    def filter_values(self) -> dict[str, dict[str, int]]:
        self._checked("values")
        frameworks = {p.framework: 1 for p in self.patterns.values() if p.framework}
        total = len(self.patterns)
        return {
            "language": {"python": total}, "framework": frameworks, "project": {"sample": total},
            "pattern_type": {"function_pattern": 9, "class_pattern": 3},
            "category": {"io": 5, "concurrency": 2}, "subcategory": {"files": 4, "locking": 2},
            "component_type": {"route": 3, "model": 1},
            "label": {f"label_{number:02}": 40 - number for number in range(40)},
            "tag": {"async": 7, "context-manager": 2},
            "complexity_range": {"low": 9, "medium": 2, "high": 1, "very_high": 0},
            "min_quality": {"0.8": 3, "0.6": 11},
        }  # fmt: skip

    def stats(self) -> LibraryStats:
        frameworks = {p.framework: 1 for p in self.patterns.values() if p.framework}
        total = len(self.patterns)
        return LibraryStats(
            projects=1, files=9, patterns=total, gone=0, embedded=0, ratings=3, injections=2,
            by_language={"python": total}, by_kind={"function": 1}, by_framework=frameworks,
            by_project={"sample": total}, average_quality=0.74, examined=9,
            antipatterns={"blind_retry": 4, "broad_except": 1},
            antipatterns_by_project={"sample": {"blind_retry": 4, "broad_except": 1}},
            by_type={"function_pattern": 9, "class_pattern": 3}, by_category={"io": 5, "concurrency": 2},
            by_label={"retry": 4, "logging": 4}, by_tier={"medium": 8, "high": 3, "unknown": 1},
            average_label_confidence=0.81, relations={"USES": 30, "EXTENDS": 2}, uses={"used": 3, "open": 1},
            by_source={"person": 2, "codex": 1},
            most_used=tuple(
                Used(p.id, p.name, p.project, 3 - n, 2, 1, n, {"person": 2, "codex": 1})
                for n, p in enumerate([*self.patterns.values()][:2])
            ),
            most_referenced=tuple(
                Referenced(p.id, p.name, p.qualname, p.project, p.path, p.line, 30 - n, 4)
                for n, p in enumerate([*self.patterns.values()][:3])
            ),
        )  # fmt: skip

    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern:
        self.gate.wait(10)
        self._checked(f"rate {rating}")
        self.ratings[id, session] = rating
        return self._summed(id)

    def unrate(self, id: str, session: str) -> Pattern:
        self._checked("unrate")
        self.ratings.pop((id, session), None)
        return self._summed(id)

    def _summed(self, id: str) -> Pattern:
        given = [rating for (rated, _), rating in self.ratings.items() if rated == id]
        average = sum(given) / len(given) if given else None
        summary = RatingSummary(len(given), sum(r >= 4 for r in given), average, given[-1] if given else None)
        self.patterns[id] = replace(self.patterns[id], ratings=summary)
        return self.patterns[id]

    def usage(self, id: str) -> Usage:
        return Usage(0, None, 0, 0, {}, (), Interval(0.5, 0.05, 0.95, 0))

    def learned(self, after: int) -> list[Learned]:
        return [one for one in self.news if one.event > after]

    def last_event(self) -> int:
        return max((one.event for one in self.news), default=0)

    def start_session(self, source: str) -> str:
        self.calls.append(f"session {source}")
        return "session-1"


@dataclass
class FakeInjector:
    """Puts the picked patterns below the prompt, or leaves it as it is."""

    library: FakeLibrary
    recorded: list[Enhanced] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def preview(
        self, prompt: str, task: str, *, picked: Sequence[str] = (), budget: int | None = None,
        semantic: Sequence[SemanticRows] | None = None,
    ) -> Enhanced:  # fmt: skip
        if not picked:
            return Enhanced(prompt or task, 0, 2000, reason="no pattern is relevant enough")
        patterns = [self.library.patterns[id] for id in picked]
        chosen = tuple(Chosen(Hit(p, 1, 0.9, {}), n, 1.0, 200) for n, p in enumerate(patterns, 1))
        body = "\n".join(f"### {p.name}\n\n```python\n{p.code}```" for p in patterns)
        text = f"{prompt or task}\n\n## Relevant Patterns from Past Successes\n\n{body}\n"
        return Enhanced(text, 200 * len(chosen), 2000, chosen, "injection-1", None, self.warnings)

    def record(
        self, built: Enhanced, *, prompt: str, task: str, session: str, arm: str = "manual"
    ) -> Enhanced:
        self.recorded.append(built)
        return built


@dataclass
class FakeExamples:
    """Finds patterns whose code shares a line with the example, and what is near, but not its own."""

    library: FakeLibrary
    asked: list[Example] = field(default_factory=list)

    def like(
        self, example: Example, limit: int = 10, filters: Filters = Filters(),
        *, semantic: SemanticRows | None = None,
    ) -> SearchResult:  # fmt: skip
        self.asked.append(example)
        lines = {line.strip() for line in example.text.splitlines() if line.strip()}
        known = self.library.patterns
        near = [id for id, _ in semantic.rows if id in known] if semantic else []
        found = [id for id, p in known.items() if lines & {line.strip() for line in p.code.splitlines()}]
        order = [known[id] for id in dict.fromkeys([*near, *found]) if id != example.pattern]
        hits = tuple(Hit(p, 1 / (n + 1), 0.9 - n * 0.05, {}) for n, p in enumerate(order[:12]))
        return SearchResult(example.text, "hybrid" if semantic else "lexical", None, hits)


class FakeEngine:
    """An engine that a test speaks for: it answers by meaning what ``rows`` holds, once ``ready``."""

    def __init__(self, on_event: Callable[[Any], None]) -> None:
        self.on_event = on_event
        self.status = EngineStatus()
        self.rows: dict[str, SemanticRows] = {}
        self.scores: dict[str, float] | None = None
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
        return self.scores

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


FINDINGS = [
    Finding("net/retry.py", 21, 23, "fetch_with_retry", "blind-retry", "PT-RETRY", "warning",
            "The wait has no upper bound and no jitter: clients that fail together retry together.",
            "Cap the delay and add jitter: delay = min(delay * 2, 30) * random.uniform(0.5, 1)."),
    Finding("net/retry.py", 40, 44, None, "broad-except", "BLE001", "error",
            "except Exception hides programming errors.", "Name the errors that can be handled."),
]  # fmt: skip
