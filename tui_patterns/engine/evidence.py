"""A project's evidence brought into the store, and from there to its units.

Coverage is a part of quality; results of tests tell which code is broken and which
tests are patterns. Both are derived from tables alone, for single patterns after
each batch and for all of a project when its evidence changed, so that the order of
events does not matter.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.engine import known_tests, likeness
from tui_patterns.engine.evidence_child import read_in_child
from tui_patterns.engine.known_tests import Settled
from tui_patterns.extraction import quality
from tui_patterns.extraction.evidence.facts import (
    COVERAGE_KINDS,
    Evidence,
    FileEvidence,
    Result,
    Source,
    TestId,
    UnitEvidence,
)
from tui_patterns.extraction.evidence.sources import find
from tui_patterns.extraction.evidence.wire import NO_SPANS, Spans
from tui_patterns.models import Change
from tui_patterns.sessions.masking import mask
from tui_patterns.store import (
    changes,
    coverage,
    evidence,
    failures,
    files,
    patterns,
    qualities,
    speed,
    words,
)
from tui_patterns.store.evidence import CoverageRow, CoveredFile, ResultRow, SourceRow
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.used_code import MARK

logger = logging.getLogger(__name__)
MOST_FAILING = 20  # names of failing tests kept for one unit


@dataclass(frozen=True, slots=True)
class Places:
    """Where evidence is looked for: JUnit reports below the root, and the folder of the last own run."""

    reports: tuple[str, ...] = ()
    run: Path | None = None


class ProjectEvidence:
    """The evidence of one project."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        project_id: int,
        root: Path,
        places: Places,
        profile: quality.Profile,
        max_cosine: float = likeness.SAME,
    ) -> None:
        self._max_cosine = max_cosine
        self._conn = conn
        self._project_id = project_id
        self._root = root
        self._places = places
        self._profile = profile
        self._spans = NO_SPANS

    def refresh(self, *, files_compared: bool = False, spans: Spans = NO_SPANS) -> Change | None:
        """Read the evidence if it changed, and settle every pattern; ``None`` if there was nothing to do.

        ``files_compared``: disk and store were just compared, so a measured file that is
        another in the store than when it was read is worth another look.
        ``spans`` are lines on which injected patterns are followed: which tests run them is
        read as for units.
        """
        sources = find(self._root, self._places.reports, self._places.run)
        spans = self._telling(spans, sources)
        known = evidence.sources(self._conn, self._project_id)
        asked_before, self._spans = self._spans, spans
        if (
            _same(sources, known)
            and (spans == asked_before or not spans)
            and not (files_compared and evidence.is_outdated(self._conn, self._project_id))
        ):
            return None
        return self._store(sources, read_in_child(self._root, sources, spans) if sources else Evidence())

    def _telling(self, spans: Spans, sources: Iterable[Source]) -> Spans:
        """Those in files that some coverage is no older than: of the others nothing can be known."""
        newest = max((source.mtime_ns for source in sources if source.kind in COVERAGE_KINDS), default=-1)
        known = files.known(self._conn, self._project_id, list(spans)) if spans else {}
        return {
            path: lines for path, lines in spans.items() if path in known and known[path].mtime_ns <= newest
        }

    def _store(self, sources: Sequence[Source], read: Evidence) -> Change:
        results = {result.test: result for result in read.results}
        errors = [failures.TestError(str(one.test), one.ran, mask(one.text)) for one in read.failures]
        with transaction(self._conn):
            evidence.save(
                self._conn,
                self._project_id,
                [_source_row(source, read.faults) for source in sources],
                [_covered_file(file, results) for file in read.files],
                [
                    ResultRow(one.test.path, one.test.qualname, one.test.variant, one.outcome, one.ran)
                    for one in read.results
                ],
            )
            self._note_speed(read)
            failures.save_errors(self._conn, self._project_id, errors)
            updated, settled = self._settle()
        return self._change(updated, settled, read.faults)

    def _note_speed(self, read: Evidence) -> None:
        """How long tests took, kept over time, and which of them run used code."""
        speed.add(
            self._conn,
            self._project_id,
            [(str(one.test), one.ran, one.seconds, one.benchmark) for one in read.durations],
        )
        for file in read.files:
            for unit in file.units:
                if unit.qualname.startswith(MARK) and unit.tests is not None:
                    speed.note_tests(self._conn, int(unit.qualname[1:]), [str(test) for test in unit.tests])

    def settle(self) -> Change:
        """Derive everything again from the tables: the times of some files changed, and nothing else."""
        with transaction(self._conn):
            updated, settled = self._settle()
        return self._change(updated, settled, {})

    def _settle(self) -> tuple[set[int], Settled]:
        updated = share_out(self._conn, patterns.standing(self._conn, self._project_id), self._profile)
        settled = known_tests.settle(self._conn, self._project_id)
        words.refresh(self._conn, settled.shown | settled.hidden)
        likeness.group(self._conn, settled.shown | settled.hidden, self._max_cosine)
        return updated, settled

    def _change(self, updated: set[int], settled: Settled, faults: Mapping[str, str]) -> Change:
        return Change(
            project=self._root.name or str(self._root),
            new=changes.uuids(self._conn, settled.shown),
            updated=changes.uuids(self._conn, updated - settled.shown - settled.hidden - settled.withheld),
            removed=changes.uuids(self._conn, settled.hidden),
            failed=tuple(sorted(faults.items())),
        )


def share_out(conn: sqlite3.Connection, row_ids: Collection[int], profile: quality.Profile) -> set[int]:
    """Give these patterns the coverage of their main site and its tests' results; which of them changed."""
    rows = coverage.covered(conn, row_ids)
    known = qualities.parts(conn, {row.version for row in rows})
    changed = set()
    for row in rows:
        share = (
            round(row.executed / row.statements, 4) if row.statements and row.executed is not None else None
        )
        before = known[row.version]
        if before.get("coverage") != share:
            combined = quality.combine({**before, "coverage": share}, profile)
            qualities.save(conn, row.version, quality.parts_of(combined), combined.overall)
            changed.add(row.pattern)
        if row.passed is not None:
            coverage.save_version_tests(conn, row)
    return changed


def _same(sources: Iterable[Source], known: Iterable[SourceRow]) -> bool:
    return {(one.path, one.kind, one.mtime_ns, one.size) for one in sources} == {
        (one.path, one.kind, one.mtime_ns, one.size) for one in known
    }


def _source_row(source: Source, faults: Mapping[str, str]) -> SourceRow:
    return SourceRow(source.path, source.kind, source.mtime_ns, source.size, faults.get(source.path))


def _covered_file(file: FileEvidence, results: Mapping[TestId, Result]) -> CoveredFile:
    every = {test: result.outcome for test, result in results.items()}
    fresh = {test: result.outcome for test, result in results.items() if result.ran >= file.mtime_ns}
    units = {
        (unit.qualname, unit.line): _unit_row(unit, fresh if unit.qualname.startswith(MARK) else every)
        for unit in file.units
    }
    return CoveredFile(file.path, file.mtime_ns, file.size, file.written, tuple(units.values()))


def _unit_row(unit: UnitEvidence, results: Mapping[TestId, str]) -> CoverageRow:
    row = CoverageRow(unit.qualname, unit.line, unit.executed, unit.statements)
    if unit.tests is None:
        return row
    outcomes = [results.get(test) for test in unit.tests]
    failing = [test for test, outcome in zip(unit.tests, outcomes, strict=True) if outcome == "failed"]
    passed = outcomes.count("passed")
    return CoverageRow(
        unit.qualname,
        unit.line,
        unit.executed,
        unit.statements,
        passed=passed,
        failed=len(failing),
        unknown=len(outcomes) - passed - len(failing) + unit.others,
        failing=tuple((test.path, test.qualname, test.variant) for test in failing[:MOST_FAILING]),
    )
