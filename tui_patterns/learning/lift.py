"""What injecting is worth: sessions with patterns against sessions that are held out.

The difference of two independent shares, with Newcombe's interval from Wilson
scores (Newcombe 1998, Statistics in Medicine 17, method 10).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

LEVEL = 0.90
LEAST = 10  # sessions with a known result in each arm before a lift is told


@dataclass(frozen=True, slots=True)
class Lift:
    """What injecting changes in sessions' success rate, as a difference of shares in −1..1.

    ``difference`` and its 90 % interval are ``None`` while there is not enough data.
    """

    treated: tuple[int, int]
    control: tuple[int, int]
    difference: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Whether both arms have enough sessions with a known result."""
        return self.difference is not None


def lift(treated: tuple[int, int], control: tuple[int, int]) -> Lift:
    """From (sessions, successes) of each arm. Raises ValueError for impossible counts."""
    for seen, good in (treated, control):
        if not 0 <= good <= seen:
            raise ValueError(f"{good} successes of {seen} sessions")
    if min(treated[0], control[0]) < LEAST:
        return Lift(treated, control)
    rate, low, high = wilson(*treated)
    base, base_low, base_high = wilson(*control)
    difference = rate - base
    return Lift(
        treated,
        control,
        difference,
        difference - sqrt((rate - low) ** 2 + (base_high - base) ** 2),
        difference + sqrt((high - rate) ** 2 + (base - base_low) ** 2),
    )


def wilson(seen: int, good: int, level: float = LEVEL) -> tuple[float, float, float]:
    """A share with its score interval (Wilson 1927, JASA 22)."""
    z = NormalDist().inv_cdf((1.0 + level) / 2.0)
    rate, square = good / seen, z * z
    centre = (rate + square / (2 * seen)) / (1.0 + square / seen)
    half = z * sqrt(rate * (1.0 - rate) / seen + square / (4 * seen * seen)) / (1.0 + square / seen)
    return rate, min(centre - half, rate), max(centre + half, rate)
