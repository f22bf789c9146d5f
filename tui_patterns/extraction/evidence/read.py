"""From the files of evidence to what they say of each unit and each test."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tui_patterns.extraction.evidence import (
    benchmarks,
    coverage_data,
    coverage_json,
    junit,
    lcov,
    nodeids,
    pytest_cache,
)
from tui_patterns.extraction.evidence.facts import (
    COVERAGE_KINDS,
    Duration,
    Evidence,
    FileEvidence,
    Measured,
    Result,
    Source,
    UnitEvidence,
    Unreadable,
    newest,
)
from tui_patterns.extraction.evidence.reading import read_limited
from tui_patterns.extraction.evidence.regions import Region, regions
from tui_patterns.extraction.evidence.wire import NO_SPANS, Spans

MOST_SOURCE_BYTES = 16 << 20
_NOT_OURS = frozenset({".venv", "venv", "site-packages", "dist-packages", "node_modules", ".tox", ".nox"})


def read(root: Path, sources: Sequence[Source], spans: Spans = NO_SPANS) -> Evidence:
    """Everything the sources say; one that cannot be read costs a line in ``faults``, never more.

    ``spans`` are lines, by path and by a name, that are looked at like units of their file.

    The current folder must be *root* (see ``coverage_data``).
    """
    evidence = Evidence()
    results: list[Result] = []
    measured: list[tuple[int, dict[str, Measured]]] = []
    for source in sources:
        try:
            if source.kind in COVERAGE_KINDS:
                measured.append((source.mtime_ns, _coverage(source, root)))
            else:
                results += _results(source, root, evidence)
        except Unreadable as error:
            evidence.faults[source.path] = str(error)
        except MemoryError:
            evidence.faults[source.path] = "needs too much memory to be read"
    evidence.results = list(newest(results).values())
    evidence.durations += [
        Duration(one.test, one.seconds, one.ran)
        for one in results
        if one.seconds is not None and one.outcome == "passed"
    ]
    evidence.files = list(_files(root, measured, spans))
    return evidence


def _results(source: Source, root: Path, evidence: Evidence) -> list[Result]:
    """What a source says of tests; failures' texts and benchmarks' durations go into *evidence*."""
    file = root / source.path  # an absolute path stays what it is
    if source.kind == "junit":
        return junit.read(file, root, source.mtime_ns, evidence.failures)
    if source.kind == "benchmark":
        evidence.durations += benchmarks.read(file, source.mtime_ns)
        return []
    return pytest_cache.read(file, source.mtime_ns)


def _coverage(source: Source, root: Path) -> dict[str, Measured]:
    """Measured lines by path below the root."""
    file = root / source.path
    if source.kind == "coverage_data":
        found = coverage_data.read(file, lambda name: relative(name, root) is not None)
    else:
        found = coverage_json.read(file) if source.kind == "coverage_json" else lcov.read(file)
    named = ((relative(name, root), measured) for name, measured in found.items())
    return {path: measured for path, measured in named if path is not None}


def relative(name: str, root: Path) -> str | None:
    """A measured file's path below the root (POSIX); ``None`` if it is no Python file of the project."""
    if not name.endswith(".py") or "\0" in name:
        return None
    path = Path(name) if Path(name).is_absolute() else root / name
    for candidate in (Path(os.path.normpath(path)), Path(os.path.realpath(path))):
        if candidate.is_relative_to(root):
            found = candidate.relative_to(root).as_posix()
            return None if _NOT_OURS & set(PurePosixPath(found).parts) else found
    return None


@dataclass(slots=True)
class _Best:
    """The newest lines of a file, and the newest contexts, which may come from older data."""

    written: int
    measured: Measured
    contexts: dict[int, set[str]] | None
    contexts_written: int


def _files(
    root: Path, sources: Iterable[tuple[int, dict[str, Measured]]], spans: Spans
) -> Iterable[FileEvidence]:
    best: dict[str, _Best] = {}
    for written, files in sorted(sources, key=lambda one: -one[0]):
        for path, measured in files.items():
            known = best.setdefault(path, _Best(written, measured, None, written))
            if known.contexts is None and measured.contexts is not None:
                known.contexts, known.contexts_written = measured.contexts, written
    for path in sorted(best):
        found = _file(root, path, best[path], spans.get(path, {}))
        if found is not None:
            yield found


def _file(root: Path, path: str, best: _Best, spans: Mapping[str, Sequence[int]]) -> FileEvidence | None:
    """A file older than its data, unit by unit; one changed since has no units: nothing is known."""
    try:
        status = (root / path).lstat()
        if not stat.S_ISREG(status.st_mode):
            return None
    except OSError:
        return FileEvidence(path, -1, -1, best.written)
    facts = (path, status.st_mtime_ns, status.st_size, best.written)
    if status.st_mtime_ns > best.written:
        return FileEvidence(*facts)
    try:
        found = regions(read_limited(root / path, MOST_SOURCE_BYTES))
    except (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError):
        return FileEvidence(*facts)
    bodies = frozenset().union(*(region.lines for region in found))  # a ``def`` line runs on import
    found += [Region(name, min(lines), bodies.intersection(lines)) for name, lines in spans.items() if lines]
    contexts = best.contexts if status.st_mtime_ns <= best.contexts_written else None
    return FileEvidence(*facts, tuple(_unit(region, best.measured, contexts) for region in found))


def _unit(region: Region, measured: Measured, contexts: dict[int, set[str]] | None) -> UnitEvidence:
    executed = region.lines & measured.executed
    statements = len(executed | (region.lines & measured.missing))
    unit = UnitEvidence(region.qualname, region.line, len(executed), statements)
    if contexts is None:
        return unit
    names = set().union(*(contexts[line] for line in region.lines & contexts.keys())) - {""}
    tests = {test for name in names if (test := nodeids.from_context(name))}
    others = sum(1 for name in names if nodeids.from_context(name) is None)
    return replace(unit, tests=tuple(sorted(tests)), others=others)
