"""Stored patterns with what is believed of them: the one place where both meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_patterns.learning.confidence import STRENGTH, posterior, prior_for
from tui_patterns.models import Interval, Pattern, Quality, RatingSummary, TestRecord
from tui_patterns.store import coverage, patterns, ratings
from tui_patterns.store.coverage import VersionTests
from tui_patterns.store.patterns import PatternRow

GOOD, BAD = 4, 2  # a rating of 4 or 5 is a success, of 1 or 2 a failure, 3 is neither
POOL_STRENGTH = 20.0  # outcomes of a kind of pattern it takes to move its pooled mean half-way from 1/2

Pools = dict[tuple[str, str], float]


def load(conn: sqlite3.Connection, row_ids: Sequence[int], strength: float = STRENGTH) -> list[Pattern]:
    """The patterns with these row ids, in order; ``strength`` is what the prior is worth, in outcomes."""
    rows = patterns.fetch(conn, row_ids)
    pooled = pools(conn) if rows else {}
    tests = coverage.of_versions(conn, [row.columns["version_id"] for row in rows])
    return [_pattern(row, pooled, strength, tests.get(row.columns["version_id"])) for row in rows]


def pools(conn: sqlite3.Connection) -> Pools:
    """Mean success rate by (language, kind), drawn to 1/2 while there is little to go by."""
    return {
        pool: (good + POOL_STRENGTH / 2) / (good + bad + POOL_STRENGTH)
        for pool, (good, bad) in ratings.pooled(conn).items()
    }


def _pattern(row: PatternRow, pools: Pools, strength: float, tests: VersionTests | None) -> Pattern:
    columns = row.columns
    return Pattern(
        id=row.id,
        version=columns["version_id"],
        name=columns["name"],
        kind=columns["kind"],
        pattern_type=columns["pattern_type"],
        category=columns["category"],
        language=columns["language"],
        framework=columns["framework"],
        project=columns["project"],
        root=columns["root"],
        path=columns["path"],
        qualname=columns["qualname"],
        line=columns["line"],
        end_line=columns["end_line"],
        code=columns["code"],
        signature=columns["signature"],
        docstring=columns["docstring"],
        complexity=columns["complexity"],
        labels=tuple(row.labels),
        tags=tuple(row.json("tags")),
        dependencies=tuple(row.json("dependencies")),
        quality=Quality(overall=columns["quality"], **row.json("quality_parts")),
        confidence=_confidence(row, pools, strength),
        ratings=summary(row.ratings),
        facets=row.json("facets"),
        sites=row.sites,
        updated=columns["updated"],
        gone=columns["gone"] is not None,
        subcategory=columns["subcategory"],
        component_type=columns["component_type"],
        form=columns["form"],
        tests=_record(tests),
        withheld=columns["withheld"],
    )


def _record(tests: VersionTests | None) -> TestRecord:
    if tests is None:
        return TestRecord()
    failing = tuple(
        f"{'::'.join([path, *name.split('.')])}{variant}" for path, name, variant in tests.failing
    )
    return TestRecord(tests.passed, tests.failed, tests.unknown, failing)


def summary(values: Sequence[int]) -> RatingSummary:
    """Counts over ratings, oldest first."""
    if not values:
        return RatingSummary()
    return RatingSummary(
        usage_count=len(values),
        success_count=sum(value >= GOOD for value in values),
        average=sum(values) / len(values),
        last=values[-1],
    )


def _confidence(row: PatternRow, pools: Pools, strength: float) -> Interval:
    """Belief in a pattern: its pool's mean nudged by its quality, then its own outcomes."""
    pool = pools.get((row.columns["language"], row.columns["kind"]), 0.5)
    prior = prior_for(row.columns["quality"], pool, strength)
    successes = row.successes + sum(value >= GOOD for value in row.ratings)
    failures = row.failures + sum(value <= BAD for value in row.ratings)
    return posterior(successes, failures, prior)
