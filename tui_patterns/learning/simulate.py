"""What the choosing is worth where the truth is known: ``patterns-tui simulate``.

Each seeded world (``worlds``) is played by the product's own choosing and belief
(``player``), against *always-best*, which knows the true rates, and *random*,
which draws among the same relevant patterns. Then a pattern joins that is truly
best. Worlds with drift are other worlds of the same making. The same numbers give
the same result everywhere.

Regret is what always-best's prompts are worth beyond the player's, in expected
successes. A newcomer is *in the top three* once it is one of the three patterns
that the last ten prompts which it fits showed most often.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from statistics import median

from tui_patterns.learning.experiments import Trial, winner
from tui_patterns.learning.player import LIMITS, Player
from tui_patterns.learning.worlds import Truth, World, make
from tui_patterns.models import Interval

TOP = 3
RECENT = 10
PATIENCE = 40  # prompts in which a newcomer may take part until it has to be found
CHANGING = 0.1  # share of worlds beside which one with drift is played: fractions take long
DRIFTING = 0.3  # share of the patterns that change, once, half-way
BATCH = 20  # injections in a week
FADE = 0.5 ** (7.0 / 90.0)  # of a week, by the half-life of evidence
EQUAL_RATE = (0.3, 0.9)
PAIRS = 5  # experiments between equal arms beside each world

Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Played:
    """What one world gave: regrets in expected successes, intervals with the true rates."""

    regret: float = 0.0
    random: float = 0.0
    believed: list[tuple[Interval, float]] = field(default_factory=list)
    found: int | None = None
    found_by_rank: bool = False
    fading: float = 0.0
    remembering: float = 0.0
    drifting_random: float = 0.0
    false_winners: int = 0


@dataclass(frozen=True, slots=True)
class Simulated:
    """Over all worlds: shares in 0..1; ``regret_ratio`` is the player's regret by random's.

    ``found_median`` counts prompts of the newcomer's kind of task, ``None`` when most never found it.
    """

    worlds: int
    injections: int
    seed: int
    coverage90: float
    intervals: int
    regret_ratio: float
    regret: float
    regret_random: float
    new_best_in_top3: float
    new_best_ranked_top3: float
    found_median: float | None
    false_winners: float
    drift_worlds: int
    drift_regret_ratio: float | None
    drift_regret_ratio_undecayed: float | None
    left_out_wrongly: float | None


def simulate(worlds: int = 200, injections: int = 500, seed: int = 1, tell: Tell | None = None) -> Simulated:
    """Play that many worlds; ``tell`` hears (worlds done, of how many).

    Raises ValueError unless both counts are positive.
    """
    if worlds < 1 or injections < 1:
        raise ValueError("a simulation needs at least one world and one injection")
    played = []
    for number in range(worlds):
        played.append(_world(Random(f"{seed} {number}"), injections, drift=number < worlds * CHANGING))
        if tell is not None:
            tell(number + 1, worlds)
    return _summary(played, injections, seed)


def _world(rng: Random, injections: int, *, drift: bool) -> Played:
    result, world = Played(), make(rng)
    player = Player(world)
    for _ in _prompts(world, player, rng, injections, result):
        pass
    result.believed = [
        (player.believed(number), truth.rate)
        for number, truth in enumerate(world.patterns)
        if sum(player.counts[number])
    ]
    _newcomer(world, player, rng, result)
    if drift:
        _drift(rng, injections, result)
    result.false_winners = sum(_equal_arms(rng, injections) for _ in range(PAIRS))
    return result


def _prompts(
    world: World, player: Player, rng: Random, count: int, result: Played
) -> Iterator[tuple[list[int], list[int]]]:
    """Play ``count`` prompts: (what fits the task, what was shown) of each, its regret noted."""
    for _ in range(count):
        task = [one for one in world.task(rng)[1] if one[1] >= LIMITS.min_relevance]
        shown = player.choose(task, rng)
        worths = sorted((relevance * world.patterns[number].rate for number, relevance in task), reverse=True)
        best = sum(worths[:TOP])
        result.regret += best - sum(relevance * world.patterns[number].rate for number, relevance in shown)
        if worths:
            result.random += best - min(TOP, len(worths)) * sum(worths) / len(worths)
        for number, relevance in shown:
            if rng.random() < relevance:
                player.learn(number, rng.random() < world.patterns[number].rate)
        yield [number for number, _ in task], [number for number, _ in shown]


def _newcomer(world: World, player: Player, rng: Random, result: Played) -> None:
    """Let a truly best pattern join, and see how many prompts that it fits it takes to be found."""
    context = rng.randrange(len(world.weights))
    made = world.newcomer(context)
    number = len(world.patterns)
    world.patterns.append(made)
    player.meet(made.quality)
    recent: deque[list[int]] = deque(maxlen=RECENT)
    asked = 0
    prompts = _prompts(world, player, rng, 100 * PATIENCE, Played())
    while asked < PATIENCE:
        fitting, shown = next(prompts)
        if number in fitting:
            asked += 1
            recent.append(shown)
            if result.found is None and _shown_most(number, recent):
                result.found = asked
    result.found_by_rank = number in player.ranking(_usual(world.patterns, context))[:TOP]


def _shown_most(number: int, recent: deque[list[int]]) -> bool:
    """Whether it is among the three shown most often, in as many prompts as it takes to say so."""
    if len(recent) < RECENT:
        return False
    counts = Counter(one for shown in recent for one in shown)
    return sum(count > counts[number] for count in counts.values()) < TOP


def _usual(patterns: list[Truth], context: int) -> list[tuple[int, float]]:
    return [
        (number, truth.relevance[context])
        for number, truth in enumerate(patterns)
        if context in truth.relevance
    ]


def _drift(rng: Random, injections: int, result: Played) -> None:
    """The same changing world twice: with evidence that fades, and with evidence that does not."""
    start = rng.random()
    for factor in (FADE, 1.0):
        draw = Random(start)
        world, noted = make(draw), Played()
        player = Player(world)
        half = injections // 2
        for count in range(injections):
            if count == half:
                world.drift(draw, DRIFTING)
                noted = Played()
            if count % BATCH == 0 and factor < 1.0:
                player.decay(factor)
            next(_prompts(world, player, draw, 1, noted))
        if factor < 1.0:
            result.fading, result.drifting_random = noted.regret, noted.random
        else:
            result.remembering = noted.regret


def _equal_arms(rng: Random, trials: int) -> bool:
    """Whether an experiment between two equally good arms, looked at after every block, names a winner."""
    rate = rng.uniform(*EQUAL_RATE)
    outcomes = [Trial("ab"[number % 2], rng.random() < rate) for number in range(trials)]
    return winner(outcomes) is not None


def _summary(played: list[Played], injections: int, seed: int) -> Simulated:
    intervals = [one for world in played for one in world.believed]
    drifting = [world for world in played if world.drifting_random > 0.0]
    drift_random = sum(world.drifting_random for world in drifting)
    regret, random = sum(world.regret for world in played), sum(world.random for world in played)
    found = [world.found for world in played if world.found is not None]
    good = [believed for believed, rate in intervals if rate >= 0.7]
    return Simulated(
        worlds=len(played),
        injections=injections,
        seed=seed,
        coverage90=_share([one.low <= rate <= one.high for one, rate in intervals]) or 0.0,
        intervals=len(intervals),
        regret_ratio=regret / random if random > 0.0 else 0.0,
        regret=regret / len(played),
        regret_random=random / len(played),
        new_best_in_top3=len(found) / len(played),
        new_best_ranked_top3=sum(world.found_by_rank for world in played) / len(played),
        found_median=median([*found, *([float("inf")] * (len(played) - len(found)))])
        if 2 * len(found) > len(played)
        else None,
        false_winners=sum(world.false_winners for world in played) / (PAIRS * len(played)),
        drift_worlds=len(drifting),
        drift_regret_ratio=sum(world.fading for world in drifting) / drift_random if drifting else None,
        drift_regret_ratio_undecayed=sum(world.remembering for world in drifting) / drift_random
        if drifting
        else None,
        left_out_wrongly=_share([100.0 * one.high < 70.0 for one in good]),
    )


def _share(flags: list[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
