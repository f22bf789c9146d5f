"""What failures teach: fixes with their own evidence, and which strategies helped against an error.

A try at an error is an event of the ledger (``store/fix_folds``). A change that turned an error from
red to green is a fix; the same change made again (``changes.alike`` of at least ``SAME``, at an error
of the same shape) is a trial of it, and so is the same change that did not help. That a fix exists is
one success: it is known to have worked once, and is believed with a prior as any pattern.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.learning.changes import (
    SAME,
    STRATEGIES,
    ChangeMade,
    Strategy,
    alike,
    from_diff,
    strategy_of,
)
from tui_patterns.learning.confidence import Prior, posterior, rank_value
from tui_patterns.learning.evidence import Rules, believed, tally
from tui_patterns.learning.ledger import STRENGTHS, Event
from tui_patterns.learning.signatures import ErrorSeen
from tui_patterns.models import Interval
from tui_patterns.sessions.masking import mask
from tui_patterns.store import fixes, ledger
from tui_patterns.store.fix_folds import prefix
from tui_patterns.store.fixes import FixRow
from tui_patterns.store.sql import now

OTHER_SHAPE = 0.5  # what a try at another error of the same class weighs for this one
# Where nothing was tried yet: what may be looked at first, by class. Not measured, and shown as not tried.
_FIRST: dict[str, tuple[Strategy, ...]] = {
    "import": ("dependency", "import", "configuration"),
    "attribute": ("check", "edit", "import"),
    "key": ("default", "check", "edit"),
    "index": ("check", "condition"),
    "type": ("convert", "argument", "check"),
    "value": ("convert", "check", "handle"),
    "name": ("import", "edit"),
    "assertion": ("condition", "return", "edit"),
    "timeout": ("configuration", "handle", "argument"),
    "network": ("handle", "configuration"),
    "permission": ("configuration", "check"),
    "file": ("check", "argument", "configuration"),
    "encoding": ("argument", "convert"),
    "syntax": ("edit",),
    "build": ("dependency", "configuration", "import"),
}


@dataclass(frozen=True, slots=True)
class Try:
    """Where and when a change was made at an error. ``tail`` names it, so that it counts once."""

    at: float
    tail: str
    project: str | None = None
    session: str | None = None
    weight: float = STRENGTHS["test"]


def record_fix(conn: sqlite3.Connection, seen: Mapping[str, Any], change: ChangeMade, where: Try) -> bool:
    """A change turned this error (``ErrorSeen.data``) from red to green; ``False`` if that is known."""
    return _record(conn, seen, change, where, success=True)


def record_attempt(conn: sqlite3.Connection, seen: Mapping[str, Any], change: ChangeMade, where: Try) -> bool:
    """A change was made at this error, which stayed; ``False`` if that is known."""
    return _record(conn, seen, change, where, success=False)


def _record(
    conn: sqlite3.Connection, seen: Mapping[str, Any], change: ChangeMade, where: Try, *, success: bool
) -> bool:
    if fixes.told(conn, where.at, where.tail):
        return False
    safe = from_diff(mask(change.diff), change.paths)
    known = _same(fixes.by_shape(conn, [seen["shape"]]), safe)
    fix = known.id if known else (_new_id(seen, safe) if success else None)
    data = {
        "what": "found" if success else "attempt",
        "fix": fix,
        "error": {**seen, "message": mask(str(seen["message"]))},
        "strategy": known.strategy if known else strategy_of(change),
        "diff": safe.diff if success else "",
        "paths": list(change.paths[:20]),
        "project": where.project,
        "success": success,
        "weight": where.weight,
    }
    key = f"{prefix(fix)}{where.tail}"
    return ledger.append(conn, Event("fix", where.at, session=where.session, key=key, data=data))


def _same(known: Sequence[FixRow], change: ChangeMade) -> FixRow | None:
    scored = [(alike(from_diff(one.diff, one.paths), change), one) for one in known]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= SAME else None


def _new_id(seen: Mapping[str, Any], change: ChangeMade) -> str:
    text = "\n".join((seen["shape"], *change.paths, *change.removed, "", *change.added))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def record_word(conn: sqlite3.Connection, fix: FixRow, session: str, success: bool) -> bool:
    """A person's word on a fix, one a session; saying the same again adds nothing."""
    low = f"{prefix(fix.id)}said:{session}:"
    said = [one for one in ledger.events(conn, session=session, kinds=("fix",)) if one.key.startswith(low)]
    if said and said[-1].data["success"] == success:
        return False
    data = {
        "what": "said",
        "fix": fix.id,
        "error": {
            "type": fix.error_type,
            "message": fix.message,
            "class": fix.error_class,
            "shape": fix.shape,
            "signature": fix.signature,
        },
        "strategy": fix.strategy,
        "success": success,
        "weight": STRENGTHS["explicit"],
    }
    at = ledger.latest(conn, session=session)
    return ledger.append(conn, Event("fix", at, session=session, key=f"{low}{len(said)}", data=data))


def beliefs(
    conn: sqlite3.Connection, found: Sequence[FixRow], rules: Rules, home: Collection[str] = ()
) -> dict[str, Interval]:
    """What is believed of these fixes, as of patterns: decayed, and elsewhere a weak prior."""
    tried = fixes.trials(conn, [one.id for one in found])
    prior, moment = Prior(0.5, rules.strength), now()
    return {
        one.id: believed(
            tally(tried[one.id], one.project or "", moment, home=home, half_life_days=rules.half_life_days),
            prior,
        )
        for one in found
    }


@dataclass(frozen=True, slots=True)
class StrategyRate:
    """A strategy and how often it helped; ``here`` counts the tries at errors of this very shape."""

    strategy: Strategy
    confidence: Interval
    here: int = 0


def strategies(conn: sqlite3.Connection, seen: ErrorSeen, rules: Rules) -> list[StrategyRate]:
    """What to try, in this order: by the lower end of the success rate; a try that failed sinks.

    Tries at other errors of the class weigh half. What is only usual, and not tried, comes among them
    with the prior alone.
    """
    counts: dict[str, list[float]] = {}
    here: dict[str, int] = {}
    moment = now()
    for strategy, shape, trial in fixes.strategy_trials(conn, seen.error_class):
        own = shape == seen.shape
        weight = tally([trial], trial.project or "", moment, half_life_days=rules.half_life_days)
        share = 1.0 if own else OTHER_SHAPE
        counted = counts.setdefault(strategy, [0.0, 0.0])
        counted[0] += share * weight.successes
        counted[1] += share * weight.failures
        here[strategy] = here.get(strategy, 0) + own
    usual = _FIRST.get(seen.error_class, ())
    prior = Prior(0.5, rules.strength)
    rated = [
        StrategyRate(name, posterior(*counts.get(name, (0.0, 0.0)), prior), here.get(name, 0))
        for name in STRATEGIES
        if name in counts or name in usual
    ]
    order = {name: place for place, name in enumerate(usual)}
    return sorted(rated, key=lambda one: (-rank_value(one.confidence), order.get(one.strategy, len(order))))
