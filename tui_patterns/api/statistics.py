"""The statistics of a library: its counts, with anti-patterns, beliefs and tiers of quality."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from tui_patterns.api.antipatterns import counted
from tui_patterns.extraction.tiers import quality_tier
from tui_patterns.learning import records
from tui_patterns.learning.confidence import prior_for
from tui_patterns.learning.most_used import most_used, sessions_by
from tui_patterns.models import LibraryStats
from tui_patterns.store import stats, usage
from tui_patterns.store.sqlite import reading
from tui_patterns.store.stats import Fact
from tui_patterns.store.usage import Tried


def collect(conn: sqlite3.Connection, strength: float, half_life_days: float) -> LibraryStats:
    """All statistics over one state of the database; the prior is worth *strength* outcomes."""
    with reading(conn):
        facts, parts = stats.facts(conn), usage.parts(conn)
        found = counted(conn, stats.collect(conn, facts, lambda quality: quality_tier(quality) or "unknown"))
        means = _means(conn, facts, strength, half_life_days)
        return replace(
            found,
            tried=len(means),
            average_confidence=sum(means) / len(means) if means else None,
            by_source=sessions_by(parts),
            most_used=tuple(most_used(conn, parts)),
        )


def _means(
    conn: sqlite3.Connection, facts: Sequence[Fact], strength: float, half_life_days: float
) -> list[float]:
    """The mean success rate of each pattern that was tried, as ``learning/confidence.py`` has it."""
    tried = usage.tried(conn, half_life_days)
    if not tried:
        return []
    pools, shown = records.pools(conn), {fact.pattern: fact for fact in facts}
    return [_mean(shown[one.pattern], one, pools, strength) for one in tried if one.pattern in shown]


def _mean(fact: Fact, tried: Tried, pools: records.Pools, strength: float) -> float:
    prior = prior_for(fact.quality, pools.get((fact.language, fact.kind), 0.5), strength)
    weight = prior.strength + tried.successes + tried.failures
    return (prior.mean * prior.strength + tried.successes) / weight
