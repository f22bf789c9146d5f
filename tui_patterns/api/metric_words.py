"""Figures in words: values with their intervals, histories as a line of bars, and all of it as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tui_patterns.api.metrics import Measured
from tui_patterns.learning.figures import Figure, points

UNKNOWN, TOO_LITTLE = "unknown", "not enough data"
_LEVELS = "▁▂▃▄▅▆▇█"
_COMPARED = frozenset({"calls", "lift"})  # unknown until there is enough on both sides


def figure_value(figure: Figure) -> str:
    """``302``, ``73 % (51–89)``, ``+12 pp (+2 to +22)``, ``4.2 min``; or that it is not known."""
    if figure.value is None:
        return TOO_LITTLE if figure.key in _COMPARED else UNKNOWN
    return unit_value(figure, figure.value) + _interval(figure)


def unit_value(figure: Figure, value: float) -> str:
    """A number in the unit of the figure."""
    if figure.unit == "count":
        return f"{round(value):,}"
    if figure.unit == "points":
        return f"{points(value)} pp"
    if figure.unit == "seconds":
        return seconds(value)
    return f"{round(100 * value)} %"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    if figure.unit == "points":
        return f" ({points(figure.low)} to {points(figure.high)})"
    return f" ({round(100 * figure.low)}–{round(100 * figure.high)})"


def seconds(value: float) -> str:
    """``42 s``, ``4.2 min``, ``1.5 h``."""
    if value < 60:
        return f"{value:.0f} s"
    return f"{value / 60:.1f} min" if value < 3600 else f"{value / 3600:.1f} h"


def figure_basis(figure: Figure) -> str:
    """``n 12 uses with a known outcome``."""
    return f"n {figure.n:,} {figure.of}"


def sparkline(series: Sequence[float | None], width: int) -> str:
    """A bar a cell, oldest first, from the least to the most of the series; blank where nothing is known.

    What does not fit in ``width`` cells is drawn together. Empty without any known value.
    """
    known = [value for value in series if value is not None]
    if not known or width < 1:
        return ""
    low, high = min(known), max(known)
    low = min(0.0, low)
    return "".join(" " if one is None else _bar(one, low, high) for one in fitted(series, width))


def _bar(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.0
    return _LEVELS[round(share * (len(_LEVELS) - 1))]


def fitted(series: Sequence[float | None], width: int) -> list[float | None]:
    """At most ``width`` values: neighbours as their mean."""
    size = min(len(series), width)
    parts = [series[at * len(series) // size : (at + 1) * len(series) // size] for at in range(size)]
    told = [[value for value in part if value is not None] for part in parts]
    return [sum(part) / len(part) if part else None for part in told]


def measured_json(measured: Measured) -> dict[str, Any]:
    """As ``metrics --json`` prints it; what is not known is null."""
    return {
        "days": measured.days,
        "from": measured.start,
        "to": measured.end,
        "figures": [asdict(figure) for figure in measured.figures],
    }
