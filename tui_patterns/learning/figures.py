"""Figures: a number with what it was counted from, its interval, its history, and what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal, get_args

from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.learning.worked import Worked
from tui_patterns.sessions.statistics import Difference

FigureKey = Literal[
    "patterns", "antipatterns", "success", "calls", "decisions", "size", "time", "reuse", "open", "lift"
]
Unit = Literal["count", "share", "points", "seconds"]
KEYS: tuple[FigureKey, ...] = get_args(FigureKey)
BUCKETS = 30
EVEN = Prior(0.5, strength=2.0)  # Laplace's: before anything is known, both are equally likely


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is ``None`` where it is unknown, and ``note`` says why; ``n`` counts ``of``.

    Shares lie in 0..1, points are differences of shares in −1..1, times are in seconds. ``low`` and
    ``high`` are a 90 % interval. ``series`` is the history from ``since`` on, oldest first, in equal
    pieces of time, ``None`` where nothing is known; ``more`` are further numbers, by name.
    """

    key: FigureKey
    title: str
    unit: Unit
    value: float | None
    n: int
    of: str
    low: float | None = None
    high: float | None = None
    note: str = ""
    series: tuple[float | None, ...] = ()
    since: float | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end`` in Unix seconds, in buckets of ``width`` seconds."""

    start: float
    end: float

    @property
    def width(self) -> float:
        """Never 0, so that a moment is one bucket."""
        return max((self.end - self.start) / BUCKETS, 1e-3)

    def bucket(self, at: float) -> int:
        """Where a moment belongs; what lies outside goes to the ends."""
        return min(max(int((at - self.start) / self.width), 0), BUCKETS - 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted: the period, since when an injection may be open, and the sessions' work."""

    period: Period
    expiry: float
    worked: Sequence[Worked] = ()
    whole: bool = False

    @property
    def since(self) -> float:
        """From when on things count; a ``whole`` period has no beginning."""
        return 0.0 if self.whole else self.period.start


def history(
    asked: Asked,
    moments: Iterable[tuple[float, float]],
    told: Callable[[Sequence[float]], float | None],
) -> dict[str, Any]:
    """(time, value) pairs as ``series`` and ``since`` of a Figure; ``told`` makes one of a bucket's values.

    Without a limit in time it begins with the first of the moments.
    """
    known = [(at, value) for at, value in moments if isfinite(at)]
    period = asked.period
    if asked.whole and known:
        period = Period(min(at for at, _ in known), period.end)
    parts: list[list[float]] = [[] for _ in range(BUCKETS)]
    for at, value in known:
        parts[period.bucket(at)].append(value)
    return {"series": tuple(told(part) for part in parts) if known else (), "since": period.start}


def mean(values: Sequence[float]) -> float | None:
    """``None`` of nothing."""
    return sum(values) / len(values) if values else None


def rate(good: float, bad: float) -> dict[str, Any]:
    """A share as the arguments of a Figure: the posterior's mean with its interval, unknown without n."""
    if good + bad <= 0:
        return {"value": None, "low": None, "high": None}
    found = posterior(good, bad, EVEN)
    return {"value": found.mean, "low": found.low, "high": found.high}


def change(found: Difference) -> dict[str, Any]:
    """A difference as further numbers: ``delta`` is ``None`` where there is not enough data."""
    known = found.low is not None
    return {
        "earlier": found.a,
        "later": found.b,
        "delta": found.delta if known else None,
        "low": found.low,
        "high": found.high,
        "n_earlier": found.n_a,
        "n_later": found.n_b,
    }


def trend(found: Difference) -> str:
    """A difference in words: rising, falling, or nothing that could not be chance."""
    if found.low is None or found.high is None or found.delta is None:
        return "trend: not enough data"
    way = "rising" if found.low > 0 else "falling" if found.high < 0 else "no clear trend"
    return f"{way}: {points(found.delta)} ({points(found.low)} to {points(found.high)}) against before"


def counted(count: int, noun: str) -> str:
    """``1 file``, ``1,204 files``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def points(share: float) -> str:
    """A difference of shares in percentage points: ``+12``."""
    return f"{round(100 * share):+d}" if round(100 * share) else "0"
