"""The plain data that evidence is read into; times are file times in nanoseconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["coverage_data", "coverage_json", "lcov", "junit", "pytest_cache", "benchmark"]
Outcome = Literal["passed", "failed", "skipped"]

COVERAGE_KINDS = frozenset({"coverage_data", "coverage_json", "lcov"})


class Unreadable(Exception):
    """A file that gives no evidence; its text is one clear line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of evidence: ``path`` as shown (relative to the root where below it)."""

    path: str
    kind: Kind
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True, order=True)
class TestId:
    """A test by file, qualified name and variant: ``tests/test_a.py``, ``TestA.test_b``, ``[1-x]``."""

    __test__ = False

    path: str
    qualname: str
    variant: str = ""

    def __str__(self) -> str:
        """pytest's node id."""
        return "::".join([self.path, *self.qualname.split(".")]) + self.variant


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one test; ``ran`` is the time of the file that says so."""

    test: TestId
    outcome: Outcome
    ran: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """How long one run of a test took, as a whole, or as pytest-benchmark's median of its rounds."""

    test: TestId
    seconds: float
    ran: int
    benchmark: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """What a failing test printed, its end kept; without a name, its file could not be collected."""

    test: TestId
    text: str
    ran: int


@dataclass(slots=True)
class Measured:
    """Lines of one file as one source of coverage saw them.

    ``contexts`` are the names of what ran a line; ``None`` where none were recorded.
    """

    executed: set[int]
    missing: set[int]
    contexts: dict[int, set[str]] | None = None


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """Executed and executable lines of one unit, and the tests that ran any of them.

    ``tests`` is ``None`` where no test contexts were recorded.
    """

    qualname: str
    line: int
    executed: int
    statements: int
    tests: tuple[TestId, ...] | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """Coverage of one source file, which was of this size and time when it was read."""

    path: str
    mtime_ns: int
    size: int
    written: int
    units: tuple[UnitEvidence, ...] = ()


@dataclass(slots=True)
class Evidence:
    """Everything that was read; ``faults`` holds one line for each source that could not be."""

    files: list[FileEvidence] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    durations: list[Duration] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def newest(results: Iterable[Result]) -> dict[TestId, Result]:
    """The last result of each test; of two from one moment, a failure."""
    found: dict[TestId, Result] = {}
    for result in results:
        known = found.get(result.test)
        if known is None or (result.ran, result.outcome == "failed") > (known.ran, known.outcome == "failed"):
            found[result.test] = result
    return found
