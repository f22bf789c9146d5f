"""Keeping Chroma in step with the store, and asking it. Only for the holder of the index lock."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.engine.chroma_audit import ChromaAudit
from tui_patterns.search.chroma_folder import ChromaDamaged, ChromaUnavailable
from tui_patterns.search.vectors import Match
from tui_patterns.settings import Settings
from tui_patterns.store import synced
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    import numpy as np

    from tui_patterns.search.chroma import ChromaIndex

logger = logging.getLogger(__name__)

BATCH = 64  # upserts that a waiting question has to sit out, at most
SPOT_CHECK = 8
FOLDER = "chroma"


class ChromaSync:
    """One model's collection, opened when first synced. ``ask`` is any thread's, the rest one thread's."""

    def __init__(
        self,
        fingerprint: str,
        dimension: int,
        settings: Settings,
        data_dir: Path,
        deadline_s: float | None = None,
        lock: threading.Lock | None = None,
    ) -> None:
        """``deadline_s`` is as in ``CrashGuard``: for a process that another one starts again.

        ``lock`` is shared by all that use the folder.
        """
        self.in_step = False
        """Whether Chroma has held everything, and something, once since it was opened."""
        self._fingerprint = fingerprint
        self._dimension = dimension
        self._server = settings.index
        self._folder = data_dir / FOLDER
        self._deadline_s = deadline_s
        self._chroma: ChromaIndex | None = None
        self._lock = lock or threading.Lock()
        self._audit = ChromaAudit(fingerprint, dimension, self._lock)
        self._after = 0  # the row id that the batch before came to: nothing is looked through twice

    def ask(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None) -> list[Match] | None:
        """The nearest patterns, or ``None`` while Chroma cannot tell."""
        if not self.in_step:
            return None
        try:
            with self._lock:
                return self._chroma.query(vector, limit, allowed) if self._chroma else None
        except (ChromaDamaged, ChromaUnavailable):
            logger.exception("Chroma could not answer; the exact scan does until it is opened again")
            self.release()
            return None

    def load(self) -> None:
        """Load Chroma's library at a time when that costs least; if it fails, ``sync`` says so."""
        from tui_patterns.search.chroma_client import loaded

        with suppress(ChromaUnavailable):
            loaded()

    def sync(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        """Bring Chroma in step with the store.

        Raises ChromaUnavailable, ChromaDamaged; the next call then opens it anew.
        """
        try:
            try:
                self._bring_in_step(conn, stop)
            except ChromaDamaged:  # it opened, and broke in use
                logger.exception("the Chroma folder is set aside and built anew")
                self._rebuild()
                self._bring_in_step(conn, stop)
        except (ChromaDamaged, ChromaUnavailable):
            self.release()
            raise
        if not self.in_step:  # an empty one is in step too, until the first patterns are embedded
            self.in_step = not stop.is_set() and self._holds_any(conn)

    def _bring_in_step(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        chroma = self._chroma or self._open(conn)
        self._after = 0
        while not stop.is_set() and self._fill(conn, chroma):
            pass

    def _holds_any(self, conn: sqlite3.Connection) -> bool:
        return self._chroma is not None and synced.held(conn, self._chroma.key) > 0

    def _fill(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> bool:
        """One batch of what a collection lacks, or holds though it is gone; ``False`` when it is in step."""
        if self._sync_some(conn, chroma):
            return True
        if self._after:  # what was changed behind it meanwhile
            self._after = 0
            return True
        return self._unsync_some(conn, chroma)

    def _open(self, conn: sqlite3.Connection) -> ChromaIndex:
        from tui_patterns.search.chroma import open_or_rebuild

        with self._lock:
            self._chroma = chroma = open_or_rebuild(
                self._folder,
                self._fingerprint,
                self._dimension,
                self._server.chroma,
                self._server.chroma_headers,
                self._deadline_s,
            )
            self._spot_check(conn, chroma)
        return chroma

    def _spot_check(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> None:
        """Chroma keeps no checksums: see whether it finds what it was given. Raises ChromaDamaged."""
        from tui_patterns.search.exact import as_matrix

        given = synced.synced_sample(conn, chroma.key, self._fingerprint, SPOT_CHECK)
        if 2 * len(chroma.lost(as_matrix(b"".join(given), self._dimension))) > len(given):
            raise ChromaDamaged("Chroma no longer finds the vectors that it was given")

    def _rebuild(self) -> None:
        from tui_patterns.search.chroma import rebuild

        self.release()
        with self._lock:
            self._chroma = rebuild(self._folder, self._fingerprint, self._dimension, self._deadline_s)

    def _sync_some(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> bool:
        """Upsert a batch that Chroma lacks; ``False`` when there is none."""
        from tui_patterns.search.exact import as_matrix

        pending = synced.to_sync(conn, chroma.key, self._fingerprint, BATCH, self._after)
        if not pending:
            return False
        self._after = pending[-1].row_id
        rows = as_matrix(b"".join(row.vector for row in pending), self._dimension)
        with self._lock:
            chroma.upsert([row.id for row in pending], rows)
        with transaction(conn):
            synced.mark_synced(conn, chroma.key, [(row.row_id, row.doc_hash) for row in pending])
            synced.note_churn(conn, chroma.key, sum(row.replaces for row in pending))
        return True

    def _unsync_some(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> bool:
        """Delete a batch whose patterns are gone; ``False`` when there is none."""
        gone = synced.to_unsync(conn, chroma.key, BATCH)
        if not gone:
            return False
        with self._lock:
            chroma.delete([uuid for _, uuid in gone])
        with transaction(conn):
            synced.mark_unsynced(conn, chroma.key, [row_id for row_id, _ in gone])
            synced.note_churn(conn, chroma.key, len(gone))
        return True

    def drop_others(self, conn: sqlite3.Connection) -> None:
        """Delete other models' collections, and what is noted of them. Raises as ``sync`` does."""
        if self._chroma is None:
            return
        with self._lock:
            self._chroma.drop_others()
        synced.forget_other_collections(conn, self._chroma.key)

    def audit(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        """A small part of a look at all that Chroma holds, if one is due; it is built anew if need be.

        Raises as ``sync`` does.
        """
        if self._chroma is None or not self.in_step:
            return
        try:
            found = self._audit.step(conn, self._chroma, self._fill, stop)
        except (ChromaDamaged, ChromaUnavailable):
            self.release()
            raise
        with self._lock:
            self._chroma = found

    def release(self) -> None:
        """Close Chroma: it belongs to whoever holds the lock."""
        with self._lock:
            self.in_step = False
            self._audit.abandon()
            if self._chroma is not None:
                self._chroma.close()
                self._chroma = None
