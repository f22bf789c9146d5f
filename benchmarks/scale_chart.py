"""The chart of the README: how search times grow with the library, drawn from measured figures alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.scale_growth import NAMES, Size

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 46, 48
COLOURS = {"lexical": "#2f81f7", "hybrid": "#8957e5", "filtered": "#bf8700", "vector": "#2da44e"}
TITLES = {**NAMES, "vector": "vectors alone (median)"}
GREY = "#848d97"  # legible on light and dark pages


def draw(sizes: Sequence[Size]) -> str:
    """An SVG with one line a kind of question: milliseconds over patterns, both axes logarithmic."""
    if len(sizes) < 2:
        raise ValueError("a line needs two sizes or more")
    lines = {kind: [(float(one.vectors), _value(one, kind)) for one in sizes] for kind in COLOURS}
    low, high = _decades([ms for line in lines.values() for _, ms in line])
    scale = _Scale(sizes[0].vectors, sizes[-1].vectors, low, high)
    parts = [_text(LEFT, 24, "Warm search, p95 in milliseconds, by patterns stored", size=15)]
    parts += [_rung(scale, 10.0**step) for step in range(round(math.log10(low)), round(math.log10(high)) + 1)]
    parts += [_text(scale.x(one.vectors), HEIGHT - 18, f"{one.vectors:,}", anchor="middle") for one in sizes]
    ends = _apart({kind: scale.y(line[-1][1]) for kind, line in lines.items()})
    parts += [_line(scale, kind, line, ends[kind]) for kind, line in lines.items()]
    body = "\n".join(parts)
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
    label = 'role="img" aria-label="Search times by size of the library"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {label}>\n{body}\n</svg>\n'


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


def _value(one: Size, kind: str) -> float:
    return one.ms(kind, 0.5 if kind == "vector" else 0.95)


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
            + _text(WIDTH - RIGHT + 10, name_at + 4, TITLES[kind], fill=COLOURS[kind]))  # fmt: skip


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", fill: str = GREY) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{text}</text>'
    )
