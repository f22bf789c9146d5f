"""Chroma alone with 10,000 to 300,000 vectors: adding, asking, what it finds, memory and disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.machine import environment
from benchmarks.places import TOP, tell
from benchmarks.scale_growth import LARGE, extrapolated
from benchmarks.scale_record import MB, Collection, Record

RATIO, RECALL = 1.5, 0.97
HEADINGS = ("vectors", "adding, per 1,000", "the same, of work", "query, median", "p95", "median, of work",
            "of the 50 nearest found", "memory", "disk")  # fmt: skip
UNITS = ("s", "s", "ms", "ms", "ms", "", "MB", "MB")


def measure(work: Path, sizes: Sequence[int], record: Record) -> None:
    """Grow a collection to each size in turn; each is recorded as soon as it was measured."""
    record.collections.clear()
    for line in _said(work / "chroma", sizes):
        one = Collection(**json.loads(line))
        record.add(collection=one)
        tell(
            f"{one.vectors:,} vectors: {one.ms():.2f} ms, {one.work_ms():.2f} of work; {one.recall:.3f} found"
        )
    record.add(figures(record.collections))


def _said(folder: Path, sizes: Sequence[int]) -> Iterator[str]:
    argv = [sys.executable, "-m", "benchmarks.drivers.chroma", str(folder), *map(str, sizes)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=TOP, env=environment()) as process:
        assert process.stdout is not None
        yield from process.stdout
    if process.returncode:
        raise RuntimeError(f"the vectors were not measured to the end: exit code {process.returncode}")


def figures(found: Sequence[Collection]) -> list[Figure]:
    """What 100,000 cost by what 10,000 do; of processor time too, since both were not asked at one time."""
    large = next((one for one in found if one.vectors >= LARGE), found[-1])
    judged, small = large.vectors >= LARGE, found[0]
    how = (
        f"median {large.ms():.2f} ms ÷ {small.ms():.2f} ms, Chroma alone; of processor time "
        f"{large.work_ms() / small.work_ms():.2f} ×"
    )
    name = f"vector query, {large.vectors:,} ÷ {small.vectors:,} vectors"
    missed = (
        f"of the 50 nearest by the exact scan, {len(large.asking)} questions to {large.vectors:,} vectors"
    )
    return [
        Figure(name, large.ms() / small.ms(), "×", RATIO if judged else None, how),
        Figure("nearest that Chroma misses", 1 - large.recall, "", 1 - RECALL if judged else None, missed),
    ]


def table(found: Sequence[Collection]) -> str:
    """A row a size, and a million by a power law; how much is found is not extrapolated."""
    return extrapolated(HEADINGS, UNITS, [one.vectors for one in found], list(map(_columns, found)))


def _columns(one: Collection) -> list[float]:
    return [one.per_thousand(), one.per_thousand(work=True), one.ms(), one.ms(0.95), one.work_ms(),
            one.recall, one.memory / MB, one.disk / MB]  # fmt: skip
