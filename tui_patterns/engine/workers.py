"""Parser processes: a pool that answers for every file, whatever a file does to its parser.

*spawn* rather than *forkserver*: a worker is up in about 0.1 s either way the
first time, and the engine, which has threads and open databases, is not forked.
"""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from types import TracebackType
from typing import Self

from tui_patterns.engine.worker_generation import Generation, GenerationBroken
from tui_patterns.engine.worker_main import Answer, ParseTask, WorkerSetup, failed, parse_task
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.models import ParsedFile

__all__ = ["ParseTask", "ParserPool", "parse_files"]

MAX_BYTES = 1024 * 1024
MAX_RSS_MB = 250
CHUNK_BYTES = 96 * 1024
CHUNK_FILES = 16
ONE_SHOT_BYTES = 256 * 1024
_CODE_MB = 20  # of a worker's resident memory, what is mapped from files
_TICK_S = 0.5
_STALL_S = 10.0
_TRIES = 3

Chunk = tuple[ParseTask, ...]


class ParserPool:
    """Parses files in ``jobs`` processes (0: one a core), each task within ``timeout_s`` seconds.

    Threads may share it. Workers start with the first use, or with ``warm``.
    """

    def __init__(
        self,
        jobs: int,
        options: ExtractionOptions,
        timeout_s: float,
        max_bytes: int = MAX_BYTES,
        max_rss_mb: float = MAX_RSS_MB,
    ) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout_s = timeout_s
        self.max_rss_mb = max_rss_mb
        self.closed = False
        self._setup = WorkerSetup(options, max_bytes, max_rss_mb - _CODE_MB, os.getpid())
        self._generation: Generation | None = None

    def warm(self) -> None:
        """Start the workers now, without waiting for them."""
        self.generation()

    def parse(self, tasks: Iterable[ParseTask]) -> Iterator[ParsedFile]:
        """One answer for each task, as they are done; never raises for what is in a file.

        Small files travel in chunks. A chunk that runs out of time, or costs its
        worker, is tried again file by file, so only the guilty file fails. Ends
        early if the pool is closed meanwhile.
        """
        return _Run(self, tasks).answers()

    def generation(self) -> Generation:
        """The workers in use; new ones if the last ones were retired. Raises RuntimeError once closed."""
        if self.closed:
            raise RuntimeError("the parser pool is closed")
        if self._generation is None:
            self._generation = Generation(self.jobs, self._setup)
        return self._generation

    def retire(self, generation: Generation, *, at_once: bool = False) -> None:
        """Let *generation* finish what it has (or not), and use new workers from now on."""
        if self._generation is generation:
            self._generation = None
        generation.release(at_once=at_once)

    def close(self) -> None:
        """Kill the workers; waits until they are gone."""
        self.closed = True
        last, self._generation = self._generation, None
        if last is not None:
            last.release(at_once=True)
            last.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Run:
    """One call of ParserPool.parse: what waits, what is under way, what is done."""

    def __init__(self, pool: ParserPool, tasks: Iterable[ParseTask]) -> None:
        self._pool = pool
        self._fresh = chunks(tasks)
        self._again: deque[tuple[Chunk, int]] = deque()
        self._under_way: dict[Future[Answer], tuple[Chunk, int, Generation]] = {}
        self._done: queue.SimpleQueue[Future[Answer]] = queue.SimpleQueue()

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
        waited = 0.0
        while not self._pool.closed:
            try:
                return [self._done.get(timeout=_TICK_S)]
            except queue.Empty:
                waited += _TICK_S
            if waited > 2 * self._pool.timeout_s + _STALL_S:
                self._give_up()
                waited = 0.0
            self._take_back()
        return []

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
        bytes_ = _size(task)
        if chunk and (len(chunk) == CHUNK_FILES or size + bytes_ > CHUNK_BYTES):
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(task)
        size += bytes_
    if chunk:
        yield tuple(chunk)


def _size(task: ParseTask) -> int:
    try:
        return os.stat(os.path.join(task.root, task.rel), follow_symlinks=False).st_size  # noqa: PTH116, PTH118
    except OSError:
        return 0


def parse_files(
    tasks: Iterable[ParseTask],
    options: ExtractionOptions,
    *,
    jobs: int = 0,
    timeout_s: float = 20.0,
    max_bytes: int = MAX_BYTES,
) -> Iterator[ParsedFile]:
    """Parse files for a command that ends with them, in the quickest way.

    A few small files (ONE_SHOT_BYTES together) are parsed here, without time
    limit: loading the parser takes less time than starting processes that load
    it. More go through a pool, which is closed at the end.
    """
    listed = list(tasks)
    if sum(_size(task) for task in listed) <= ONE_SHOT_BYTES:
        yield from (parse_task(task, options, max_bytes) for task in listed)
        return
    with ParserPool(jobs, options, timeout_s, max_bytes) as pool:
        yield from pool.parse(listed)
