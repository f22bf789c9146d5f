"""How fast a count grows, and when it will be done."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SPAN_S = 15.0  # what the rate is taken over: batches of long and of short texts even out
LEAST_S = 0.5


class Pace:
    """The rate at which a count has grown lately, in units a second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, done: int) -> None:
        """The count is ``done`` now; one that has shrunk begins anew."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] <= now - SPAN_S:
            self._seen.popleft()

    def rest(self) -> None:
        """Nothing is done for a while: the pause is no slowness."""
        self._seen.clear()

    @property
    def rate(self) -> float | None:
        """Units a second; ``None`` until half a second was seen, and while nothing grows."""
        if len(self._seen) < 2:
            return None
        (started, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / (ended - started) if ended - started >= LEAST_S and last > first else None

    def remaining_s(self, left: int) -> float | None:
        """Seconds until ``left`` more are done, at this rate."""
        rate = self.rate
        return left / rate if rate is not None else None
