"""One set of worker processes, from their start to the end of the last of them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from tui_patterns.engine import worker_main
from tui_patterns.engine.worker_main import Answer, ParseTask, WorkerSetup

__all__ = ["Generation", "GenerationBroken"]

GenerationBroken = BrokenProcessPool
MAX_TASKS = 400
_TERM_S = 0.5  # a parser deep in C does not hear SIGTERM; then it is killed


class Generation:
    """A pebble pool with a thread of its own, which starts it and takes it down.

    On Linux a worker dies with the *thread* that started it, so that thread
    must outlive the workers; callers' threads may come and go.
    """

    def __init__(self, jobs: int, setup: WorkerSetup) -> None:
        from pebble import CONSTS, ProcessPool

        from tui_patterns.engine.worker_spawn import BareSpawnContext

        CONSTS.term_timeout = _TERM_S
        self._pool = ProcessPool(
            max_workers=jobs,
            max_tasks=MAX_TASKS,
            initializer=worker_main.start,
            initargs=(setup,),
            context=BareSpawnContext(),
        )
        self._usable = False
        self._started = threading.Event()
        self._released = threading.Event()
        self.abandoned = self.answered = False
        self._keeper = threading.Thread(target=_keep, args=(self,), daemon=True, name="parser-pool")
        self._keeper.start()

    def submit(self, chunk: Sequence[ParseTask], timeout_s: float) -> Future[Answer]:
        """Hand in a chunk. Raises GenerationBroken if these workers take no more."""
        self._started.wait()
        if not self._usable:
            raise GenerationBroken("no parser process can be started")
        try:
            return self._pool.schedule(worker_main.parse_chunk, args=(chunk,), timeout=timeout_s)
        except RuntimeError as error:
            raise GenerationBroken(str(error)) from error

    def release(self, *, at_once: bool) -> None:
        """Take no more chunks; end when those under way are done, or at once: then they are ``abandoned``."""
        self._started.wait()
        self.abandoned = self.abandoned or at_once
        if at_once:
            self._pool.stop()  # type: ignore[no-untyped-call]
        else:
            self._pool.close()  # type: ignore[no-untyped-call]
        self._released.set()

    def join(self) -> None:
        """Wait until every worker is gone."""
        self._keeper.join()

    def run(self) -> None:
        """The keeper's life: start, wait to be released, take down."""
        try:
            # pebble starts its workers when it is first asked whether it is active.
            self._usable = bool(self._pool.active)
        finally:
            self._started.set()
        self._released.wait()
        if self._usable:
            self._pool.join()


def _keep(generation: Generation) -> None:
    generation.run()
