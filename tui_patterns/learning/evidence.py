"""How trials count when they are read: they fade with age, and count in full where they were made.

*Decay.* A trial weighs its strength times ``2^(−age/half-life)``, its age in whole days: evidence of
a year ago is worth a seventeenth at 90 days. It happens at reading, so that the ledger never changes;
an age below zero, after a clock was set back, is none.

*Scope.* A pattern is *general* once it worked in two projects. Before that its trials count in full
in the project in which they were made; elsewhere they only move the prior's mean, by half of the
prior's strength at most, and add nothing to n.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_patterns.learning.confidence import STRENGTH, Prior, posterior
from tui_patterns.models import Interval
from tui_patterns.store.fading import fade
from tui_patterns.store.patterns import Trial

if TYPE_CHECKING:
    from tui_patterns.settings import Settings

HALF_LIFE_DAYS = 90.0
GENERAL = 2  # projects in which a pattern must have worked before it counts everywhere
BORROWED = 0.5  # of the prior's strength: the most that other projects' trials are worth


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say of evidence: strengths in trials, times in days, rates in percent."""

    strength: float = STRENGTH
    half_life_days: float = HALF_LIFE_DAYS
    min_success_rate: float = 70.0
    enabled: bool = True


def rules_from(settings: Settings) -> Rules:
    """The rules as configured."""
    learning = settings.learning
    return Rules(
        learning.prior_strength,
        learning.half_life_days,
        settings.injection.min_success_rate,
        learning.enabled,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Decayed successes and failures, at home and elsewhere, and the projects where it worked."""

    successes: float = 0.0
    failures: float = 0.0
    successes_elsewhere: float = 0.0
    failures_elsewhere: float = 0.0
    worked_in: frozenset[str] = frozenset()

    @property
    def general(self) -> bool:
        """Whether it worked in so many projects that its record counts in all of them."""
        return len(self.worked_in) >= GENERAL


def tally(
    trials: Iterable[Trial],
    own: str,
    at: float,
    *,
    home: Collection[str] = (),
    half_life_days: float = HALF_LIFE_DAYS,
) -> Tally:
    """Count trials as seen from the projects ``home`` (roots) at the time ``at``.

    ``own`` is the pattern's own root, for trials that name no project. Without a home, or
    for a general pattern, all of them count in full.
    """
    counts = {(near, success): 0.0 for near in (True, False) for success in (True, False)}
    known = list(trials)
    worked_in = frozenset(one.project or own for one in known if one.success)
    everywhere = not home or len(worked_in) >= GENERAL
    for one in known:
        near = everywhere or (one.project or own) in home
        counts[near, one.success] += one.weight * fade(one.at, at, half_life_days)
    return Tally(
        counts[True, True], counts[True, False], counts[False, True], counts[False, False], worked_in
    )


def believed(found: Tally, prior: Prior) -> Interval:
    """The posterior of what counts here; ``n`` is what counts in full."""
    return posterior(found.successes, found.failures, borrow(found, prior))


def borrow(found: Tally, prior: Prior) -> Prior:
    """The prior, its mean moved towards what happened elsewhere; its strength stays."""
    seen = found.successes_elsewhere + found.failures_elsewhere
    if seen <= 0.0:
        return prior
    worth = min(seen, BORROWED * prior.strength)
    moved = prior.mean * prior.strength + worth * found.successes_elsewhere / seen
    return Prior(moved / (prior.strength + worth), prior.strength)
