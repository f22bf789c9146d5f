"""How far a pattern's success rate can be believed.

Successes out of n outcomes update a Beta prior (conjugate to the binomial):
``Beta(s·m + successes, s·(1 − m) + failures)`` for a prior of mean m that is
worth s outcomes. What is shown is the posterior's mean with its central 90 %
interval; what ranks is the interval's lower end, so that luck on a few tries
does not beat a long record.

The functions that take an Interval are what prompts/builder.py asks for as its
``Belief``: that floor lies lower and is handed this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

from tui_patterns.learning.beta import quantile
from tui_patterns.models import Interval

Tier = Literal["new", "high", "medium", "low"]

STRENGTH = 4.0
NUDGE = 0.2
COVERAGE = 0.90
TRIED_ENOUGH = 5.0
POOL_STRENGTH = 5.0  # patterns with a long record that it takes to move a pool's mean half-way from 1/2
HIGH, MEDIUM = 0.9, 0.7
_FURTHEST = 0.05


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before any outcome: a mean in 0..1, worth ``strength`` outcomes.

    Raises ValueError when the mean is not strictly inside 0..1 or the strength not positive.
    """

    mean: float
    strength: float = STRENGTH

    def __post_init__(self) -> None:
        if not 0.0 < self.mean < 1.0:
            raise ValueError(f"a prior's mean lies strictly between 0 and 1, not {self.mean!r}")
        if not self.strength > 0.0:
            raise ValueError(f"a prior's strength is positive, not {self.strength!r}")


def prior_for(quality: float | None, pooled_mean: float = 0.5, strength: float = STRENGTH) -> Prior:
    """The pool's mean success rate, nudged by the code's quality.

    ``mean = pooled_mean + 0.2 · (quality − 0.5)``, held within 0.05..0.95: the best
    code starts 0.1 above its pool and the worst 0.1 below. At strength 4 that is worth
    0.4 of an outcome, so the first real outcome outweighs it. Unknown quality: no nudge.
    """
    nudge = 0.0 if quality is None else NUDGE * (quality - 0.5)
    return Prior(min(max(pooled_mean + nudge, _FURTHEST), 1.0 - _FURTHEST), strength)


def share(successes: float, failures: float, strength: float = STRENGTH) -> tuple[float, float]:
    """What one pattern's record says of its pool, as (good, bad) that sum to n / (n + strength).

    A pool's mean is that of its patterns' rates, not of all outcomes: what works is used more, so
    that outcomes come mostly from the best and would make every newcomer look better than it is.
    The weight is the inverse variance of a rate seen n times in a Beta-binomial population.
    """
    whole = successes + failures + strength
    return successes / whole, failures / whole


def pooled_mean(good: float, bad: float) -> float:
    """A pool's mean success rate from the summed shares of its patterns, drawn to 1/2 while they are few."""
    return (good + POOL_STRENGTH / 2.0) / (good + bad + POOL_STRENGTH)


@lru_cache(maxsize=8192)
def posterior(successes: float, failures: float, prior: Prior) -> Interval:
    """Mean and central 90 % interval; the counts may be fractional (decayed weights).

    Raises ValueError when a count is negative.
    """
    if successes < 0.0 or failures < 0.0:
        raise ValueError(f"outcome counts are not negative: {successes!r}, {failures!r}")
    alpha = prior.mean * prior.strength + successes
    beta = (1.0 - prior.mean) * prior.strength + failures
    edge = (1.0 - COVERAGE) / 2.0
    return Interval(
        mean=alpha / (alpha + beta),
        low=quantile(edge, alpha, beta),
        high=quantile(1.0 - edge, alpha, beta),
        n=successes + failures,
    )


def tier(interval: Interval) -> Tier:
    """``new`` under five outcomes; then by the mean: high from 0.9, medium from 0.7, low."""
    if interval.n < TRIED_ENOUGH:
        return "new"
    if interval.mean >= HIGH:
        return "high"
    return "medium" if interval.mean >= MEDIUM else "low"


def describe(interval: Interval) -> str:
    """``73 % (51–89) n 12``, or ``not yet tried`` without any outcome."""
    if interval.n <= 0.0:
        return "not yet tried"
    mean, low, high = (round(100 * value) for value in (interval.mean, interval.low, interval.high))
    return f"{mean} % ({low}–{high}) n {interval.count}"


def left_out(interval: Interval, min_success_rate_percent: float) -> bool:
    """True only when even the upper end lies below the threshold: doubt lets a pattern in."""
    return 100.0 * interval.high < min_success_rate_percent


def rank_value(interval: Interval) -> float:
    """What ranks: the lower end of the interval, in 0..1."""
    return interval.low


def thompson(interval: Interval, rng: Random, strength: float = STRENGTH) -> float:
    """One draw from the posterior, in 0..1.

    The parameters are recovered from the interval: alpha + beta = n + the prior's strength,
    and alpha is the mean's share of it.
    """
    weight = interval.n + strength
    mean = min(max(interval.mean, 1e-9), 1.0 - 1e-9)
    return rng.betavariate(mean * weight, (1.0 - mean) * weight)
