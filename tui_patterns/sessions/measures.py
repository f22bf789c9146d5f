"""The figures by which sessions are compared and followed: rates and means, each over its own cases.

Means are over tasks: turns with work where there are any, else turns. Where tasks
are counted by a list, a session has one mean and no cases to tell its spread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui_patterns.sessions.analysed import LISTED, Analysis
from tui_patterns.sessions.statistics import Difference, means, rates
from tui_patterns.sessions.turns import Turn

TREND_HALF = 5  # sessions on each side of a trend


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: its unit, whether more is better, and how a session gives it (one number, or ``None``)."""

    key: str
    title: str
    unit: str
    up: bool | None
    of_session: Callable[[Analysis], float | None]


def _share(pair: tuple[int, int]) -> float | None:
    return pair[0] / pair[1] if pair[1] else None


def _calls_per_completed(one: Analysis) -> float | None:
    """Requests to the model by completed task; unknown where nothing is known to be completed."""
    done = one.completion.tasks[0] or one.completion.outcomes[0]
    return one.calls / done if done else None


def _tokens_of(one: Analysis) -> float | None:
    """Unknown where the transcript tells of no request."""
    return float(one.tokens.total) if one.calls else None


def _cost_of(one: Analysis) -> float | None:
    return one.cost.usd if one.calls else None


MEASURES: tuple[Measure, ...] = (
    Measure("completion", "completion", "%", True, lambda one: one.completion.value),
    Measure("first_attempt", "first attempt succeeded", "%", True, lambda one: _share(one.first_attempt)),
    Measure("error_rate", "tool calls that failed", "%", False, lambda one: _share(one.errors)),
    Measure("coverage", "test coverage", "%", True, lambda one: one.tests.coverage),
    Measure("calls_per_completed_task", "LLM calls per completed task", "", False, _calls_per_completed),
    Measure("seconds_per_task", "time per task", "s", False, lambda one: one.per_task(one.active_s)),
    Measure("tokens_per_task", "tokens per task", "", False, lambda one: one.per_task(_tokens_of(one))),
    Measure("cost_per_task", "cost per task", "$", False, lambda one: one.per_task(_cost_of(one))),
    Measure("attempts_per_task", "attempts per task", "", False, lambda one: one.attempts_per_task),
    Measure("context_average", "average context", "tokens", None, lambda one: one.context.average),
    Measure("compactions", "compactions", "", False, lambda one: float(one.context.compactions)),
    Measure("tokens", "total tokens", "", False, _tokens_of),
    Measure("cost_usd", "cost", "$", False, _cost_of),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
_OF_TURN: dict[str, Callable[[Turn], float | None]] = {
    "seconds_per_task": lambda turn: turn.seconds,
    "tokens_per_task": lambda turn: float(turn.tokens),
    "cost_per_task": lambda turn: turn.cost_usd,
    "attempts_per_task": lambda turn: float(len(turn.runs)) if turn.runs else None,
}
_PAIRS: dict[str, Callable[[Analysis], tuple[int, int]]] = {
    "first_attempt": lambda one: one.first_attempt,
    "error_rate": lambda one: one.errors,
}


def compare(a: Analysis, b: Analysis) -> dict[str, Difference]:
    """B against A, figure by figure; an interval where both have cases enough."""
    return {measure.key: _difference(measure, a, b) for measure in MEASURES}


def _difference(measure: Measure, a: Analysis, b: Analysis) -> Difference:
    if measure.key in _PAIRS:
        pair = _PAIRS[measure.key]
        return rates(*pair(a), *pair(b))
    if measure.key == "completion" and a.completion.basis == b.completion.basis is not None:
        return rates(*_completed(a), *_completed(b))
    if measure.key in _OF_TURN and LISTED not in (a.per, b.per):
        return means(_cases(measure.key, a), _cases(measure.key, b))
    one, other = measure.of_session(a), measure.of_session(b)
    delta = None if one is None or other is None else other - one
    return Difference(one, other, delta, None, None, int(one is not None), int(other is not None))


def _completed(one: Analysis) -> tuple[int, int]:
    return one.completion.outcomes if one.completion.basis == "outcomes" else one.completion.tasks


def _cases(key: str, one: Analysis) -> list[float]:
    chosen = [turn for turn in one.turns if turn.work] or list(one.turns)
    return [value for turn in chosen if (value := _OF_TURN[key](turn)) is not None]


def trend(found: Sequence[Analysis]) -> dict[str, Difference]:
    """The later half of these sessions (oldest first) against the earlier, by session.

    Fewer than ``TREND_HALF`` on a side that tell a figure: both sides are
    given, but no difference.
    """
    middle = len(found) // 2
    result = {}
    for measure in MEASURES:
        early, late = (_told(measure, part) for part in (found[:middle], found[middle:]))
        compared = means(early, late)
        enough = min(len(early), len(late)) >= TREND_HALF
        result[measure.key] = compared if enough else compared._replace(delta=None, low=None, high=None)
    return result


def _told(measure: Measure, part: Sequence[Analysis]) -> list[float]:
    return [value for one in part if (value := measure.of_session(one)) is not None]
