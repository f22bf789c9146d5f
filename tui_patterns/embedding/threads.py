"""Threads that embed side by side, if wanted behind everything else that runs on the machine."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
NICE = 15


class Threads:
    """Calls a function for each of many things, several at once; the threads start when first needed."""

    def __init__(self, count: int = 0, *, low_priority: bool = False) -> None:
        """``count`` = 0: one thread for each core that this process may use.

        With ``low_priority`` they yield to every other thread (of this process too); a
        single call runs in the caller's thread, so that a question is never slow.
        """
        self._count = count or cores()
        self._low = low_priority
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()

    def map(self, function: Callable[[Given], Made], things: Sequence[Given]) -> Iterable[Made]:
        """What ``function`` makes of each, in their order; raises what it raises."""
        if len(things) < 2 or (self._count == 1 and not self._low):
            return map(function, things)
        return self._started().map(function, things)

    def _started(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                begin = step_back if self._low else None
                self._pool = ThreadPoolExecutor(self._count, "embedding", initializer=begin)
            return self._pool


def cores() -> int:
    """How many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def step_back() -> None:
    """Give the calling thread the processor and the disk after all others.

    On Linux a thread has a priority of its own, and the one for the disk follows it
    (``ioprio_set(2)``: without one, it is made from the niceness). Elsewhere nothing is done.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
