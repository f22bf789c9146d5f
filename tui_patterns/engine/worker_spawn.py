"""Fresh processes that import nothing but what they are for.

multiprocessing's *spawn* imports the parent's main module into every child,
and starts it with the current folder first on the import path. The one would
load a whole application into a parser, and run a script without a ``__main__``
guard again; the other would run a watched project's own ``random.py``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any

_SAFE_PATH = "PYTHONSAFEPATH"
_swapping = threading.Lock()


class _BareProcess(SpawnProcess):
    """A spawned process without the parent's main module."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with _bare_surroundings(), _deaf_to_ctrl_c():
            return SpawnProcess._Popen(process_obj)


class BareSpawnContext(SpawnContext):
    """The *spawn* start method, by way of BareProcess."""

    Process = _BareProcess


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """A child inherits what this thread blocks: Ctrl-C is for its parent, also while it starts."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would end the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _bare_surroundings() -> Iterator[None]:
    """While a child starts: an empty main module, and no current folder on its import path."""
    with _swapping:
        main, safe = sys.modules["__main__"], os.environ.get(_SAFE_PATH)
        sys.modules["__main__"] = types.ModuleType("__main__")
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            sys.modules["__main__"] = main
            if safe is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = safe
