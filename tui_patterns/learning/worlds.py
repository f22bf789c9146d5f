"""Made worlds whose truth is known, to see how the choosing does in them.

A world has kinds of tasks and patterns that fit them. A pattern has a true
success rate, drawn for all patterns of a world from one Beta population, and a
quality that tells a little of it. A task gives each pattern that fits it a
relevance, which is calibrated, as the product's is: it is the chance that the
pattern is used when shown. A use succeeds with the pattern's true rate. So what
showing a pattern is worth is relevance × rate, in expected successes.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Hit, Pattern, Quality, RatingSummary

CONTEXTS = 3
NATIVE = 10  # patterns at home in one kind of task
SHARED = 0.3  # share of them that fit another kind too, less well
RELEVANT = (0.62, 0.95)
FOREIGN = (0.55, 0.75)
JITTER = 0.04  # a relevance's standard deviation from task to task
POPULATION = (0.45, 0.80)  # where the mean of the true rates lies
SPREAD = (2.5, 8.0)  # what the population would be worth as a prior, in outcomes
TELLS = 0.3  # how far a pattern's rate shows in its quality
NOISE = 0.2
UNKNOWN = 0.2  # share of patterns whose quality is not known
FURTHEST = 0.98
NEW_RATE = 0.95  # a newcomer's
BETTER = 1.05  # what the newcomer is worth, by what the best is


@dataclass(slots=True)
class Truth:
    """One pattern: its rate of success, its relevance by kind of task, and its quality as it is seen."""

    rate: float
    relevance: dict[int, float]
    quality: float | None

    def worth(self, context: int) -> float:
        """Expected successes of showing it once."""
        return self.relevance.get(context, 0.0) * self.rate


@dataclass(slots=True)
class World:
    """Patterns in order of their ids, and how often each kind of task comes."""

    patterns: list[Truth]
    weights: list[float]
    mean: float
    spread: float

    def task(self, rng: Random) -> tuple[int, list[tuple[int, float]]]:
        """A kind of task, and (pattern, relevance) of what fits it."""
        context = rng.choices(range(CONTEXTS), self.weights)[0]
        return context, [
            (number, min(max(rng.gauss(truth.relevance[context], JITTER), 0.0), FURTHEST))
            for number, truth in enumerate(self.patterns)
            if context in truth.relevance
        ]

    def drift(self, rng: Random, share: float) -> None:
        """Give a share of the patterns a new rate from the same population."""
        for truth in rng.sample(self.patterns, round(share * len(self.patterns))):
            truth.rate = _rate(rng, self.mean, self.spread)

    def newcomer(self, context: int) -> Truth:
        """A pattern, not yet of this world, that is worth more than any other in ``context``.

        It is no more relevant than it must be for that: its rate has to be found out.
        """
        best = max(truth.worth(context) for truth in self.patterns)
        least = BETTER * best / NEW_RATE
        return Truth(NEW_RATE, {context: min(max(least, RELEVANT[0]), FURTHEST)}, None)


def make(rng: Random) -> World:
    """A world; the same generator state gives the same one."""
    mean, spread = rng.uniform(*POPULATION), rng.uniform(*SPREAD)
    patterns = [
        _truth(rng, context, mean, _rate(rng, mean, spread))
        for context in range(CONTEXTS)
        for _ in range(NATIVE)
    ]
    return World(patterns, [rng.uniform(0.5, 1.5) for _ in range(CONTEXTS)], mean, spread)


def _rate(rng: Random, mean: float, spread: float) -> float:
    return min(max(rng.betavariate(mean * spread, (1.0 - mean) * spread), 1.0 - FURTHEST), FURTHEST)


def _truth(rng: Random, context: int, mean: float, rate: float) -> Truth:
    relevance = {context: rng.uniform(*RELEVANT)}
    if rng.random() < SHARED:
        relevance[(context + 1) % CONTEXTS] = rng.uniform(*FOREIGN)
    seen = 0.5 + TELLS * (rate - mean) + rng.gauss(0.0, NOISE)
    quality = None if rng.random() < UNKNOWN else round(4 * min(max(seen, 0.0), 1.0)) / 4
    return Truth(rate, relevance, quality)


def pattern(number: int, quality: float | None) -> Pattern:
    """The stored form of a made pattern, not yet tried."""
    return Pattern(
        id=str(number), version=number, name=f"pattern {number}", kind="function",
        pattern_type="function_pattern", category=None, language="python", framework=None,
        project="", root="", path="", qualname="", line=1, end_line=1, code="", signature="", docstring=None,
        complexity=None, labels=(), tags=(), dependencies=(), quality=Quality(overall=quality),
        confidence=posterior(0.0, 0.0, Prior(0.5)), ratings=RatingSummary(), facets={}, sites=1, updated=0.0,
    )  # fmt: skip


def hit(stored: Pattern, relevance: float) -> Hit:
    """The pattern as a search would give it."""
    return Hit(stored, score=relevance, relevance=relevance, why={})
