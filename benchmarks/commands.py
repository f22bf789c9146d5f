"""Commands as a person waits for them: a cold search, and an index of a whole project."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, ratio
from benchmarks.library import source_of
from benchmarks.machine import environment
from benchmarks.places import TOP, tell

RUNS = 5
COMMAND = str(Path(sys.executable).parent / "patterns-tui")
QUERY = "wrap text to a given width"
IMPORT = [sys.executable, "-c", "import sentence_transformers"]


def index(work: Path) -> list[Figure]:
    """The first index of rich's source, and again with nothing changed."""
    project = source_of("rich", work)
    firsts, agains = [], []
    report: dict[str, Any] = {}
    for turn in range(RUNS):
        data = work / f"data-{turn}"
        seconds, report = _index(data, project)
        again, second = _index(data, project)
        if not report["embedded"] or second["embedded"] or second["parsed"]:
            raise RuntimeError(f"the second index did work again, or the first none: {report} {second}")
        firsts.append(seconds)
        agains.append(again)
    first, again = statistics.median(firsts), statistics.median(agains)
    tell(f"index of rich: {first:.1f} s, again {again:.2f} s")
    size = f"{report['files']} files, {report['embedded']} patterns embedded"
    return [
        Figure("first index of rich's source", first, "s", 12.0, f"process start to end; {size}"),
        Figure("again, nothing changed, nothing embedded", again, "s", 1.5, "process start to end"),
    ]


def _index(data: Path, project: Path) -> tuple[float, dict[str, Any]]:
    seconds, said = timed([COMMAND, "--data-dir", str(data), "index", str(project), "--json"])
    return seconds, json.loads(said)


def small_library(work: Path) -> Path:
    """The data folder of rich alone, indexed and embedded."""
    _index(work / "small", source_of("rich", work))
    return work / "small"


def search(small: Path, large: Path) -> list[Figure]:
    """A search from a cold process over two libraries, against an import; the three take turns."""
    base, few, many = [], [], []
    for turn in range(RUNS + 1):
        one = timed(IMPORT)[0]
        other, third = _search(small), _search(large)
        if turn:  # the first turn only warms the disk cache
            base.append(one)
            few.append(other)
            many.append(third)
    tell(f"cold search: {statistics.median(few):.2f} s and {statistics.median(many):.2f} s")
    return [
        _figure("cold `patterns-tui search`, rich alone", few, base),
        _figure("cold `patterns-tui search`, 10,000 patterns", many, base),
    ]


def _figure(what: str, seconds: Sequence[float], base: Sequence[float]) -> Figure:
    how = f"{statistics.median(seconds):.2f} s, semantic part included (Chroma)"
    return Figure(
        f"{what} ÷ `import sentence_transformers`",
        ratio(seconds, base),
        "×",
        0.12,
        f"{how} ÷ {statistics.median(base):.1f} s",
    )


def _search(data: Path) -> float:
    seconds, said = timed([COMMAND, "--data-dir", str(data), "search", QUERY, "--json"])
    answer = json.loads(said)
    if (answer["mode"], answer["index"]) != ("hybrid", "chroma") or not answer["results"]:
        raise RuntimeError(f"the search was {answer['mode']} over {answer['index']}: nothing to compare")
    return seconds


def timed(argv: Sequence[str]) -> tuple[float, str]:
    """Wall time from start to end in seconds, and standard output."""
    started = time.perf_counter()
    done = subprocess.run(argv, check=False, capture_output=True, text=True, env=environment(), cwd=TOP)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} failed: {done.stderr.strip()}")
    return seconds, done.stdout
