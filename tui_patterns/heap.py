"""What glibc keeps of the memory that was freed: as few heaps as do, and free pages go back at rest.

Elsewhere nothing is done.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from typing import Any

M_ARENA_MAX = -8  # malloc.h
HEAPS = 2


def share_heaps() -> None:
    """glibc gives each thread a heap of its own, and none of them back: two are enough here."""
    with suppress(OSError, AttributeError):
        _c().mallopt(M_ARENA_MAX, HEAPS)


def give_back() -> None:
    """Free garbage, and return free pages to the system (malloc_trim(3)); takes tens of milliseconds."""
    gc.collect()
    with suppress(OSError, AttributeError):
        _c().malloc_trim(0)


def _c() -> Any:
    """The C library; raises OSError where it is not glibc's."""
    if not sys.platform.startswith("linux"):
        raise OSError("not Linux")
    import ctypes

    return ctypes.CDLL(None)
