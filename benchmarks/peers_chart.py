"""The chart of the README: each program's time to index, time to answer, and answers, as measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.figures import amount
from benchmarks.peers_table import Row, every, questions
from benchmarks.rivals.base import Taken

WIDTH, NAMES, PANEL, GAP = 880, 170, 190, 36
TOP, STEP, BAR = 66, 30, 16
OURS, OTHERS = "#2f81f7", "#8c959f"
GREY = "#848d97"  # legible on light and dark pages
SHORTEST = 3.0  # pixels: what is drawn of the least


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: a value a row, ``None`` where there is none; on a logarithmic scale, or from 0 to 1."""

    title: str
    unit: str
    values: Sequence[float | None]
    gaps: Sequence[str]  # what is said where there is no value
    logarithmic: bool = True

    def lengths(self) -> list[float | None]:
        """Shares of the panel's width, 0 to 1."""
        if not self.logarithmic:
            return list(self.values)
        known = [value for value in self.values if value]
        low = math.floor(math.log10(min(known, default=1.0)))
        high = max(math.ceil(math.log10(max(known, default=1.0))), low + 1)
        return [None if not one else (math.log10(one) - low) / (high - low) for one in self.values]


def draw(rows: Sequence[Row]) -> str:
    """An SVG of three panels, one bar a program, ours first. Seconds are of the processor."""
    shown = [row for row in rows if not row.failed]
    dashes = ["–"] * len(shown)
    counts = questions(shown)
    panels = [
        Panel(
            "first index, found by meaning", "s", [_cpu(row.meaning) for row in shown], list(map(_gap, shown))
        ),
        Panel("one question, cold process", "s", [_cpu(row.question) for row in shown], dashes),
    ]
    if any(row.scores for row in shown):
        panels.append(
            Panel(
                "right answers, NDCG@10",
                "",
                [_answers(row, counts) for row in shown],
                [_partly(row) for row in shown],
                False,
            )
        )
    height = TOP + STEP * len(shown) + 8
    parts = [
        _text(0, 18, "Beside other programs: seconds of processor time (logarithmic), and answers", size=15)
    ]
    parts += [_name(row, at, own=at == 0) for at, row in enumerate(shown)]
    for number, panel in enumerate(panels):
        parts += _panel(panel, NAMES + number * (PANEL + GAP))
    size = f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif"'
    label = 'role="img" aria-label="Time to index, time to answer and answers of several programs"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>\n' + "\n".join(parts) + "\n</svg>\n"


def _gap(row: Row) -> str:
    return "stopped before its end" if row.built.unfinished else "no index"


def _cpu(taken: Taken | None) -> float | None:
    return taken.cpu if taken else None


def _answers(row: Row, counts: Mapping[str, int]) -> float | None:
    """The mean over all questions; ``None`` for a program that did not answer all."""
    scores = every(row)
    return sum(scores) / len(scores) if scores and row.scores.keys() == counts.keys() else None


def _partly(row: Row) -> str:
    """What is said of a program that did not answer all."""
    scores = every(row)
    return f"{sum(scores) / len(scores):.2f}, {' and '.join(row.scores)} alone" if scores else "no answers"


def _panel(panel: Panel, left: float) -> list[str]:
    parts = [_text(left, TOP - 16, panel.title, size=12)]
    for at, (value, length) in enumerate(zip(panel.values, panel.lengths(), strict=True)):
        y = TOP + at * STEP
        if value is None or length is None:
            parts.append(_text(left, y + 13, panel.gaps[at]))
            continue
        wide = max(SHORTEST, length * (PANEL - 50))
        fill = OURS if at == 0 else OTHERS
        said = amount(value, panel.unit) if panel.unit else f"{value:.2f}"
        parts.append(f'<rect x="{left:.1f}" y="{y}" width="{wide:.1f}" height="{BAR}" rx="2" fill="{fill}"/>')
        parts.append(_text(left + wide + 6, y + 13, said))
    return parts


def _name(row: Row, at: int, *, own: bool) -> str:
    return _text(NAMES - 14, TOP + at * STEP + 13, row.name, anchor="end", fill=OURS if own else GREY)


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", fill: str = GREY) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} fill="{fill}">{escape(text)}</text>'
