"""Which patterns go into a prompt, under a token budget that is never exceeded.

What the user picked comes first, then what an experiment assigned. Then, of the hits at or above the least
relevance that are neither broken, retired nor surely unsuccessful, the best by ``relevance × (1 + ⅘ lower
end of the success rate's interval)``: a long record adds up to four fifths of what
relevance says, and cannot bury a much better match. A pattern never tried takes part,
but seldom beats a proven one; therefore half of the places, rounded up, go to
Thompson draws (Thompson 1933, Biometrika 25; for several places Komiyama, Honda &
Nakagawa 2015, ICML): each of the best remaining ones
wins with the chance that ``relevance × a draw from its posterior`` is the
largest, and with 1 % at least. That chance is estimated first and the place is
drawn from it, so the propensity on record is the one that was used, given the
places before it. A proven pattern's draws are close to its rate: it keeps its place
unless something may well be better. (`patterns-tui simulate` is how both numbers were found.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Protocol

from tui_patterns.models import Enhanced, Hit, Interval
from tui_patterns.prompts.alike import ALIKE
from tui_patterns.prompts.conflicts import conflicts
from tui_patterns.prompts.render import Pick, inline, render, section, strip_injected
from tui_patterns.prompts.tray import Tray

if TYPE_CHECKING:
    from tui_patterns.settings import Settings

RECORD = 0.8  # the most that a record adds to relevance, as a share of it
EXPLORED = 20
LEAST_CHANCE = 0.01
ROUNDS = 200


class Belief(Protocol):
    """What choosing asks about success rates; the module learning/confidence.py answers it."""

    def left_out(self, interval: Interval, min_success_rate_percent: float) -> bool:
        """Whether the rate surely lies below the threshold."""

    def rank_value(self, interval: Interval) -> float:
        """What ranks, 0..1."""

    def thompson(self, interval: Interval, rng: Random, strength: float) -> float:
        """One draw of the rate, 0..1."""


class Shelf(Protocol):
    """Where the chosen are put: a ``Tray``, or places that need no text."""

    @property
    def picks(self) -> Sized:
        """What was put in so far."""

    def takes(self, hit: Hit) -> bool:
        """Whether ``add`` would take it."""

    def add(self, hit: Hit, *, propensity: float = 1.0) -> bool:
        """Put it in; False when it is not new or does not fit."""


class Plan(Protocol):
    """What else decides about an automatic injection."""

    def assign(self, shelf: Shelf, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Put in what an experiment assigns; the hits that are left to choose from."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a choice; relevance and similarity in 0..1, ``min_success_rate`` in percent.

    Without ``learn``, relevance alone decides: no record counts and nothing is explored.
    ``rounds`` draws estimate the chances of exploration; their number changes how closely a
    chance is known, not what is chosen how often.
    """

    max_patterns: int = 3
    min_relevance: float = 0.6
    min_success_rate: float = 70.0
    budget_tokens: int = 2000
    max_similarity: float = ALIKE
    learn: bool = True
    explore: bool = True
    prior_strength: float = 4.0
    rounds: int = ROUNDS


def limits_from(settings: Settings, budget_tokens: int | None = None) -> Limits:
    """The limits as configured; ``budget_tokens`` overrides the configured budget."""
    injection = settings.injection
    return Limits(
        max_patterns=injection.max_patterns,
        min_relevance=settings.search.min_relevance,
        min_success_rate=injection.min_success_rate,
        budget_tokens=injection.budget_tokens if budget_tokens is None else budget_tokens,
        max_similarity=settings.extraction.max_similarity,
        learn=settings.learning.enabled,
        explore=injection.exploration and settings.learning.enabled,
        prior_strength=settings.learning.prior_strength,
    )


def choose(
    hits: Sequence[Hit],
    *,
    limits: Limits,
    belief: Belief,
    rng: Random,
    picked: Sequence[Hit] = (),
    injection_id: str = "",
    plan: Plan | None = None,
) -> tuple[Pick, ...]:
    """The picks in the order shown, ranks from 1.

    ``picked`` are the user's own: first, whatever their relevance or record, even beyond
    ``max_patterns``; only the budget can keep them out, and a covering test that failed.
    ``count_tokens(section(picks, injection_id)) <= limits.budget_tokens``, or there are no picks.
    """
    tray = Tray(limits.budget_tokens, injection_id or "0" * 36, limits.max_similarity)
    return _choose(tray, hits, limits, belief, rng, picked, plan)


def _choose(
    tray: Tray,
    hits: Sequence[Hit],
    limits: Limits,
    belief: Belief,
    rng: Random,
    picked: Sequence[Hit],
    plan: Plan | None,
) -> tuple[Pick, ...]:
    for hit in picked:
        if not hit.pattern.tests.broken:
            tray.add(hit, manual=True)
    if plan is not None and len(tray.picks) < limits.max_patterns:
        hits = plan.assign(tray, ranked(hits, limits, belief))
    fill(tray, hits, limits, belief, rng)
    return tray.settled()


def fill(shelf: Shelf, hits: Iterable[Hit], limits: Limits, belief: Belief, rng: Random) -> None:
    """Give the places that are left: the best by rank, then those to explore."""
    ordered = ranked(hits, limits, belief)
    places = max(limits.max_patterns - len(shelf.picks), 0)
    explored = (places + 1) // 2 if limits.explore else 0
    end = len(shelf.picks) + places - explored
    for hit in ordered:
        if len(shelf.picks) >= end:
            break
        shelf.add(hit)
    for _ in range(explored):
        _explore(shelf, ordered, limits, belief, rng)


def build(
    prompt: str,
    task: str,
    hits: Sequence[Hit],
    *,
    limits: Limits,
    belief: Belief,
    rng: Random,
    injection_id: str,
    picked: Sequence[Hit] = (),
    plan: Plan | None = None,
    avoid: Sequence[str] = (),
) -> Enhanced:
    """The prompt with its patterns; ``tokens`` are those of the section alone.

    An empty prompt stands for the task itself. ``avoid`` are lines (made harmless) on what not to do,
    which count in the budget and may be all that goes in. With nothing to put in, the prompt comes
    back unchanged to the byte, ``injection_id`` is None and ``reason`` says why.
    """
    tray = Tray(limits.budget_tokens, injection_id, limits.max_similarity, avoid)
    picks = _choose(tray, hits, limits, belief, rng, picked, plan)
    if not picks and not tray.avoid:
        reason = _why_nothing(hits, limits, belief, picked)
        return Enhanced(prompt=prompt, tokens=0, budget=limits.budget_tokens, reason=reason)
    return Enhanced(
        prompt=render(strip_injected(prompt) or task, picks, injection_id, tray.avoid),
        tokens=Tray.measure(section(picks, injection_id, tray.avoid)),
        budget=limits.budget_tokens,
        chosen=picks,
        injection_id=injection_id,
        reason=_left_behind(picked, picks, limits),
        warnings=tuple(found.words for found in conflicts([pick.hit.pattern for pick in picks])),
    )


def ranked(hits: Iterable[Hit], limits: Limits, belief: Belief) -> list[Hit]:
    """The hits that may go in, best first."""
    fit = [
        hit
        for hit in hits
        if hit.relevance >= limits.min_relevance
        and not hit.pattern.gone
        and not hit.pattern.tests.broken
        and hit.pattern.retired is None
        and not (limits.learn and belief.left_out(hit.pattern.confidence, limits.min_success_rate))
    ]
    if not limits.learn:
        return sorted(fit, key=lambda hit: -hit.relevance)
    # A stable sort: equals stay as the search ordered them.
    return sorted(
        fit, key=lambda hit: -hit.relevance * (1.0 + RECORD * belief.rank_value(hit.pattern.confidence))
    )


def _explore(shelf: Shelf, ordered: Sequence[Hit], limits: Limits, belief: Belief, rng: Random) -> None:
    arms: list[Hit] = []
    for hit in ordered:
        if len(arms) < EXPLORED and shelf.takes(hit):
            arms.append(hit)
    if not arms:
        return
    chances = _chances(arms, belief, rng, limits)
    drawn = rng.choices(range(len(arms)), weights=chances)[0]
    shelf.add(arms[drawn], propensity=chances[drawn])


def _chances(arms: Sequence[Hit], belief: Belief, rng: Random, limits: Limits) -> list[float]:
    """For each arm the chance to be drawn; they sum to 1."""
    if len(arms) == 1:
        return [1.0]
    wins = [0] * len(arms)
    strength = limits.prior_strength
    for _ in range(limits.rounds):
        draws = [arm.relevance * belief.thompson(arm.pattern.confidence, rng, strength) for arm in arms]
        wins[draws.index(max(draws))] += 1
    shared = 1.0 - LEAST_CHANCE * len(arms)
    return [LEAST_CHANCE + shared * won / limits.rounds for won in wins]


def _why_nothing(hits: Sequence[Hit], limits: Limits, belief: Belief, picked: Sequence[Hit]) -> str:
    if limits.max_patterns == 0 and not picked:
        return "injection.max_patterns is 0"
    broken = broken_reason(picked)
    if broken is not None and not ranked(hits, limits, belief):
        return broken
    if picked or ranked(hits, limits, belief):
        return f"no pattern fits into {limits.budget_tokens} tokens; raise the budget"
    if not hits:
        return "no pattern matches the task"
    relevant = [hit for hit in hits if hit.relevance >= limits.min_relevance]
    if not relevant:
        return f"no pattern reaches a relevance of {round(100 * limits.min_relevance)} %"
    if all(hit.pattern.gone for hit in relevant):
        return "the code of every relevant pattern is gone"
    if (broken := broken_reason(relevant)) is not None:
        return broken
    if all(hit.pattern.retired is not None for hit in relevant):
        return "every relevant pattern is retired: `patterns-tui retired` lists them"
    return f"every relevant pattern's success rate lies surely below {limits.min_success_rate:g} %"


def broken_reason(hits: Iterable[Hit]) -> str | None:
    """Which of these are left out since a test that covers them failed; ``None`` if none is."""
    broken = [hit.pattern for hit in hits if hit.pattern.tests.broken]
    if not broken:
        return None
    said = (f"{inline(one.name, 80)} ({inline(one.tests.failing[0], 120)})" for one in broken[:3])
    return f"left out, their last known test failed: {', '.join(said)}"


def _left_behind(picked: Sequence[Hit], picks: Sequence[Pick], limits: Limits) -> str | None:
    shown = {pick.hit.pattern.id for pick in picks}
    rest = [hit for hit in picked if hit.pattern.id not in shown]
    names = [inline(hit.pattern.name, 80) for hit in rest if not hit.pattern.tests.broken]
    reasons = [broken_reason(rest)]
    if names:
        reasons.append(f"picked, but no room within {limits.budget_tokens} tokens: {', '.join(names)}")
    return "; ".join(reason for reason in reasons if reason) or None
