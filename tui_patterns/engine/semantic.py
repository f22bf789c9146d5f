"""Search by meaning over the store: vectors for what lacks one, then Chroma or the exact scan to ask."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.embedding.model import EmbeddingModel
from tui_patterns.engine.lock import IndexLock
from tui_patterns.models import Filters, IndexKind, SemanticRows
from tui_patterns.search.chroma_folder import ChromaDamaged, ChromaUnavailable
from tui_patterns.search.vectors import Match
from tui_patterns.settings import Settings
from tui_patterns.store import patterns, vectors
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    import numpy as np

    from tui_patterns.search.chroma import ChromaIndex

logger = logging.getLogger(__name__)

SYNC_BATCH = 64  # upserts that a waiting query has to sit out, at most
SPOT_CHECK = 8
FOLDER = "chroma"


class Semantic:
    """One model over one store. Embedding and syncing are one thread's; ``rows`` is any thread's."""

    def __init__(
        self, model: EmbeddingModel, settings: Settings, data_dir: Path, *, deadline_s: float | None = None
    ) -> None:
        """``deadline_s`` is as in ``CrashGuard``: for a process that another one starts again."""
        self._deadline_s = deadline_s
        self._model = model
        self._index = settings.index
        self._data_dir = data_dir
        self._chroma: ChromaIndex | None = None
        self._chroma_lock = threading.Lock()
        self._in_step = False  # whether Chroma has held everything once since it was opened
        self.fingerprint = model.fingerprint

    @property
    def kind(self) -> IndexKind:
        """What answers a query now."""
        return "chroma" if self._in_step else "exact"

    # -- vectors -----------------------------------------------------------------

    def embed_batch(self, conn: sqlite3.Connection, size: int) -> int:
        """Embed up to ``size`` documents that lack a vector; how many there were."""
        missing = vectors.missing(conn, self.fingerprint, size)
        if missing:
            rows = self._model.embed([body for _, body in missing], batch_size=size)
            blobs = [(doc_hash, row.tobytes()) for (doc_hash, _), row in zip(missing, rows, strict=True)]
            with transaction(conn):
                vectors.save(conn, self.fingerprint, blobs)
        return len(missing)

    def _embed_query(self, query: str) -> np.ndarray:
        row: np.ndarray = self._model.embed([query], role="query")[0]
        return row

    # -- asking --------------------------------------------------------------------

    def rows(self, conn: sqlite3.Connection, query: str, limit: int, filters: Filters) -> SemanticRows:
        """The patterns nearest to ``query`` in meaning, best first."""
        vector = self._embed_query(query)
        allowed = patterns.allowed(conn, filters)
        found = self._ask_chroma(vector, limit, allowed) if self._in_step else None
        return self._answer(conn, vector, limit, allowed, found)

    def one_shot(self, conn: sqlite3.Connection, query: str, limit: int, filters: Filters) -> SemanticRows:
        """The same from a process that holds neither the lock nor Chroma, and needs no more than this."""
        vector = self._embed_query(query)
        allowed = patterns.allowed(conn, filters)
        found = self._ask_reader(conn, vector, limit, allowed) if not self._index.chroma else None
        return self._answer(conn, vector, limit, allowed, found)

    def _answer(
        self,
        conn: sqlite3.Connection,
        vector: np.ndarray,
        limit: int,
        allowed: Collection[str] | None,
        found: list[Match] | None,
    ) -> SemanticRows:
        kind: IndexKind = "exact" if found is None else "chroma"
        matches = self._scan(conn, vector, limit, allowed) if found is None else found
        return SemanticRows(tuple(matches), kind, self.fingerprint, vector.tobytes())

    def _ask_chroma(
        self, vector: np.ndarray, limit: int, allowed: Collection[str] | None
    ) -> list[Match] | None:
        try:
            with self._chroma_lock:
                return self._chroma.query(vector, limit, allowed) if self._chroma else None
        except (ChromaDamaged, ChromaUnavailable):
            logger.exception("Chroma could not answer; the exact scan does until it is opened again")
            self.release_chroma()
            return None

    def _ask_reader(
        self, conn: sqlite3.Connection, vector: np.ndarray, limit: int, allowed: Collection[str] | None
    ) -> list[Match] | None:
        """Chroma's native part, if nobody else owns the folder and it is in step with the store."""
        from tui_patterns.search.chroma_reader import ChromaReader

        lock = IndexLock(self._data_dir, "search")
        try:
            if not lock.try_acquire():
                return None
            reader = ChromaReader(self._data_dir / FOLDER, self.fingerprint)
            try:
                in_step = vectors.is_synced(conn, reader.key, self.fingerprint)
                return reader.query(vector, limit, allowed) if in_step else None
            finally:
                reader.close()
        except (ChromaDamaged, ChromaUnavailable, OSError):
            return None
        finally:
            lock.release()

    def _scan(
        self, conn: sqlite3.Connection, vector: np.ndarray, limit: int, allowed: Collection[str] | None
    ) -> list[Match]:
        from tui_patterns.search.exact import ExactIndex

        ids, blob = vectors.live(conn, self.fingerprint)
        return ExactIndex.from_blob(ids, blob, self._model.dimension).query(vector, limit, allowed)

    # -- keeping Chroma in step ------------------------------------------------------

    def sync(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        """Bring Chroma in step with the store. Only while holding the index lock.

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
            self.release_chroma()
            raise
        self._in_step = not stop.is_set()

    def _bring_in_step(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        chroma = self._chroma or self._open(conn)
        while not stop.is_set() and (self._sync_some(conn, chroma) or self._unsync_some(conn, chroma)):
            pass

    def _open(self, conn: sqlite3.Connection) -> ChromaIndex:
        from tui_patterns.search.chroma import open_or_rebuild

        with self._chroma_lock:
            self._chroma = chroma = open_or_rebuild(
                self._data_dir / FOLDER,
                self.fingerprint,
                self._model.dimension,
                self._index.chroma,
                self._index.chroma_headers,
                self._deadline_s,
            )
            self._spot_check(conn, chroma)
        return chroma

    def _spot_check(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> None:
        """Chroma keeps no checksums: see whether it finds what it was given. Raises ChromaDamaged."""
        from tui_patterns.search.exact import as_matrix

        given = vectors.synced_sample(conn, chroma.key, self.fingerprint, SPOT_CHECK)
        if 2 * len(chroma.lost(as_matrix(b"".join(given), self._model.dimension))) > len(given):
            raise ChromaDamaged("Chroma no longer finds the vectors that it was given")

    def _rebuild(self) -> None:
        from tui_patterns.search.chroma import rebuild

        self.release_chroma()
        with self._chroma_lock:
            self._chroma = rebuild(
                self._data_dir / FOLDER, self.fingerprint, self._model.dimension, self._deadline_s
            )

    def _sync_some(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> bool:
        """Upsert a batch that Chroma lacks; ``False`` when there is none."""
        from tui_patterns.search.exact import as_matrix

        pending = vectors.to_sync(conn, chroma.key, self.fingerprint, SYNC_BATCH)
        if not pending:
            return False
        rows = as_matrix(b"".join(row.vector for row in pending), self._model.dimension)
        with self._chroma_lock:
            chroma.upsert([row.id for row in pending], rows, [{"doc_hash": row.doc_hash} for row in pending])
        with transaction(conn):
            vectors.mark_synced(conn, chroma.key, [(row.row_id, row.doc_hash) for row in pending])
        return True

    def _unsync_some(self, conn: sqlite3.Connection, chroma: ChromaIndex) -> bool:
        """Delete a batch whose patterns are gone; ``False`` when there is none."""
        gone = vectors.to_unsync(conn, chroma.key, SYNC_BATCH)
        if not gone:
            return False
        with self._chroma_lock:
            chroma.delete([uuid for _, uuid in gone])
        with transaction(conn):
            vectors.mark_unsynced(conn, chroma.key, [row_id for row_id, _ in gone])
        return True

    def release_chroma(self) -> None:
        """Close Chroma: it belongs to whoever holds the lock."""
        with self._chroma_lock:
            self._in_step = False
            if self._chroma is not None:
                self._chroma.close()
                self._chroma = None
