"""How time, memory and disk grow with the number of vectors, and how quick a warm search is at 100,000."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, amount, percentile
from benchmarks.grown import grow
from benchmarks.library import copy_of, library_folder
from benchmarks.measured import run
from benchmarks.places import tell
from tui_patterns.embedding.fingerprint import fingerprint
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.settings import Settings, cache_dir

LARGE = 100_000
TARGETS_MS = {"lexical": 30.0, "hybrid": 60.0, "filtered": 90.0}
NAMES = {"lexical": "by words", "hybrid": "by words and meaning", "filtered": "the same with a filter"}
MB = 1e6


@dataclass(frozen=True, slots=True)
class Size:
    """What was measured at one size: ``vectors``, each question by kind, and sizes in bytes.

    Of a question: the seconds that it took, and those that processors worked on it.
    """

    vectors: int
    asked: dict[str, list[tuple[float, float]]]
    opening: float
    memory: int
    added: int
    adding: float
    adding_cpu: float
    database: int
    chroma: int

    def ms(self, kind: str, share: float = 0.95) -> float:
        """A percentile of the time of one kind of question, in milliseconds."""
        return percentile([taken for taken, _ in self.asked[kind]], share) * 1000

    def work_ms(self, kind: str, share: float = 0.95) -> float:
        """The same of processor time, which other programs do not lengthen."""
        return percentile([worked for _, worked in self.asked[kind]], share) * 1000

    def per_thousand(self) -> float:
        """Seconds to bring a thousand vectors into Chroma at this size."""
        return self.adding / self.added * 1000


def measure(work: Path, sizes: Sequence[int]) -> tuple[list[Figure], list[Size]]:
    """Bring a library to each size in turn, and ask it."""
    data = copy_of(library_folder(), work / "grown")
    name = model_name()
    found: list[Size] = []
    for size in sizes:
        found.append(_at(data, size, name, found[-1].vectors if found else 0))
        one = found[-1]
        tell(f"{one.vectors:,} vectors: {', '.join(f'{kind} {one.ms(kind):.0f} ms' for kind in one.asked)}")
    return _figures(found), found


def model_name() -> str:
    """The fingerprint of the default model."""
    chosen = Settings().embedding
    return fingerprint(resolve_model(chosen.model), chosen.precision, chosen.max_tokens, cache_dir())


def _at(data: Path, size: int, name: str, before: int) -> Size:
    have = grow(data / "patterns.db", size, name)
    synced = _driver("sync", data)
    asked = _driver("ask", data)
    return Size(
        vectors=have,
        asked={kind: asked[kind] for kind in ("vector", "lexical", "hybrid", "filtered")},
        opening=asked["opening"],
        memory=asked["memory"],
        added=max(have - before, 1),
        adding=synced["seconds"],
        adding_cpu=synced["cpu"],
        database=_bytes(data / "patterns.db"),
        chroma=sum(map(_bytes, (data / "chroma").rglob("*"))),
    )


def _driver(mode: str, data: Path) -> dict[str, Any]:
    said = run([sys.executable, "-m", "benchmarks.drivers.warm", mode, str(data)]).out
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _figures(found: Sequence[Size]) -> list[Figure]:
    """Against the targets, which are for 100,000 vectors: judged only where so many were there."""
    large = next((one for one in found if one.vectors >= LARGE), found[-1])
    judged = large.vectors >= LARGE
    asked = len(large.asked["lexical"])
    how = (
        f"p95 of {asked} questions to {large.vectors:,} patterns, 50 rows; the question's embedding included"
    )
    figures = [
        Figure(f"warm search, {NAMES[kind]}", large.ms(kind), "ms", target if judged else None, how)
        for kind, target in TARGETS_MS.items()
    ]
    ratio = large.ms("vector", 0.5) / found[0].ms("vector", 0.5)
    how = f"median {large.ms('vector', 0.5):.2f} ms ÷ {found[0].ms('vector', 0.5):.2f} ms, Chroma alone"
    name = f"vector query, {large.vectors:,} ÷ {found[0].vectors:,} vectors"
    return [*figures, Figure(name, ratio, "×", 1.5 if judged else None, how), _disk(found[0])]


def _disk(one: Size) -> Figure:
    """Of the smallest size, where everything was really indexed."""
    how = f"SQLite {one.database / MB:,.0f} MB, Chroma {one.chroma / MB:,.0f} MB, {one.vectors:,} patterns"
    value = (one.database + one.chroma) / MB / one.vectors * 1000
    return Figure("disk per 1,000 patterns, all stores", value, "MB", 8.0, how)


def table(found: Sequence[Size]) -> str:
    """What was measured at each size, and what a power law through it says of a million."""
    names = ("vectors", "into Chroma, per 1,000", "opening", "vector query, median", "by words, p95",
             "hybrid, p95", "filtered, p95", "memory", "database", "Chroma")  # fmt: skip
    rows = [f"| {' | '.join(names)} |", f"|{' ---: |' * len(names)}"]
    rows += [_row(f"{one.vectors:,}", _columns(one)) for one in found]
    if len(found) > 2:
        rows.append(_row("*1,000,000, extrapolated*", _extrapolated(found)))
    return "\n".join(rows)


def _columns(one: Size) -> list[float]:
    return [one.per_thousand(), one.opening, one.ms("vector", 0.5), one.ms("lexical"), one.ms("hybrid"),
            one.ms("filtered"), one.memory / MB, one.database / MB, one.chroma / MB]  # fmt: skip


def _row(name: str, values: Sequence[float]) -> str:
    units = ("s", "s", "ms", "ms", "ms", "ms", "MB", "MB", "MB")
    cells = [amount(value, unit) for value, unit in zip(values, units, strict=True)]
    return f"| {name} | {' | '.join(cells)} |"


def _extrapolated(found: Sequence[Size]) -> list[float]:
    columns = list(zip(*map(_columns, found), strict=True))
    return [power_law([one.vectors for one in found], values, 1e6) for values in columns]


def power_law(sizes: Sequence[float], values: Sequence[float], at: float) -> float:
    """The least-squares line through the logarithms of both, at the size ``at``; needs two sizes or more."""
    xs, ys = [math.log(size) for size in sizes], [math.log(max(value, 1e-9)) for value in values]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((one - x) ** 2 for one in xs)
    if spread <= 0.0:
        raise ValueError("growth is seen from two sizes on")
    slope = sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True)) / spread
    return math.exp(y + slope * (math.log(at) - x))
