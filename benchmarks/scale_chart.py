"""The chart of the README: how search times grow with the library, drawn from measured figures alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.scale_growth import NAMES
from benchmarks.scale_record import Collection, Size

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 70, 200, 46, 48
LINES = ("filtered", "hybrid", "lexical", "vector")
COLOURS = {"lexical": "#2f81f7", "hybrid": "#8957e5", "filtered": "#bf8700", "vector": "#2da44e"}
TITLES = {**NAMES, "vector": "Chroma alone (median)"}
GREY = "#848d97"  # legible on light and dark pages
Line = list[tuple[float, float]]
"""(patterns or vectors, milliseconds), by size."""


def draw(sizes: Sequence[Size], collections: Sequence[Collection] = ()) -> str:
    """An SVG with one line a kind of question: milliseconds over patterns, both axes logarithmic."""
    if len(sizes) < 2:
        raise ValueError("a line needs two sizes or more")
    lines = {kind: line for kind in LINES if len(line := _measured(kind, sizes, collections)) > 1}
    places = sorted({size for line in lines.values() for size, _ in line})
    low, high = _decades([ms for line in lines.values() for _, ms in line])
    scale = _Scale(places[0], places[-1], low, high)
    parts = [_text(LEFT, 24, "Warm search, p95 in milliseconds, by patterns stored", size=15)]
    parts += [_rung(scale, 10.0**step) for step in range(round(math.log10(low)), round(math.log10(high)) + 1)]
    parts += [
        _text(scale.x(size), HEIGHT - 18, f"{size:,.0f}", anchor="middle") for size in _legible(places, scale)
    ]
    ends = _apart({kind: scale.y(line[-1][1]) for kind, line in lines.items()})
    parts += [_line(scale, kind, line, ends[kind]) for kind, line in lines.items()]
    body = "\n".join(parts)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
    label = 'role="img" aria-label="Search times by size of the library"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>\n{body}\n</svg>\n'


def _measured(kind: str, sizes: Sequence[Size], collections: Sequence[Collection]) -> Line:
    if kind == "vector":
        return [(float(one.vectors), one.ms(0.5)) for one in collections]
    return [(float(one.vectors), one.ms(kind)) for one in sizes]


def _legible(places: Sequence[float], scale: _Scale, least: float = 64.0) -> list[float]:
    """Of sizes that stand close together, the first: numbers must not run into each other."""
    kept: list[float] = []
    for one in places:
        if not kept or scale.x(one) - scale.x(kept[-1]) >= least:
            kept.append(one)
    return kept


class _Scale:
    """From values to places in the picture."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self._x = (math.log(left), math.log(right))
        self._y = (math.log(low), math.log(high))

    def x(self, value: float) -> float:
        low, high = self._x
        return LEFT + (math.log(value) - low) / max(high - low, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high = self._y
        return HEIGHT - BOTTOM - (math.log(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)


def _decades(values: Sequence[float]) -> tuple[float, float]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0 ** max(high, low + 1)


def _apart(places: dict[str, float], least: float = 15.0) -> dict[str, float]:
    """Names beside the ends of their lines, moved down where they would cover each other."""
    found: dict[str, float] = {}
    last = -least
    for kind in sorted(places, key=lambda kind: places[kind]):
        found[kind] = last = max(places[kind], last + least)
    return found


def _rung(scale: _Scale, value: float) -> str:
    y = scale.y(value)
    ends = f'x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
    line = f'<line {ends} stroke="{GREY}" stroke-opacity="0.35"/>'
    return line + _text(LEFT - 8, y + 4, f"{value:g} ms", anchor="end")


def _line(scale: _Scale, kind: str, line: Sequence[tuple[float, float]], name_at: float) -> str:
    points = [(scale.x(size), scale.y(ms)) for size, ms in line]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[kind]}"/>' for x, y in points)
    return (f'<polyline points="{path}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>{dots}'
            + _text(points[-1][0] + 10, name_at + 4, TITLES[kind], fill=COLOURS[kind]))  # fmt: skip


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", fill: str = GREY) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{text}</text>'
    )
