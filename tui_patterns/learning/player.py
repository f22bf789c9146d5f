"""A player of made worlds that chooses exactly as the product does, and learns from what comes of it.

Belief is ``confidence.posterior`` over the pool's prior, as in ``records``; the
choice is ``builder.fill`` with its defaults. Only texts are missing: places take
the place of the token budget. ``min_success_rate`` is off, since it is a
person's wish and no choice: with it, an empty place would count as regret.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tui_patterns.learning import confidence
from tui_patterns.learning.confidence import Prior, pooled_mean, posterior, prior_for, share
from tui_patterns.learning.worlds import World, hit, pattern
from tui_patterns.models import Hit, Interval, Pattern
from tui_patterns.prompts.builder import Belief, Limits, fill, ranked

# One draw of exploration is as good as two hundred where no propensity is asked for.
LIMITS = Limits(rounds=1, min_success_rate=0.0)
BELIEF: Belief = confidence
_STEPS = 20  # to which a pool's mean is rounded, so that equal records share one computation
_INTERVALS: dict[tuple[float, float, float], Interval] = {}
_MANY = 200_000


class Places:
    """So many places, whatever the length."""

    def __init__(self) -> None:
        self.picks: list[Hit] = []

    def takes(self, hit: Hit) -> bool:
        """Whether it is new."""
        return all(hit.pattern.id != other.pattern.id for other in self.picks)

    def add(self, hit: Hit, *, propensity: float = 1.0) -> bool:
        """Take it if it is new."""
        taken = self.takes(hit)
        if taken:
            self.picks.append(hit)
        return taken


class Player:
    """Successes and failures by pattern, and the belief that follows."""

    def __init__(self, world: World, limits: Limits = LIMITS) -> None:
        self.limits = limits
        self.counts: list[list[float]] = []
        self._pool = (0.0, 0.0)
        self._stored: list[tuple[tuple[float, float, float], Pattern] | None] = []
        self._patterns: list[Pattern] = []
        for truth in world.patterns:
            self.meet(truth.quality)

    def meet(self, quality: float | None) -> None:
        """A pattern is new in the library."""
        self._patterns.append(pattern(len(self._patterns), quality))
        self.counts.append([0.0, 0.0])
        self._stored.append(None)

    def choose(self, task: list[tuple[int, float]], rng: Random) -> list[tuple[int, float]]:
        """(pattern, relevance) of what goes into the prompt."""
        places = Places()
        fill(places, self._hits(task), self.limits, BELIEF, rng)
        return [(one.pattern.version, one.relevance) for one in places.picks]

    def ranking(self, task: list[tuple[int, float]]) -> list[int]:
        """Patterns as they rank, without exploration."""
        return [one.pattern.version for one in ranked(self._hits(task), self.limits, BELIEF)]

    def learn(self, number: int, success: bool) -> None:
        """An outcome of a use."""
        counts = self.counts[number]
        before = share(*counts)
        counts[not success] += 1.0
        after = share(*counts)
        good, bad = self._pool
        self._pool = (good + after[0] - before[0], bad + after[1] - before[1])

    def decay(self, factor: float) -> None:
        """All that was learned counts for less."""
        for counts in self.counts:
            counts[0] *= factor
            counts[1] *= factor
        shares = [share(*counts) for counts in self.counts]
        self._pool = (sum(good for good, _ in shares), sum(bad for _, bad in shares))

    def believed(self, number: int) -> Interval:
        """What is thought of a pattern's rate."""
        return self._pattern(number).confidence

    def _hits(self, task: list[tuple[int, float]]) -> list[Hit]:
        return [hit(self._pattern(number), relevance) for number, relevance in task]

    def _pattern(self, number: int) -> Pattern:
        successes, failures = self.counts[number]
        pool = round(_STEPS * pooled_mean(*self._pool)) / _STEPS
        stored = self._stored[number]
        if stored is None or stored[0] != (successes, failures, pool):
            base = self._patterns[number]
            believed = _interval(successes, failures, base.quality.overall, pool)
            stored = (successes, failures, pool), replace(base, confidence=believed)
            self._stored[number] = stored
        return stored[1]


def _interval(successes: float, failures: float, quality: float | None, pool: float) -> Interval:
    prior = Prior(round(prior_for(quality, pool).mean, 4))
    key = (successes, failures, prior.mean)
    found = _INTERVALS.get(key)
    if found is None:
        if len(_INTERVALS) > _MANY:
            _INTERVALS.clear()
        found = _INTERVALS[key] = posterior(successes, failures, prior)
    return found
