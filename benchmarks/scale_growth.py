"""How quick a warm search is in libraries of 10,000 to 100,000 patterns, and how large these are on disk."""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import Figure, amount
from benchmarks.large import large_folder, run_warm
from benchmarks.library import copy_of
from benchmarks.places import tell
from benchmarks.scale_record import MB, Record, Size

LARGE = 100_000
MILLION = 1_000_000
TARGETS_MS = {"lexical": 30.0, "hybrid": 60.0, "filtered": 90.0}
NAMES = {"lexical": "by words", "hybrid": "by words and meaning", "filtered": "the same with a filter"}


def measure(work: Path, sizes: Sequence[int], record: Record) -> None:
    """Ask a copy of the library of each size; what ``record`` has is not asked again."""
    have = {round(one.vectors, -3) for one in record.sizes}
    for size in sizes:
        source = large_folder(size)
        data = copy_of(source, work / str(size))
        one = _asked(data)
        if round(one.vectors, -3) not in have:
            record.add(size=one)
        told = (f"{kind} {one.ms(kind):.0f} ms ({one.work_ms(kind):.0f} of work)" for kind in one.asked)
        tell(f"{one.vectors:,} patterns: {', '.join(told)}")
        shutil.rmtree(data)
    record.add(figures(record.sizes))


def _asked(data: Path) -> Size:
    patterns = run_warm("count", data)["patterns"]
    asked = run_warm("ask", data)
    return Size(
        vectors=patterns,
        asked={kind: asked[kind] for kind in ("vector", "lexical", "hybrid", "filtered")},
        opening=asked["opening"],
        memory=asked["memory"],
        database=_bytes(data / "patterns.db"),
        chroma=sum(map(_bytes, (data / "chroma").rglob("*"))),
    )


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def figures(found: Sequence[Size]) -> list[Figure]:
    """Against the targets, which are for 100,000 patterns: judged only where so many were there."""
    large = next((one for one in found if one.vectors >= LARGE), found[-1])
    judged = large.vectors >= LARGE
    return [*(_search(large, kind, judged) for kind in TARGETS_MS), _disk(found[0])]


def _search(large: Size, kind: str, judged: bool) -> Figure:
    how = (
        f"p95 of {len(large.asked[kind])} questions to {large.vectors:,} patterns, 50 rows, the question's "
        f"embedding included; half of all below {large.ms(kind, 0.5):.0f} ms; of processor time p95 "
        f"{large.work_ms(kind):.0f} ms"
    )
    target = TARGETS_MS[kind] if judged else None
    return Figure(f"warm search, {NAMES[kind]}", large.ms(kind), "ms", target, how)


def _disk(one: Size) -> Figure:
    """Of the smallest size, where everything was really indexed."""
    how = f"SQLite {one.database / MB:,.0f} MB, Chroma {one.chroma / MB:,.0f} MB, {one.vectors:,} patterns"
    value = (one.database + one.chroma) / MB / one.vectors * 1000
    return Figure("disk per 1,000 patterns, all stores", value, "MB", 8.0, how)


HEADINGS = ("patterns", "opening", "vectors alone, median", "by words, p95", "hybrid, p95", "filtered, p95",
            "hybrid, p95 of work", "memory", "database", "Chroma")  # fmt: skip
UNITS = ("s", "ms", "ms", "ms", "ms", "ms", "MB", "MB", "MB")


def table(found: Sequence[Size]) -> str:
    """What was measured at each size, and what a power law through it says of a million."""
    return extrapolated(HEADINGS, UNITS, [one.vectors for one in found], list(map(_columns, found)))


def _columns(one: Size) -> list[float]:
    return [one.opening, one.ms("vector", 0.5), one.ms("lexical"), one.ms("hybrid"), one.ms("filtered"),
            one.work_ms("hybrid"), one.memory / MB, one.database / MB, one.chroma / MB]  # fmt: skip


def extrapolated(
    headings: Sequence[str], units: Sequence[str], sizes: Sequence[int], rows: Sequence[Sequence[float]]
) -> str:
    """A table with a row a size; from three sizes on, with a last one for a million (not of mere shares)."""
    lines = [f"| {' | '.join(headings)} |", f"|{' ---: |' * len(headings)}"]
    lines += [_row(f"{size:,}", values, units) for size, values in zip(sizes, rows, strict=True)]
    if len(sizes) > 2:
        columns = zip(*rows, strict=True)
        told = [
            power_law(sizes, one, MILLION) if unit else None for unit, one in zip(units, columns, strict=True)
        ]
        lines.append(_row("*1,000,000, extrapolated*", told, units))
    return "\n".join(lines)


def _row(name: str, values: Sequence[float | None], units: Sequence[str]) -> str:
    pairs = zip(values, units, strict=True)
    cells = ["" if value is None else amount(value, unit) for value, unit in pairs]
    return f"| {name} | {' | '.join(cells)} |"


def power_law(sizes: Sequence[float], values: Sequence[float], at: float) -> float:
    """The least-squares line through the logarithms of both, at the size ``at``; needs two sizes or more."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((one - x) ** 2 for one in xs)
    if spread <= 0.0:
        raise ValueError("growth is seen from two sizes on")
    slope = sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True)) / spread
    return math.exp(y + slope * (math.log(at) - x))
