"""Does Chroma still find what it holds? Looked at in idle moments; where not, built anew beside the old one.

Deleting and replacing only marks nodes of its graph, and what is left may become
unreachable while counts look right. So once a tenth has been replaced or removed,
every vector is asked for, a few at a time. If one does not find itself, a new
collection is filled while the old one goes on answering, and then takes its place;
so too when as much was replaced as it holds, since that goes on taking room.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from tui_patterns.store import synced

if TYPE_CHECKING:
    from tui_patterns.search.chroma import ChromaIndex

logger = logging.getLogger(__name__)

LEAST_CHURN, CHURN_SHARE = 200, 0.1
LEAST_DEAD = 1_000
SLICE = 32  # questions of some milliseconds each, once a second
BUILD_S = 0.4  # of each second
Fill = Callable[[sqlite3.Connection, "ChromaIndex"], bool]


class ChromaAudit:
    """One collection's audit; all of it is one thread's."""

    def __init__(self, fingerprint: str, dimension: int, lock: AbstractContextManager[object]) -> None:
        self._fingerprint = fingerprint
        self._dimension = dimension
        self._lock = lock
        self._successor: ChromaIndex | None = None

    def step(
        self, conn: sqlite3.Connection, chroma: ChromaIndex, fill: Fill, stop: threading.Event
    ) -> ChromaIndex:
        """A little of what is due; the collection to use from now on.

        ``fill`` puts one batch of what a collection lacks into it, false when nothing is
        lacking. Raises as ``ChromaIndex`` does.
        """
        if self._successor is not None:
            return self._build(conn, chroma, self._successor, fill, stop)
        known = synced.audit(conn, chroma.key)
        if known.reached is None and known.churn < LEAST_CHURN:
            return chroma
        held = synced.held(conn, chroma.key)
        if known.dead >= max(LEAST_DEAD, held) or (
            self._is_due(known, held) and self._look(conn, chroma, known)
        ):
            logger.warning(
                "a new Chroma collection is filled beside the old one, which lost or wastes too much"
            )
            with self._lock:
                self._successor = chroma.successor()
        return chroma

    def abandon(self) -> None:
        """Chroma is closed: a successor that was not complete is begun anew some time."""
        self._successor = None

    def _is_due(self, known: synced.Audit, held: int) -> bool:
        return known.reached is not None or known.churn >= CHURN_SHARE * held

    def _look(self, conn: sqlite3.Connection, chroma: ChromaIndex, known: synced.Audit) -> bool:
        """Whether one of the next few does not find itself."""
        from tui_patterns.search.exact import as_matrix

        rows = synced.to_audit(conn, chroma.key, self._fingerprint, known.reached or 0, SLICE)
        if not rows:
            synced.audited(conn, chroma.key)
            return False
        for _, vector in rows:
            with self._lock:
                if chroma.lost(as_matrix(vector, self._dimension)):
                    return True
        synced.audited_to(conn, chroma.key, rows[-1][0])
        return False

    def _build(
        self,
        conn: sqlite3.Connection,
        chroma: ChromaIndex,
        successor: ChromaIndex,
        fill: Fill,
        stop: threading.Event,
    ) -> ChromaIndex:
        end = time.monotonic() + BUILD_S
        while not stop.is_set() and time.monotonic() < end:
            if not fill(conn, successor):
                with self._lock:
                    successor.take_place()
                synced.forget_collection(conn, chroma.key)
                self._successor = None
                return successor
        return chroma
