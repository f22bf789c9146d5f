"""Chroma alone, grown to one size after the other; prints a JSON object at each, as soon as it is there.

    python -m benchmarks.drivers.chroma FOLDER SIZE…

Vectors are those of the library of 10,000 patterns, then made ones as in
``benchmarks/vectors.py``: a real vector, 0.35 of another, noise of length 0.25, of
length 1 again. They come in batches of 64, as the engine brings them. What is made
is not kept in memory: for the exact scan it is made again.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.places import isolate
from benchmarks.processes import resident
from benchmarks.vectors import DIMENSION, LIMIT, PRINT, grown, names, real_vectors
from tui_patterns.engine.chroma_sync import BATCH
from tui_patterns.heap import give_back
from tui_patterns.search.chroma import ChromaIndex

PART = 5_000  # vectors that are made at a time
QUESTIONS = 100
LOTS = 20  # parts that questions are taken from
NOISE = 0.5  # length of what a question is off a stored vector


def main(arguments: Sequence[str]) -> int:
    """Fill and ask."""
    isolate()
    folder, sizes = Path(arguments[0]), sorted(map(int, arguments[1:]))
    given = real_vectors()
    index = ChromaIndex(folder, PRINT, DIMENSION)
    empty, have = resident(os.getpid()), 0
    for size in sizes:
        added = _fill(index, given, have, size)
        have = size
        asked = _ask(index, given, size)
        disk = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
        give_back()
        memory = max(resident(os.getpid()) - empty, 0)
        print(json.dumps({"vectors": size, **added, **asked, "memory": memory, "disk": disk}), flush=True)
    index.close()
    return 0


def parts(given: np.ndarray, first: int, last: int) -> Iterator[tuple[int, np.ndarray]]:
    """(number of the first, vectors) of these numbers: the same vector for the same number."""
    for start in range(first - first % PART, last, PART):
        if start + PART <= len(given):
            rows = given[start : start + PART]
        else:
            rows = grown(given, len(given) + PART, seed=start)[-PART:]
        low, high = max(first - start, 0), min(last - start, PART)
        yield start + low, rows[low:high]


def _fill(index: ChromaIndex, given: np.ndarray, have: int, size: int) -> dict[str, Any]:
    """Add the vectors from number ``have`` on; what the last tenth of all took, or all of a first lot."""
    seconds = work = 0.0
    timed = max(have, size - max(size // 10, PART))
    for first, last in ((have, timed), (timed, size)):
        for start, rows in parts(given, first, last):
            ids = names(len(rows), start)
            began, worked = time.perf_counter(), time.process_time()
            for at in range(0, len(rows), BATCH):
                some = ids[at : at + BATCH]
                index.upsert(some, rows[at : at + BATCH], [{"doc_hash": one} for one in some])
            if first == timed:
                seconds += time.perf_counter() - began
                work += time.process_time() - worked
    return {"added": size - timed, "adding": seconds, "adding_cpu": work}


def _ask(index: ChromaIndex, given: np.ndarray, size: int) -> dict[str, Any]:
    """What each question took, by the clock and of work, and the share of the nearest that came."""
    asked = _questions(given, size)
    for vector in asked[:10]:
        index.query(vector, LIMIT)
    taken, found = [], []
    for vector in asked:
        began, worked = time.perf_counter(), time.process_time()
        found.append({one for one, _ in index.query(vector, LIMIT)})
        taken.append((time.perf_counter() - began, time.process_time() - worked))
    right = _exact(given, size, asked)
    shared = sum(len(mine & true) for mine, true in zip(found, right, strict=True))
    return {"asking": taken, "recall": shared / sum(map(len, right))}


def _questions(given: np.ndarray, size: int) -> np.ndarray:
    """``[100, 384]``: near, but not equal to, stored vectors of all numbers."""
    rng = np.random.default_rng(7)
    starts = rng.choice(range(0, size, PART), min(LOTS, math.ceil(size / PART)), replace=False)
    rows = np.concatenate([_some(given, start, size, rng) for start in sorted(starts.tolist())])
    asked = rows + rng.standard_normal(rows.shape).astype(np.float32) * (NOISE / DIMENSION**0.5)
    scaled: np.ndarray = (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)
    return scaled[rng.permutation(len(scaled))[:QUESTIONS]]


def _some(given: np.ndarray, start: int, size: int, rng: np.random.Generator) -> np.ndarray:
    _, rows = next(parts(given, start, min(start + PART, size)))
    some: np.ndarray = rows[rng.integers(0, len(rows), QUESTIONS)]
    return some


def _exact(given: np.ndarray, size: int, asked: np.ndarray) -> list[set[str]]:
    """The nearest of all, by a scan in parts."""
    best = [(np.full(0, 0.0, np.float32), np.full(0, 0)) for _ in asked]
    for start, rows in parts(given, 0, size):
        scores = asked @ rows.T
        for number, (known, at) in enumerate(best):
            both = np.concatenate([known, scores[number]])
            places = np.concatenate([at, np.arange(start, start + len(rows))])
            top = np.argsort(-both, kind="stable")[:LIMIT]
            best[number] = (both[top], places[top])
    return [{names(1, int(place))[0] for place in places} for _, places in best]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
