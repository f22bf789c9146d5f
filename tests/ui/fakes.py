"""A library in memory, with the methods of the real one."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

from tui_patterns.api import LibraryError
from tui_patterns.learning.facets import confidences
from tui_patterns.models import (
    Filters,
    Finding,
    HistoryEntry,
    Hit,
    Interval,
    Learned,
    LibraryStats,
    Metrics,
    Pattern,
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
        if id not in self.patterns:
            raise LibraryError(f"no pattern has the id {id!r}")
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
