"""Which files of a project are evidence, by name and ``stat`` alone: cheap enough to ask again and again."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tui_patterns.extraction.evidence.facts import Kind, Source
from tui_patterns.settings.support import stays_below

COVERAGE: tuple[tuple[str, Kind], ...] = (
    (".coverage", "coverage_data"),
    ("coverage.json", "coverage_json"),
    ("lcov.info", "lcov"),
    ("coverage/lcov.info", "lcov"),
)
CACHE = ".pytest_cache/v/cache"
RUN_COVERAGE, RUN_RESULTS = "coverage.db", "junit.xml"
MOST_REPORTS = 200
MOST_BENCHMARKS = 40


def find(root: Path, reports: Sequence[str], run: Path | None = None) -> list[Source]:
    """The evidence there is now: at ``root``, and what the last run of its tests left in ``run``.

    ``reports`` are globs for JUnit XML below the root; any that could leave it are passed over.
    """
    named = [(root / path, path, kind) for path, kind in COVERAGE]
    named += [(path, path.relative_to(root).as_posix(), "junit") for path in _reports(root, reports)]
    if run is not None:
        named.append((run / RUN_COVERAGE, str(run / RUN_COVERAGE), "coverage_data"))
        named.append((run / RUN_RESULTS, str(run / RUN_RESULTS), "junit"))
    named += [(file, file.relative_to(root).as_posix(), "benchmark") for file in _benchmarks(root)]
    return [source for file, path, kind in named if (source := _source(file, path, kind))] + _cache(root)


def _benchmarks(root: Path) -> list[Path]:
    """The newest files of pytest-benchmark: their names begin with a counter."""
    try:
        return sorted(root.glob(".benchmarks/*/*.json"), key=lambda file: file.name)[-MOST_BENCHMARKS:]
    except OSError:
        return []


def _reports(root: Path, patterns: Iterable[str]) -> Iterator[Path]:
    found: set[Path] = set()
    for pattern in patterns:
        if stays_below(pattern):
            try:
                found.update(islice(root.glob(pattern), MOST_REPORTS))
            except (OSError, ValueError, NotImplementedError):
                continue
    return iter(sorted(found)[:MOST_REPORTS])


def _cache(root: Path) -> list[Source]:
    """pytest's cache as one source: the list of tests and the list of failures, the later time of both."""
    nodeids = _source(root / CACHE / "nodeids", f"{CACHE}/nodeids", "pytest_cache")
    failed = _source(root / CACHE / "lastfailed", f"{CACHE}/lastfailed", "pytest_cache")
    known = [source for source in (nodeids, failed) if source is not None]
    if not known:
        return []
    latest = max(source.mtime_ns for source in known)
    return [Source(CACHE, "pytest_cache", latest, sum(source.size for source in known))]


def _source(file: Path, path: str, kind: Kind) -> Source | None:
    try:
        status = file.lstat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode) or not status.st_size:
        return None
    return Source(path, kind, status.st_mtime_ns, status.st_size)
