"""Which documents to embed next: what was just edited, what is on screen, then the rest, newest first."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Sequence

from tui_patterns.store import documents, vectors

WINDOW = 2_048  # finding what lacks a vector reads all patterns: once for so many documents
MOST_URGENT = 512


class Backlog:
    """One model's documents without a vector. ``edited`` and ``shown`` are any thread's, ``take`` one's."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._edited: deque[str] = deque(maxlen=MOST_URGENT)
        self._shown: tuple[str, ...] = ()
        self._window: deque[str] = deque()
        self._lock = threading.Lock()

    def edited(self, ids: Iterable[str]) -> None:
        """A person has just saved these patterns: before all others, the last saved first."""
        with self._lock:
            self._edited.extendleft(ids)

    def shown(self, ids: Sequence[str]) -> None:
        """These patterns are on somebody's screen now, in place of those before."""
        with self._lock:
            self._shown = tuple(ids)[:MOST_URGENT]

    def take(self, conn: sqlite3.Connection, size: int, *, urgent: bool = False) -> list[tuple[str, str]]:
        """Up to ``size`` (hash, text) without a vector; empty when there is none left.

        With ``urgent`` only what was edited or is shown. What is taken and not given a
        vector comes again when the rest is done.
        """
        hashes = self._urgent(conn)[:size]
        found = documents.without_vector(conn, self._fingerprint, hashes)
        while len(found) < size and not urgent:
            more = self._next(conn, size - len(found), {one for one, _ in found})
            if not more:
                break
            found += documents.without_vector(conn, self._fingerprint, more)
        return found

    def _urgent(self, conn: sqlite3.Connection) -> list[str]:
        with self._lock:
            edited, shown = tuple(self._edited), self._shown
        found = vectors.missing_among(conn, self._fingerprint, (*edited, *shown)) if edited or shown else []
        if not found:
            with self._lock:
                if tuple(self._edited) == edited:
                    self._edited.clear()
        return found

    def _next(self, conn: sqlite3.Connection, size: int, taken: set[str]) -> list[str]:
        """From the window, which is filled again when it is empty."""
        if not self._window:
            self._window.extend(vectors.missing(conn, self._fingerprint, WINDOW))
            if taken.issuperset(self._window):
                self._window.clear()
        return [
            one for _ in range(min(size, len(self._window))) if (one := self._window.popleft()) not in taken
        ]
