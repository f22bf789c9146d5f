"""When a pattern has failed so often that it goes into no prompt any more.

The rule: at least five (decayed) outcomes, and the upper end of the interval below
``injection.min_success_rate``. It is applied where evidence is written, and is an event
like any other; a person may retire and restore by hand. After that it takes five new
outcomes before the rule may speak again: the old ones were judged already.
"""

from __future__ import annotations

import sqlite3

from tui_patterns.learning import records
from tui_patterns.learning.confidence import describe, left_out
from tui_patterns.learning.evidence import Rules
from tui_patterns.models import Interval
from tui_patterns.store import patterns, retired, trials

LEAST_N = 5.0


def poor(interval: Interval, min_success_rate: float) -> bool:
    """Whether enough outcomes say that the rate surely lies below the threshold (in percent)."""
    return interval.n >= LEAST_N and left_out(interval, min_success_rate)


def review(conn: sqlite3.Connection, pattern: str, rules: Rules, at: float | None = None) -> bool:
    """Retire the pattern with this id if the rule says so; ``True`` if it did. Inside a transaction."""
    if not rules.enabled:
        return False
    last = retired.last_word(conn, pattern)
    if last is not None and (last.kind == "retire" or trials.weight_since(conn, pattern, last.at) < LEAST_N):
        return False
    found = _believed(conn, pattern, rules, at)
    if found is None or not poor(found, rules.min_success_rate):
        return False
    reason = f"{describe(found)}, surely below {rules.min_success_rate:g} %"
    return retired.retire(conn, pattern, "rule", reason)


def reconsider(conn: sqlite3.Connection, pattern: str, rules: Rules) -> bool:
    """Restore a pattern that the rule retired, where a word that was taken back leaves it no reason to.

    Inside a transaction.
    """
    last = retired.last_word(conn, pattern)
    if last is None or last.kind != "retire" or last.data.get("source") != "rule":
        return False
    found = _believed(conn, pattern, rules, None)
    if found is not None and poor(found, rules.min_success_rate):
        return False
    return retired.restore(conn, pattern, "rule")


def _believed(conn: sqlite3.Connection, pattern: str, rules: Rules, at: float | None) -> Interval | None:
    row_ids = list(patterns.row_ids(conn, [pattern]).values())
    found = records.load(conn, row_ids, rules.strength, half_life_days=rules.half_life_days, at=at)
    return found[0].confidence if found else None


def sweep(conn: sqlite3.Connection, rules: Rules) -> list[str]:
    """Review every pattern that was tried often enough; the ids of those retired. Inside a transaction."""
    return [one for one in trials.tried(conn, LEAST_N) if review(conn, one, rules)]
