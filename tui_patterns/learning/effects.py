"""What one injection has taught: each pattern's success rate and rank with its word, and without it.

The rank is that among the injection's patterns by what is believed of them, which is the lower end of the
success rate's interval; how well each fits the next task comes on top of that (``prompts/builder.py``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tui_patterns.learning import records
from tui_patterns.learning.confidence import prior_for, rank_value
from tui_patterns.learning.evidence import Rules, believed, tally
from tui_patterns.models import Interval
from tui_patterns.store import injections, own_trials, patterns
from tui_patterns.store.patterns import PatternRow, Trial
from tui_patterns.store.sql import now


@dataclass(frozen=True, slots=True)
class Effect:
    """``before`` and ``rank_before`` are what would be believed without this injection; ranks from 1."""

    before: Interval
    now: Interval
    rank_before: int
    rank_now: int

    @property
    def changed(self) -> bool:
        """Whether the injection has moved the belief."""
        return self.before != self.now


def effects(
    conn: sqlite3.Connection, injection: str, rules: Rules, home: Collection[str] = ()
) -> dict[str, Effect]:
    """By pattern id, for the patterns of an injection; ``home`` as in ``records.load``."""
    rows = injections.patterns_of(conn, injection)
    found = patterns.fetch(conn, [row["pattern_id"] for row in rows])
    own, pooled, moment = own_trials.of_injection(conn, injection), records.pools(conn), now()

    def belief(row: PatternRow, without: Trial | None) -> Interval:
        trials = list(row.trials)
        if without in trials:
            trials.remove(without)
        counted = tally(trials, row.columns["root"], moment, home=home, half_life_days=rules.half_life_days)
        pool = pooled.get((row.columns["language"], row.columns["kind"]), 0.5)
        return believed(counted, prior_for(row.columns["quality"], pool, rules.strength))

    before = {row.id: belief(row, own.get(row.id)) for row in found}
    after = {row.id: belief(row, None) for row in found}
    first, last = _ranks(before), _ranks(after)
    return {id: Effect(before[id], after[id], first[id], last[id]) for id in after}


def _ranks(beliefs: Mapping[str, Interval]) -> dict[str, int]:
    """Equals in the order of the prompt."""
    ordered = sorted(beliefs, key=lambda id: -rank_value(beliefs[id]))
    return {id: place for place, id in enumerate(ordered, 1)}
