"""A pattern as every face shows it, with its places and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tui_patterns.models.units import (
    ComplexityRange,
    Form,
    Kind,
    Label,
    PatternType,
    Quality,
    complexity_range,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A success rate believed from ``n`` outcomes: mean and 90 % interval.

    ``n`` = 0 means *not yet tried*: the mean is then only the prior's. Outcomes fade
    with age, so ``n`` may be fractional.
    """

    mean: float
    low: float
    high: float
    n: float

    @property
    def count(self) -> str:
        """``n`` for people: ``12``, ``2.4``, ``<0.1``; never a false 0."""
        if self.n >= 10.0 or self.n <= 0.0:
            return f"{round(self.n)}"
        return f"{round(self.n, 1):g}" if self.n >= 0.05 else "<0.1"


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """Ratings of one pattern: one rating a session; success is a rating >= 4."""

    usage_count: int = 0
    success_count: int = 0
    average: float | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class TestRecord:
    """What is last known of the tests that cover a pattern; counts are ``None`` where nothing is.

    ``failing`` names those that fail still: while there is one, the code counts as broken.
    """

    __test__ = False

    passed: int | None = None
    failed: int | None = None
    unknown: int | None = None
    failing: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether a covering test failed when last run."""
        return bool(self.failing)


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a pattern stands."""

    project: str
    root: str
    path: str
    qualname: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as every face shows it: its current version at its main site."""

    id: str
    version: int
    name: str
    kind: Kind
    pattern_type: PatternType
    category: str | None
    language: str
    framework: str | None
    project: str
    root: str
    path: str
    qualname: str
    line: int
    end_line: int
    code: str
    signature: str
    docstring: str | None
    complexity: int | None
    labels: tuple[Label, ...]
    tags: tuple[str, ...]
    dependencies: tuple[str, ...]
    quality: Quality
    confidence: Interval
    ratings: RatingSummary
    facets: dict[str, Any]
    sites: int
    updated: float
    gone: bool = False
    subcategory: str | None = None
    component_type: str | None = None
    form: Form | None = None
    tests: TestRecord = TestRecord()
    withheld: str | None = None
    retired: float | None = None
    worked_in: int = 0

    @property
    def complexity_range(self) -> ComplexityRange | None:
        """``low``, ``medium``, ``high`` or ``very_high``; ``None`` where complexity is not known."""
        return complexity_range(self.complexity)

    @property
    def location(self) -> str:
        """``path:line``, as an editor takes it."""
        return f"{self.path}:{self.line}"

    @property
    def general(self) -> bool:
        """Whether it worked in two projects or more: its record then counts in all of them."""
        return self.worked_in >= 2


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version of a pattern, newest first in a history."""

    version: int
    created: float
    name: str
    code: str
    complexity: int | None
    current: bool
