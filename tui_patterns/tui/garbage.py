"""When garbage is looked for: in moments without keys, and not among what start-up made.

A full collection looks at every object, with the interpreter held, and a frame waits for it: 40 ms after a
minute of use. So the young ones alone run by themselves; the full one is called for here, and what is alive
after start-up is set aside (``gc.freeze``), so that it has little to look at. What is alive later is not:
rows and answers would be kept until the app rests for long, ten megabytes of them after a first index.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

LOOK_S = 0.5
"""How often somebody should ask whether it is time."""
YOUNG, MIDDLING, NEVER = 3_000, 6, 1_000_000  # short, since a frame waits: rows read by threads count too
RESTED_S, LONG_RESTED_S = 1.0, 20.0  # without a key
WHOLE_S = 300.0  # between two looks at everything
DUE, OVERDUE = 3, 6  # collections of the middling: then in a moment without keys, then in any


class Garbage:
    """``touched`` with each key and ``look`` now and then, once ``begin`` was called."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = clock()
        self._whole = self._key

    def begin(self) -> None:
        """Start-up is over: what it made stays."""
        gc.enable()
        gc.set_threshold(YOUNG, MIDDLING, NEVER)
        self._set_aside()

    def touched(self) -> None:
        """A key was pressed."""
        self._key = self._clock()

    def look(self) -> None:
        """Collect if there is enough to look at and nobody waits; after a long rest, among everything."""
        now, due = self._clock(), gc.get_count()[2]
        rested = now - self._key
        if rested >= LONG_RESTED_S and now - self._whole >= WHOLE_S:
            self._whole = now
            gc.unfreeze()  # what was set aside in use may be garbage by now
            self._set_aside()
        elif due >= (DUE if rested >= RESTED_S else OVERDUE):
            gc.collect()

    @staticmethod
    def _set_aside() -> None:
        gc.collect()
        gc.freeze()
