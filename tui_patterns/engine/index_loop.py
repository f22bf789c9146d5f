"""The indexing thread of an engine: the holder of the lock indexes, a guest follows.

A guest hands its folders to the holder through the store, shows what the holder
says of itself, and takes over when it is gone.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tui_patterns.engine.holder import Holder
from tui_patterns.engine.lock import IndexLock, holder
from tui_patterns.engine.status import StatusBoard
from tui_patterns.models import Change
from tui_patterns.settings import Settings
from tui_patterns.store import patterns, requests, status
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, explain

logger = logging.getLogger(__name__)

FOLLOW_S = 0.5
STOP_S = 10.0


class IndexLoop:
    """Owns the indexing thread. ``owner`` is set while this engine holds the index lock."""

    def __init__(
        self,
        database: Path,
        roots: Sequence[Path],
        settings_for: Callable[[Path | None], Settings],
        board: StatusBoard,
        on_change: Callable[[Change], None],
    ) -> None:
        self._database = database
        self._roots = list(dict.fromkeys(root.resolve() for root in roots))
        self._settings_for = settings_for
        self._board = board
        self._on_change = on_change
        self._lock = IndexLock(database.parent, "engine")
        self._asked: set[Path] = set()
        self._leader: dict[str, Any] | None = None
        self._holder: Holder | None = None
        self._stop = threading.Event()
        self.owner = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand, and release the lock."""
        self._stop.set()
        self._thread.join(timeout=STOP_S)

    def rescan(self) -> None:
        """Compare every folder with the store; from any thread."""
        if self._holder is not None:
            self._holder.rescan(self._roots)
        else:
            self._asked.clear()

    def _run(self) -> None:
        conn: sqlite3.Connection | None = None
        try:
            conn = connect(self._database, durable=False)
            while not self._stop.is_set():
                self._turn(conn)
        except StoreError as error:
            self._end(str(error))
        except Exception as error:
            logger.exception("the indexer stopped")
            self._end(f"indexing stopped: {error}")
        finally:
            self.owner.clear()
            if self._holder is not None:
                self._holder.close()
            if conn is not None:
                conn.close()
            self._lock.release()

    def _end(self, reason: str) -> None:
        self._board.trouble("store", reason)
        self._board.update(state="stopped")

    def _turn(self, conn: sqlite3.Connection) -> None:
        try:
            held = self._holder or self._take_over(conn)
            if held is not None:
                held.turn()
            else:
                self._follow(conn)
        except (sqlite3.Error, OSError) as error:
            self._board.trouble("store", explain(error, self._database))
            self._stop.wait(FOLLOW_S)

    def _take_over(self, conn: sqlite3.Connection) -> Holder | None:
        """Become the holder, if nobody is."""
        if not self._lock.try_acquire():
            return None
        held = Holder(conn, self._database, self._settings_for, self._board, self._on_change, self._stop)
        held.begin(self._roots)
        self._holder = held
        self.owner.set()
        self._board.update(role="owner")
        return held

    def _follow(self, conn: sqlite3.Connection) -> None:
        """As a guest: ask the holder for our folders, and show what it says of itself."""
        if (leader := holder(self._database.parent)) != self._leader:
            self._leader = leader
            self._asked.clear()  # a new one knows nothing of what its predecessor watched
        for root in self._roots:
            if root not in self._asked:
                requests.ask(conn, str(root), {})
                self._asked.add(root)
        said = status.said(conn, "engine")
        self._board.follow(said[0] if said else {}, patterns.count(conn))
        self._stop.wait(FOLLOW_S)
