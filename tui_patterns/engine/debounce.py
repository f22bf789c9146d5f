"""Gathering changes into batches: quiet for a moment, but never longer than a maximum wait. Pure.

A trailing debounce alone starves under steady writes, and a fixed window
alone cuts a branch checkout in pieces: so a batch is due ``quiet_s`` after
the last change, or ``max_wait_s`` after the first, whichever comes first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_PATHS = 16_384


@dataclass(frozen=True, slots=True)
class Changes:
    """What was gathered. Paths are POSIX and relative.

    ``trees``: folders to look through again ("" is everything). ``settled``:
    the changes had stopped when the batch was taken, so that what is missing
    now is likely to be gone for good rather than on its way.
    """

    paths: frozenset[str]
    trees: frozenset[str]
    settled: bool

    @property
    def prefix(self) -> str | None:
        """The deepest folder that holds all ``trees``; ``None`` is the whole root."""
        return common_folder(self.trees) or None


class Debouncer:
    """Gathers the changes below one root. Not thread-safe: the owner holds a lock.

    :param quiet_s: seconds without a change before a batch is due.
    :param max_wait_s: most seconds that a change may wait.
    :param clock: monotonic seconds.
    :param max_paths: with more paths than this, looking through everything is cheaper.
    """

    def __init__(
        self,
        quiet_s: float = 0.1,
        max_wait_s: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        max_paths: int = MAX_PATHS,
    ) -> None:
        self._quiet_s = quiet_s
        self._max_wait_s = max(max_wait_s, quiet_s)
        self._clock = clock
        self._max_paths = max_paths
        self._first: float | None = None
        self._last: float = 0.0
        self._paths: set[str] = set()
        self._trees: set[str] = set()

    def touch(self, path: str) -> bool:
        """A file changed, came or went. True if this is the first change of a batch."""
        if len(self._paths) < self._max_paths:
            self._paths.add(path)
        elif path not in self._paths:
            self._trees.add("")
        return self._mark()

    def touch_tree(self, folder: str = "") -> bool:
        """Anything below ``folder`` may have changed. True if this is the first change of a batch."""
        self._trees.add(folder)
        return self._mark()

    def add_tree(self, folder: str) -> None:
        """Put ``folder`` into the batch that is under way; it counts as no change of its own."""
        self._trees.add(folder)

    def due(self) -> float | None:
        """When the batch should be taken, by the clock; ``None`` if there is none."""
        if self._first is None:
            return None
        return min(self._last + self._quiet_s, self._first + self._max_wait_s)

    def is_due(self) -> bool:
        """Whether `take` would give a batch now."""
        due = self.due()
        return due is not None and self._clock() >= due

    def take(self, *, early: bool = False) -> Changes | None:
        """The batch if it is due (or, if ``early``, as far as it has come), and start anew.

        A batch that is not settled is always followed by another, which is
        empty if nothing else changed: it says that the storm is over.
        """
        now = self._clock()
        if self._first is None or not (early or self.is_due()):
            return None
        paths = frozenset() if "" in self._trees else frozenset(self._paths)
        changes = Changes(paths, frozenset(self._trees), settled=now >= self._last + self._quiet_s)
        self._first = None if changes.settled else now
        self._paths, self._trees = set(), set()
        return changes

    def _mark(self) -> bool:
        self._last = self._clock()
        if self._first is not None:
            return False
        self._first = self._last
        return True


def common_folder(folders: Iterable[str]) -> str:
    """The deepest folder at or above all of ``folders``; "" if only the root is."""
    split = [folder.split("/") if folder else [] for folder in folders]
    if not split:
        return ""
    shortest, longest = min(split), max(split)
    same = 0
    while same < min(len(shortest), len(longest)) and shortest[same] == longest[same]:
        same += 1
    return "/".join(shortest[:same])
