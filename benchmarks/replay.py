"""Replays a history of a real folder through the engine, and compares what it leaves with a cold scan.

``python -m benchmarks.replay REPOSITORY --commits 150`` checks commits out one after the other,
``--edits 300`` edits the last one at random. Changes are taken up as events, in pieces and out of
order, or by a whole scan. After every few steps all that is derived must be that of a cold scan of the
same files, nothing may contradict anything, and no document may be embedded twice.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks import histories
from benchmarks.contradictions import broken
from benchmarks.derived import Derived, differences
from benchmarks.places import isolate, tell
from tui_patterns.engine import likeness
from tui_patterns.engine.backlog import Backlog
from tui_patterns.engine.examiner import Examination
from tui_patterns.engine.indexing import ProjectIndex
from tui_patterns.engine.parsers import parser_pool
from tui_patterns.engine.workers import ParserPool
from tui_patterns.settings import Settings
from tui_patterns.store import vectors
from tui_patterns.store.sqlite import connect, transaction

SHOWN = 3  # rows of each table that differs
EVENTS_SHARE, ANEW_SHARE = 0.75, 0.1
DIMENSION = 64


class WordCounts:
    """In the place of a model: quick, the same for the same text, near for what is alike."""

    fingerprint = f"words:{DIMENSION}"

    def __init__(self) -> None:
        self.embedded: Counter[str] = Counter()

    def embed(self, conn: sqlite3.Connection, max_cosine: float) -> None:
        """Give every document that lacks one a vector."""
        backlog = Backlog(self.fingerprint)
        while missing := backlog.take(conn, 256):
            self.embedded.update(key for key, _ in missing)
            with transaction(conn):
                vectors.save(conn, self.fingerprint, [(key, _vector(body)) for key, body in missing])
                likeness.embedded(conn, [key for key, _ in missing], max_cosine)


def _vector(body: str) -> bytes:
    row = np.zeros(DIMENSION, dtype="<f4")
    for word in body.split():
        row[hashlib.sha256(word.encode()).digest()[0] % DIMENSION] += 1
    return bytes((row / max(float(np.linalg.norm(row)), 1.0)).astype("<f4").tobytes())


class Indexed:
    """A folder in a store of its own."""

    def __init__(self, database: Path, root: Path, pool: ParserPool) -> None:
        self.conn = connect(database, durable=False)
        self.model = WordCounts()
        self._root = root
        self._pool = pool
        self._settings = Settings()
        self.begin_anew()

    def begin_anew(self) -> None:
        """As another process would: nothing is remembered but what is stored."""
        self._index = ProjectIndex(self.conn, self._root, self._settings)

    def scan(self) -> None:
        self._index.scan(self._pool, on_change=lambda _: None, on_progress=lambda *_: None)

    def take_up(self, paths: list[str]) -> None:
        self._index.take_up(self._pool, paths, lambda _: None)

    def settle(self) -> None:
        """Embed and examine what waits for it."""
        self.model.embed(self.conn, self._settings.extraction.max_similarity)
        work = Examination(self.conn)
        while work.step(root=str(self._root)):
            pass

    def derived(self) -> Derived:
        return Derived(self.conn, str(self._root))


def compare(warm: Indexed, root: Path, pool: ParserPool) -> dict[str, str]:
    """What is wrong with ``warm``, by table; empty if nothing is."""
    with tempfile.TemporaryDirectory() as folder:
        cold = Indexed(Path(folder) / "patterns.db", root, pool)
        cold.scan()
        cold.settle()
        found = differences(warm.derived(), cold.derived())
        cold.conn.close()
    wrong = {name: f"{count} rows" for name, count in broken(warm.conn).items()}
    for name, (extra, lacking) in found.items():
        rows = [f"+ {row!r}"[:400] for row in extra[:SHOWN]] + [f"- {row!r}"[:400] for row in lacking[:SHOWN]]
        wrong[name] = "\n    ".join([f"{len(extra)} more and {len(lacking)} less than a cold scan", *rows])
    twice = sum(count - 1 for count in warm.model.embedded.values())
    return wrong | ({"documents embedded twice": str(twice)} if twice else {})


def replay(arguments: argparse.Namespace, work: Path, pool: ParserPool) -> int:
    """The number of comparisons that found something."""
    draw = random.Random(arguments.seed)
    root = work / "code"
    histories.clone(arguments.repository, root)
    steps = (
        histories.edits(root, arguments.edits, draw)
        if arguments.edits
        else histories.commits(root, arguments.commits, draw)
    )
    next(steps)
    warm, failed = Indexed(work / "patterns.db", root, pool), 0
    warm.scan()
    for number, paths in enumerate(steps, start=1):
        _take_up(warm, paths, draw)
        if number % arguments.every == 0:
            if arguments.edits:
                warm.scan()  # events were lost
            warm.settle()
            wrong = compare(warm, root, pool)
            failed += bool(wrong)
            tell(f"step {number}: {len(warm.model.embedded)} documents embedded, {len(wrong)} tables differ")
            for name, what in wrong.items():
                print(f"step {number}, {name}: {what}", flush=True)
    return failed


def _take_up(warm: Indexed, paths: list[str], draw: random.Random) -> None:
    if draw.random() < ANEW_SHARE:
        warm.begin_anew()
    if draw.random() > EVENTS_SHARE:
        warm.scan()
        return
    draw.shuffle(paths)
    pieces = draw.choice((1, 1, 2, 3))
    for piece in range(pieces):
        warm.take_up(paths[piece::pieces])
        if draw.random() < 0.5:
            warm.settle()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", type=int, default=150)
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    isolate()
    with tempfile.TemporaryDirectory() as work, parser_pool(Settings()) as pool:
        return min(1, replay(arguments, Path(work), pool))


if __name__ == "__main__":
    sys.exit(main())
