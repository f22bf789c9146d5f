"""Differences with their uncertainty, from few and skewed numbers.

Rates: Newcombe's hybrid score interval (Newcombe 1998, Statistics in Medicine
17:873, method 10, without continuity correction), from two Wilson intervals.
Means: percentile bootstrap of the difference, 2,000 resamples with a fixed
seed (Efron & Tibshirani 1993, chapter 13). Both at 90 %. With fewer than
``MIN_RATE`` or ``MIN_MEAN`` cases on a side there is no interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from random import Random
from typing import NamedTuple

LEVEL = 0.90
MIN_RATE, MIN_MEAN = 5, 8
RESAMPLES, SEED = 2_000, 20_260_101
MAX_CASES = 2_000  # of each side that are resampled; more narrow an interval beyond any use
_Z = 1.6448536269514722  # the normal distribution's 95 % quantile


class Difference(NamedTuple):
    """B minus A; ``low`` and ``high`` are ``None`` where there is not enough data."""

    a: float | None
    b: float | None
    delta: float | None
    low: float | None
    high: float | None
    n_a: int
    n_b: int


def wilson(good: int, n: int) -> tuple[float, float]:
    """Wilson's score interval of a rate. Raises ValueError unless 0 <= good <= n and n > 0."""
    if not 0 <= good <= n or n == 0:
        raise ValueError(f"{good} of {n} is no rate")
    rate, spread = good / n, _Z * _Z / n
    middle = (rate + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * sqrt(rate * (1 - rate) / n + spread / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def rates(good_a: int, n_a: int, good_b: int, n_b: int) -> Difference:
    """The difference of two rates."""
    a, b = (good_a / n_a if n_a else None), (good_b / n_b if n_b else None)
    if a is None or b is None:
        return Difference(a, b, None, None, None, n_a, n_b)
    low = high = None
    if min(n_a, n_b) >= MIN_RATE:
        (low_a, high_a), (low_b, high_b) = wilson(good_a, n_a), wilson(good_b, n_b)
        low = max(-1.0, b - a - sqrt((b - low_b) ** 2 + (high_a - a) ** 2))
        high = min(1.0, b - a + sqrt((high_b - b) ** 2 + (a - low_a) ** 2))
    return Difference(a, b, b - a, low, high, n_a, n_b)


def means(of_a: Sequence[float], of_b: Sequence[float]) -> Difference:
    """The difference of two means."""
    a, b = _mean(of_a), _mean(of_b)
    if a is None or b is None:
        return Difference(a, b, None, None, None, len(of_a), len(of_b))
    low = high = None
    if min(len(of_a), len(of_b)) >= MIN_MEAN:
        low, high = _bootstrap(of_a[:MAX_CASES], of_b[:MAX_CASES])
    return Difference(a, b, b - a, low, high, len(of_a), len(of_b))


def _bootstrap(of_a: Sequence[float], of_b: Sequence[float]) -> tuple[float, float]:
    chance = Random(SEED)
    found = sorted(
        sum(chance.choices(of_b, k=len(of_b))) / len(of_b)
        - sum(chance.choices(of_a, k=len(of_a))) / len(of_a)
        for _ in range(RESAMPLES)
    )
    tail = round(RESAMPLES * (1 - LEVEL) / 2)
    return found[tail], found[-tail - 1]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
