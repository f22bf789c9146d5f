"""Parser processes: a pool that answers for every file, whatever a file does to its parser.

*spawn* rather than *forkserver*: a worker is up in about 0.1 s either way the
first time, and the engine, which has threads and open databases, is not forked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from tui_patterns.engine.worker_generation import Generation
from tui_patterns.engine.worker_main import ParseTask, WorkerSetup, parse_task
from tui_patterns.engine.worker_run import Run, size_of
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.models import ParsedFile

__all__ = ["ParseTask", "ParserPool", "parse_files"]

MAX_BYTES = 1024 * 1024
MAX_RSS_MB = 250
ONE_SHOT_BYTES = 256 * 1024
_CODE_MB = 20  # of a worker's resident memory, what is mapped from files


class ParserPool:
    """Parses files in ``jobs`` processes (0: one a core), each task within ``timeout_s`` seconds.

    Threads may share it. Workers start with the first use, or with ``warm``; ``nice``
    is how far they step back for other processes.
    """

    def __init__(
        self,
        jobs: int,
        options: ExtractionOptions,
        timeout_s: float,
        max_bytes: int = MAX_BYTES,
        max_rss_mb: float = MAX_RSS_MB,
        *,
        nice: int = 0,
    ) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.timeout_s = timeout_s
        self.max_rss_mb = max_rss_mb
        self.closed = False
        self._setup = WorkerSetup(options, max_bytes, max_rss_mb - _CODE_MB, os.getpid(), nice)
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
        return Run(self, tasks).answers()

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
    if sum(size_of(task) for task in listed) <= ONE_SHOT_BYTES:
        yield from (parse_task(task, options, max_bytes) for task in listed)
        return
    with ParserPool(jobs, options, timeout_s, max_bytes) as pool:
        yield from pool.parse(listed)
