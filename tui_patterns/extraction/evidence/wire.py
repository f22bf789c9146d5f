"""What crosses the pipe to the child that reads evidence, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tui_patterns.extraction.evidence.facts import (
    Duration,
    Evidence,
    Failure,
    FileEvidence,
    Result,
    Source,
    TestId,
    UnitEvidence,
)

Spans = Mapping[str, Mapping[str, Sequence[int]]]
NO_SPANS: Spans = {}


def request(root: str, sources: list[Source], spans: Spans = NO_SPANS) -> dict[str, Any]:
    """What the child is asked to read; ``spans`` are further lines to look at, by path and by name."""
    return {"root": root, "sources": [asdict(source) for source in sources], "spans": spans}


def sources_in(data: dict[str, Any]) -> list[Source]:
    """The sources of a request."""
    return [Source(**source) for source in data["sources"]]


def spans_in(data: dict[str, Any]) -> Spans:
    """The spans of a request."""
    spans: Spans = data.get("spans", {})
    return spans


def evidence_out(evidence: Evidence) -> dict[str, Any]:
    """Evidence as JSON; a test is named once, and by its number in ``tests`` elsewhere."""
    numbers: dict[TestId, int] = {}

    def number(test: TestId) -> int:
        return numbers.setdefault(test, len(numbers))

    files = [
        [file.path, file.mtime_ns, file.size, file.written, [_unit(unit, number) for unit in file.units]]
        for file in evidence.files
    ]
    results = [[number(result.test), result.outcome, result.ran] for result in evidence.results]
    durations = [[number(one.test), one.seconds, one.ran, one.benchmark] for one in evidence.durations]
    failures = [[number(one.test), one.text, one.ran] for one in evidence.failures]
    tests = [[test.path, test.qualname, test.variant] for test in numbers]
    return {
        "files": files,
        "results": results,
        "durations": durations,
        "failures": failures,
        "tests": tests,
        "faults": evidence.faults,
    }


def _unit(unit: UnitEvidence, number: Any) -> list[Any]:
    tests = None if unit.tests is None else [number(test) for test in unit.tests]
    return [unit.qualname, unit.line, unit.executed, unit.statements, tests, unit.others]


def evidence_in(data: dict[str, Any]) -> Evidence:
    """Evidence from JSON."""
    tests = [TestId(*parts) for parts in data["tests"]]
    return Evidence(
        files=[
            FileEvidence(path, mtime_ns, size, written, tuple(_unit_in(unit, tests) for unit in units))
            for path, mtime_ns, size, written, units in data["files"]
        ],
        durations=[Duration(tests[number], *rest) for number, *rest in data["durations"]],
        failures=[Failure(tests[number], *rest) for number, *rest in data["failures"]],
        results=[Result(tests[number], outcome, ran) for number, outcome, ran in data["results"]],
        faults=dict(data["faults"]),
    )


def _unit_in(data: list[Any], tests: list[TestId]) -> UnitEvidence:
    qualname, line, executed, statements, numbers, others = data
    covering = None if numbers is None else tuple(tests[number] for number in numbers)
    return UnitEvidence(qualname, line, executed, statements, covering, others)
