"""Figures against their targets, and the table they are shown in. Pure: nothing is measured here."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("what", "figure", "target", "", "how")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. ``target`` is the most it may be; ``None``: only told, never judged."""

    what: str
    value: float
    unit: str
    target: float | None
    how: str

    @property
    def ok(self) -> bool | None:
        """Whether it is within its target, or ``None`` without one."""
        return None if self.target is None else self.value <= self.target

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        target = "" if self.target is None else f"≤ {amount(self.target, self.unit)}"
        verdict = {True: "ok", False: "**over**", None: ""}[self.ok]
        return self.what, amount(self.value, self.unit), target, verdict, self.how


def amount(value: float, unit: str) -> str:
    """``value`` with its unit, to about three digits: ``1.18 ×``, ``43 ms``, ``0.115 ×``."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}".rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the least value that ``share`` (0..1] of all do not exceed."""
    if not values:
        raise ValueError("no values, no percentile")
    if not 0.0 < share <= 1.0:
        raise ValueError(f"a percentile's share lies in (0, 1], not {share}")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def ratio(values: Sequence[float], yardstick: Sequence[float]) -> float:
    """Median of ``values`` by the median of ``yardstick``: noise of single runs drops out."""
    base = statistics.median(yardstick)
    if base <= 0:
        raise ValueError("a yardstick of no length measures nothing")
    return statistics.median(values) / base


def markdown(figures: Sequence[Figure]) -> str:
    """The table as GitHub shows it."""
    rows = [HEADINGS, ("---", "---:", "---:", "---", "---"), *(figure.cells() for figure in figures)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def plain(figures: Sequence[Figure]) -> str:
    """The table for a terminal, without what explains it."""
    rows = [figure.cells()[:4] for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{row[0]:{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3].strip('*')}".rstrip()
        for row in rows
    )
