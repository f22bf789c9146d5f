"""One call of a parser pool: chunks out, answers in, and a second chance for those that were unlucky."""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING

from tui_patterns.engine.worker_generation import Generation, GenerationBroken
from tui_patterns.engine.worker_main import Answer, ParseTask, failed
from tui_patterns.models import ParsedFile

if TYPE_CHECKING:
    from tui_patterns.engine.workers import ParserPool

CHUNK_BYTES = 96 * 1024
CHUNK_FILES = 16
_TICK_S = 0.5
_STALL_S = 1.0
_STARTUP_S = 10.0
_TRIES = 3

Chunk = tuple[ParseTask, ...]


class Run:
    """One call of ParserPool.parse: what waits, what is under way, what is done."""

    def __init__(self, pool: ParserPool, tasks: Iterable[ParseTask]) -> None:
        self._pool = pool
        self._fresh = chunks(tasks)
        self._again: deque[tuple[Chunk, int]] = deque()
        self._under_way: dict[Future[Answer], tuple[Chunk, int, Generation]] = {}
        self._done: queue.SimpleQueue[Future[Answer]] = queue.SimpleQueue()
        self._idle = self._waited = 0.0
        self._stalls = 0

    def answers(self) -> Iterator[ParsedFile]:
        try:
            while self._feed():
                for future in self._wait():
                    yield from self._settle(future)
        finally:
            for future in self._under_way:
                future.cancel()

    def _feed(self) -> bool:
        """Keep every worker busy and one chunk waiting for each; whether anything is under way."""
        while len(self._under_way) < 2 * self._pool.jobs and not self._pool.closed:
            chunk, tries = self._again.popleft() if self._again else (next(self._fresh, ()), 0)
            if not chunk:
                break
            self._submit(chunk, tries)
        return bool(self._under_way) and not self._pool.closed

    def _submit(self, chunk: Chunk, tries: int) -> None:
        generation = self._pool.generation()
        try:
            future = generation.submit(chunk, self._pool.timeout_s)
        except GenerationBroken:
            self._pool.retire(generation, at_once=True)
            generation = self._pool.generation()
            future = generation.submit(chunk, self._pool.timeout_s)
        self._under_way[future] = (chunk, tries, generation)
        future.add_done_callback(self._done.put)

    def _wait(self) -> list[Future[Answer]]:
        """The next future that is done; none once the pool is closed."""
        self._idle = self._waited = 0.0
        while not self._pool.closed:
            try:
                return [self._done.get(timeout=_TICK_S)]
            except queue.Empty:
                self._look()
        return []

    def _look(self) -> None:
        """Nothing came for a tick: is anybody still at work?"""
        self._waited += _TICK_S
        self._idle = 0.0 if any(future.running() for future in self._under_way) else self._idle + _TICK_S
        if self._idle > self._patience() or self._waited > 2 * self._pool.timeout_s + _STARTUP_S:
            self._idle = self._waited = 0.0
            self._stalls += 1
            self._give_up()
        self._take_back()

    def _patience(self) -> float:
        """Seconds without a chunk taken up; longer for workers that may still be starting, and each time."""
        warm = all(generation.answered for _, _, generation in self._under_way.values())
        return float((_STALL_S if warm else _STARTUP_S) * 2**self._stalls)

    def _give_up(self) -> None:
        """A worker killed amid a hand-over can leave the pool's lock held for ever: start over."""
        for generation in {entry[2] for entry in self._under_way.values()}:
            self._pool.retire(generation, at_once=True)

    def _take_back(self) -> None:
        """Hand in again what abandoned workers will never answer."""
        for future, (chunk, tries, generation) in list(self._under_way.items()):
            if generation.abandoned and not future.done():
                del self._under_way[future]
                self._retry(chunk, tries)
        self._feed()

    def _settle(self, future: Future[Answer]) -> Iterator[ParsedFile]:
        if future not in self._under_way:  # given up meanwhile
            return
        chunk, tries, generation = self._under_way.pop(future)
        try:
            answer = future.result()
        except TimeoutError:
            yield from self._guilty(chunk, f"timed out after {self._pool.timeout_s:g} s")
        except (GenerationBroken, CancelledError):
            self._pool.retire(generation, at_once=True)
            yield from self._unlucky(chunk, tries)
        except Exception:
            yield from self._guilty(chunk, "parser crashed")
        else:
            generation.answered = True
            yield from self._accept(answer, chunk, tries, generation)

    def _accept(
        self, answer: Answer, chunk: Chunk, tries: int, generation: Generation
    ) -> Iterator[ParsedFile]:
        """The answer's files, unless memory ran out in a worker that was not fresh: then once more."""
        if answer.exhausted or answer.rss_mb > self._pool.max_rss_mb:
            self._pool.retire(generation)
        if answer.exhausted and tries == 0:
            self._retry(chunk, 1)
        else:
            yield from answer.files

    def _guilty(self, chunk: Chunk, error: str) -> Iterator[ParsedFile]:
        """One of *chunk* did it: the only one, or each is tried by itself."""
        if len(chunk) == 1:
            yield failed(chunk[0], error)
        else:
            self._retry(chunk, 0)

    def _unlucky(self, chunk: Chunk, tries: int) -> Iterator[ParsedFile]:
        """The pool went, through no known fault of *chunk*."""
        if tries + 1 < _TRIES:
            self._retry(chunk, tries + 1)
        else:
            yield from (failed(task, "parser crashed") for task in chunk)

    def _retry(self, chunk: Chunk, tries: int) -> None:
        self._again.extend(((task,), tries) for task in chunk)


def chunks(tasks: Iterable[ParseTask]) -> Iterator[Chunk]:
    """Tasks in order, grouped to at most CHUNK_FILES files and, but for a single one, CHUNK_BYTES."""
    chunk: list[ParseTask] = []
    size = 0
    for task in tasks:
        bytes_ = size_of(task)
        if chunk and (len(chunk) == CHUNK_FILES or size + bytes_ > CHUNK_BYTES):
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(task)
        size += bytes_
    if chunk:
        yield tuple(chunk)


def size_of(task: ParseTask) -> int:
    """The size of the task's file in bytes; 0 if there is none."""
    try:
        return os.stat(os.path.join(task.root, task.rel), follow_symlinks=False).st_size  # noqa: PTH116, PTH118
    except OSError:
        return 0
