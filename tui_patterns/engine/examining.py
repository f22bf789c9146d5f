"""Anti-patterns of what one index run changed: children look for them while this process embeds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from tui_patterns.engine.examiner import Examination
from tui_patterns.extraction.antipatterns import RuffFailed


class RunExamination:
    """The examination of some projects, begun and finished by one thread on one connection."""

    def __init__(self, conn: sqlite3.Connection, roots: Sequence[str], jobs: int) -> None:
        self._roots = roots
        self._jobs = jobs
        self._work = Examination(conn)
        self._begun: list[Callable[[], int]] = []

    def begin(self) -> None:
        """Start children, on all cores but the one that this process goes on with. Raises sqlite3.Error."""
        jobs = max(1, self._jobs - 1)
        self._begun = [self._work.begin(root, jobs) for root in self._roots]

    def finish(self) -> int:
        """Store what they found, and examine the rest; how many files were. Raises sqlite3.Error.

        Where ruff fails, the command ``antipatterns`` says why: patterns are indexed all the same.
        """
        examined = 0
        try:
            for store in self._begun:
                examined += store()
            for root in self._roots:
                while count := self._work.step(root=root, jobs=self._jobs):
                    examined += count
        except RuffFailed:
            pass
        return examined
