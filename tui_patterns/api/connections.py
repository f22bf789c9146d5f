"""Connections to one database, lent to whichever thread asks, and what a face is told when it fails."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_patterns.search.lexical import SearchInterrupted
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import BUSY_TIMEOUT_MS, connect, explain


class LibraryError(Exception):
    """One clear line for a person: what cannot be done, and what to do."""


class Connections:
    """Opens a connection when none is free; as many as were ever in use at once.

    ``patience_ms`` is how long an operation of one that is opened from now on waits for other writers.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.patience_ms = BUSY_TIMEOUT_MS
        self._free: list[sqlite3.Connection] = []
        self._searching: set[sqlite3.Connection] = set()
        self._stopped: set[sqlite3.Connection] = set()
        self._lock = threading.Lock()

    @contextmanager
    def lend(self, *, searching: bool = False) -> Iterator[sqlite3.Connection]:
        """A connection for one operation; database errors come out as StoreError.

        ``searching`` ones are those that ``interrupt`` stops: SearchInterrupted then.
        """
        conn = self._take()
        if searching:
            with self._lock:
                self._searching.add(conn)
        try:
            yield conn
        except sqlite3.Error as error:
            if conn in self._stopped:  # whatever SQLite calls it: FTS5 cannot open its tables then
                raise SearchInterrupted from error
            raise StoreError(explain(error, self.path, self.patience_ms)) from error
        finally:
            with self._lock:
                self._searching.discard(conn)
                self._stopped.discard(conn)
                self._free.append(conn)

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._free:
                return self._free.pop()
        return connect(self.path, check_same_thread=False, patience_ms=self.patience_ms)

    def interrupt(self) -> None:
        """Stop what searches now; from any thread."""
        with self._lock:
            self._stopped |= self._searching
            for conn in self._searching:
                conn.interrupt()

    def close(self) -> None:
        """Close what is not in use."""
        with self._lock:
            free, self._free = self._free, []
        for conn in free:
            conn.close()
