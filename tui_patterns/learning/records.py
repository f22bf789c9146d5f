"""Stored patterns with what is believed of them: the one place where both meet."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache

from tui_patterns.learning.confidence import STRENGTH, Prior, pooled_mean, prior_for
from tui_patterns.learning.evidence import HALF_LIFE_DAYS, Tally, believed, tally
from tui_patterns.models import Pattern, Quality, RatingSummary, TestRecord
from tui_patterns.store import coverage, patterns, qualities, trials
from tui_patterns.store.coverage import VersionTests
from tui_patterns.store.folds import GOOD
from tui_patterns.store.patterns import PatternRow
from tui_patterns.store.sql import load as load_json
from tui_patterns.store.sql import now

Pools = dict[tuple[str, str], float]
REMEMBERED = 256  # decoded columns: each key of a query finds much of what the one before it found
_UNTESTED, _UNRATED = TestRecord(), RatingSummary()


def load(
    conn: sqlite3.Connection,
    row_ids: Sequence[int],
    strength: float = STRENGTH,
    *,
    home: str | Collection[str] | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
    at: float | None = None,
) -> list[Pattern]:
    """The patterns with these row ids, in order, as believed at the time ``at`` (default: now).

    ``strength`` is what the prior is worth, in outcomes. ``home`` is the root of the project that
    asks, or several: what happened elsewhere counts less there (see evidence.py).
    """
    rows = patterns.fetch(conn, row_ids)
    pooled = pools(conn) if rows else {}
    tests = coverage.of_versions(conn, [row.columns["version_id"] for row in rows])
    moment = now() if at is None else at
    roots = frozenset([home] if isinstance(home, str) else home or ())
    return [
        _pattern(
            row,
            tally(row.trials, row.columns["root"], moment, home=roots, half_life_days=half_life_days),
            _prior(row, pooled, strength),
            tests.get(row.columns["version_id"]),
        )
        for row in rows
    ]


def pools(conn: sqlite3.Connection) -> Pools:
    """Mean success rate by (language, kind), drawn to 1/2 while there is little to go by."""
    return {pool: pooled_mean(*shares) for pool, shares in trials.pooled(conn, STRENGTH).items()}


def _pattern(row: PatternRow, counted: Tally, prior: Prior, tests: VersionTests | None) -> Pattern:
    columns = row.columns
    code, docstring, signature, facets = row.texts()[:4]
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
        code=code or "",
        signature=signature or "",
        docstring=docstring,
        complexity=columns["complexity"],
        labels=tuple(row.labels),
        tags=_texts(columns["tags"]),
        dependencies=_texts(columns["dependencies"]),
        quality=_quality(columns["quality"], columns["quality_parts"]),
        confidence=believed(counted, prior),
        ratings=summary(row.ratings),
        facets=load_json(facets or "{}"),
        sites=row.sites,
        updated=columns["updated"],
        gone=columns["gone"] is not None,
        subcategory=columns["subcategory"],
        component_type=columns["component_type"],
        form=columns["form"],
        tests=_record(tests),
        withheld=columns["withheld"],
        retired=row.retired,
        worked_in=len(counted.worked_in),
    )


@lru_cache(REMEMBERED)
def _texts(stored: str) -> tuple[str, ...]:
    return tuple(load_json(stored))


@lru_cache(REMEMBERED)
def _quality(overall: float | None, parts: str) -> Quality:
    return Quality(overall=overall, **qualities.read(parts))


def _record(tests: VersionTests | None) -> TestRecord:
    if tests is None:
        return _UNTESTED
    failing = tuple(
        f"{'::'.join([path, *name.split('.')])}{variant}" for path, name, variant in tests.failing
    )
    return TestRecord(tests.passed, tests.failed, tests.unknown, failing)


def summary(values: Sequence[int]) -> RatingSummary:
    """Counts over ratings, oldest first."""
    if not values:
        return _UNRATED
    return RatingSummary(
        usage_count=len(values),
        success_count=sum(value >= GOOD for value in values),
        average=sum(values) / len(values),
        last=values[-1],
    )


def _prior(row: PatternRow, pools: Pools, strength: float) -> Prior:
    """What to expect of a pattern before its own outcomes: its pool's mean nudged by its quality."""
    pool = pools.get((row.columns["language"], row.columns["kind"]), 0.5)
    return prior_for(row.columns["quality"], pool, strength)
