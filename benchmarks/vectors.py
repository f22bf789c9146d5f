"""Chroma at size: how its settings, filters and deletions tell, over vectors as real code has them.

    python benchmarks/vectors.py settings [--count N]
    python benchmarks/vectors.py size [--counts N N …]
    python benchmarks/vectors.py churn [--count N]

Vectors are those of the library of 10,000 patterns; where more are wanted, each is
mixed with a random one of its neighbourhood, so that clusters stay clusters. Nothing
is embedded: that is ``embedding.py``'s to measure.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.library import library_folder
from benchmarks.places import isolate, tell
from tui_patterns.search import chroma_client
from tui_patterns.search.chroma import ChromaIndex
from tui_patterns.search.exact import ExactIndex, as_matrix
from tui_patterns.store import vectors
from tui_patterns.store.sqlite import connect

DIMENSION, LIMIT, QUERIES = 384, 50, 200
PRINT = "0" * 32
MIX = 0.35  # nearest neighbours of made vectors are then about as near (cosine .8) as those of real ones


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    options = _parser().parse_args(arguments)
    isolate()
    given = real_vectors()
    with tempfile.TemporaryDirectory(prefix="vectors-") as folder:
        PARTS[options.part](given, Path(folder), options.counts)
    return 0


def real_vectors() -> np.ndarray:
    """``[n, 384]`` of the library of 10,000 patterns."""
    conn = connect(library_folder() / "patterns.db")
    try:
        fingerprint = vectors.models(conn)[0]
        return as_matrix(vectors.live(conn, fingerprint)[1], DIMENSION)
    finally:
        conn.close()


def grown(given: np.ndarray, count: int, seed: int = 0) -> np.ndarray:
    """``count`` vectors of length 1: the given ones, then mixtures of each with another."""
    rng = np.random.default_rng(seed)
    if count <= len(given):
        return given[rng.permutation(len(given))[:count]]
    rest = count - len(given)
    base, other = rng.integers(0, len(given), (2, rest))
    noise = rng.standard_normal((rest, DIMENSION)).astype(np.float32) * (0.25 / DIMENSION**0.5)
    made = given[base] + MIX * given[other] + noise
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return np.concatenate([given, made]).astype(np.float32)


def questions(rows: np.ndarray) -> np.ndarray:
    """Vectors near, but not equal to, stored ones."""
    rng = np.random.default_rng(7)
    noise = rng.standard_normal((QUERIES, DIMENSION)).astype(np.float32) * (0.5 / DIMENSION**0.5)
    asked = rows[rng.integers(0, len(rows), QUERIES)] + noise
    scaled: np.ndarray = (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def settings(given: np.ndarray, folder: Path, counts: Sequence[int]) -> None:
    """Settings against each other at one size."""
    rows = grown(given, counts[0])
    chosen = dict(chroma_client.HNSW)
    tries: list[dict[str, object]] = [{}, {"max_neighbors": 32}, {"ef_construction": 200}]
    tries += [{"ef_search": 50}, {"ef_search": 200}]
    tries += [{"sync_threshold": 1000}, {"sync_threshold": 5000, "batch_size": 1000}]
    print(f"{len(rows):,} vectors; chosen: {chosen}")
    for number, change in enumerate(tries):
        with _patched(chosen | change):
            _line(str(change or "chosen"), rows, folder / str(number))


def size(given: np.ndarray, folder: Path, counts: Sequence[int]) -> None:
    """One row for each size, filters included."""
    for count in counts:
        rows = grown(given, count)
        index = _line(f"{count:,}", rows, folder / str(count), keep=True)
        assert index is not None
        ids = names(len(rows))
        rng = np.random.default_rng(3)
        for share in (0.001, 0.01, 0.1, 0.5):
            allowed = {ids[row] for row in rng.permutation(len(ids))[: int(share * len(ids))]}
            exact = ExactIndex(ids, rows)
            times, found = _asked(index, rows, allowed, exact)
            print(f"    {len(allowed):7,} allowed: {_percentiles(times)}, recall {found:.3f}", flush=True)
        index.close()


def churn(given: np.ndarray, folder: Path, counts: Sequence[int]) -> None:
    """Half of all is deleted and replaced, again and again: does every vector find itself?"""
    rows = grown(given, counts[0])
    index = _built(rows, folder / "churn")
    rng = np.random.default_rng(5)
    ids = names(len(rows))
    for turn in range(8):
        doomed = rng.permutation(len(ids))[: len(ids) // 4]
        index.delete([ids[row] for row in doomed])
        rows[doomed] = grown(given, len(doomed) + len(given), seed=turn + 10)[-len(doomed) :]
        index.upsert([ids[row] for row in doomed], rows[doomed])
        lost = index.lost(rows[:2000])
        print(
            f"after {turn + 1} × 25 % replaced: {len(lost)} of 2,000 lost, {_size(folder):.0f} MB", flush=True
        )
    index.close()


def names(count: int, first: int = 0) -> list[str]:
    """Ids as long as real ones."""
    return [f"{row:08x}-0000-4000-8000-000000000000" for row in range(first, first + count)]


def _line(what: str, rows: np.ndarray, folder: Path, *, keep: bool = False) -> ChromaIndex | None:
    started = time.perf_counter()
    index = _built(rows, folder)
    seconds = time.perf_counter() - started
    times, found = _asked(index, rows, None, ExactIndex(names(len(rows)), rows))
    index.close()
    started = time.perf_counter()
    index = ChromaIndex(folder, PRINT, DIMENSION)
    opened = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:32} {len(rows) / seconds:6.0f}/s  {_percentiles(times)}  recall@{LIMIT} {found:.3f}  "
        f"open {opened:.2f} s  {_size(folder):.0f} MB disk  {memory:.0f} MB peak",
        flush=True,
    )
    if keep:
        return index
    index.close()
    return None


def _built(rows: np.ndarray, folder: Path) -> ChromaIndex:
    index = ChromaIndex(folder, PRINT, DIMENSION)
    ids = names(len(rows))
    for start in range(0, len(rows), 2_000):
        part = slice(start, start + 2_000)
        index.upsert(ids[part], rows[part], [{"doc_hash": "0" * 32}] * len(ids[part]))
        if start % 20_000 == 0:
            tell(f"{start:,} stored")
    return index


def _asked(
    index: ChromaIndex, rows: np.ndarray, allowed: set[str] | None, exact: ExactIndex
) -> tuple[list[float], float]:
    times, shared, total = [], 0, 0
    for vector in questions(rows)[: QUERIES if allowed is None else 30]:
        started = time.perf_counter()
        found = index.query(vector, LIMIT, allowed)
        times.append(time.perf_counter() - started)
        right = exact.query(vector, LIMIT, allowed)
        shared += len({one for one, _ in found} & {one for one, _ in right})
        total += len(right)
    return times, shared / max(1, total)


def _percentiles(times: Sequence[float]) -> str:
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"query {middle * 1000:.1f} ms, p95 {late * 1000:.1f} ms"


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


@contextmanager
def _patched(values: dict[str, object]) -> Iterator[None]:
    before = chroma_client.HNSW
    chroma_client.HNSW = values
    try:
        yield
    finally:
        chroma_client.HNSW = before


PARTS: dict[str, Callable[[np.ndarray, Path, Sequence[int]], None]] = {
    "settings": settings,
    "size": size,
    "churn": churn,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=sorted(PARTS))
    parser.add_argument("--counts", type=int, nargs="+", default=[10_000], metavar="N")
    return parser


if __name__ == "__main__":
    sys.exit(main())
