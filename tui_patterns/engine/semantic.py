"""Search by meaning over the store: vectors for what lacks one, then Chroma or the exact scan to ask."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.embedding.model import EmbeddingModel
from tui_patterns.embedding.pooled import embed_documents
from tui_patterns.engine import likeness
from tui_patterns.engine.backlog import Backlog
from tui_patterns.engine.chroma_sync import FOLDER, ChromaSync
from tui_patterns.engine.lock import IndexLock
from tui_patterns.models import Filters, IndexKind, SemanticRows
from tui_patterns.search.chroma_folder import ChromaDamaged, ChromaUnavailable
from tui_patterns.search.narrowed import nearest
from tui_patterns.search.vectors import Match
from tui_patterns.settings import Settings
from tui_patterns.store import patterns, synced, vectors
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    import numpy as np

    from tui_patterns.search.exact import ExactIndex

FORGOTTEN = 1_000  # vectors deleted at once: other writers wait meanwhile
LEAST_KEPT = 2_000  # documents out of use that are kept, or as many as are in use


class Semantic:
    """One model over one store. Embedding is one thread's; ``rows`` and ``one_shot`` are any thread's."""

    def __init__(
        self,
        model: EmbeddingModel,
        settings: Settings,
        data_dir: Path,
        *,
        deadline_s: float | None = None,
        lock: threading.Lock | None = None,
    ) -> None:
        """``deadline_s`` is as in ``CrashGuard``: for a process that another one starts again.

        Two models over one folder share a ``lock``.
        """
        self._model = model
        self._served = bool(settings.index.chroma)
        self._data_dir = data_dir
        self._max_cosine = settings.extraction.max_similarity
        self.fingerprint = model.fingerprint
        self.note: str | None = None
        self.backlog = Backlog(self.fingerprint)
        self.chroma = ChromaSync(self.fingerprint, model.dimension, settings, data_dir, deadline_s, lock)

    @property
    def kind(self) -> IndexKind:
        """What answers a query now."""
        return "chroma" if self.chroma.in_step else "exact"

    def look(self, conn: sqlite3.Connection) -> str | None:
        """One line on what is wrong with the embedded folder, as the next search would find it."""
        if not self._served and (self._data_dir / FOLDER).exists():
            self._ask_reader(conn, [self.embed_query("look")], 1, Filters())
        return self.note

    def embed_batch(self, conn: sqlite3.Connection, size: int, *, urgent: bool = False) -> int:
        """Embed up to ``size`` documents without a vector, or only what is urgent; how many there were."""
        missing = self.backlog.take(conn, size, urgent=urgent)
        if missing:
            rows = embed_documents(self._model, [body for _, body in missing], batch_size=size)
            blobs = [(doc_hash, row.tobytes()) for (doc_hash, _), row in zip(missing, rows, strict=True)]
            with transaction(conn):
                vectors.save(conn, self.fingerprint, blobs)
                likeness.embedded(conn, [doc_hash for doc_hash, _ in missing], self._max_cosine)
        return len(missing)

    def tidy(self, conn: sqlite3.Connection, stop: threading.Event) -> None:
        """Every pattern has a vector: delete what other models and former documents left behind."""
        for other in vectors.models(conn):
            while other != self.fingerprint and not stop.is_set():
                if not vectors.forget_model(conn, other, FORGOTTEN):
                    break
        with transaction(conn):
            vectors.forget_orphans(conn, max(LEAST_KEPT, vectors.share(conn, self.fingerprint)[1]))
        self.chroma.drop_others(conn)

    def forget_misfits(self, conn: sqlite3.Connection) -> int:
        """Delete vectors of another dimension than the model's, so that they are made anew; how many."""
        return vectors.forget_misfits(conn, self.fingerprint, self._model.dimension)

    def embed_query(self, query: str) -> np.ndarray:
        """The vector of a question."""
        return self.embed_queries([query])[0]

    def embed_queries(self, queries: Sequence[str]) -> list[np.ndarray]:
        """The vectors of several questions, in one batch."""
        return list(self._model.embed(queries, role="query"))

    def embed_example(self, document: str) -> np.ndarray:
        """The vector of a document (``embedding.document``), as a pattern's own would be."""
        row: np.ndarray = embed_documents(self._model, [document])[0]
        return row

    def rows(self, conn: sqlite3.Connection, query: str, limit: int, filters: Filters) -> SemanticRows:
        """The patterns nearest to ``query`` in meaning, best first."""
        return self.around(conn, [self.embed_query(query)], limit, filters)[0]

    def around(
        self, conn: sqlite3.Connection, asked: Sequence[np.ndarray], limit: int, filters: Filters
    ) -> list[SemanticRows]:
        """The same for each of several vectors of length 1 that are known already."""
        found = [nearest(conn, self.chroma.ask, vector, limit, filters, self.fingerprint) for vector in asked]
        return self._answers(conn, asked, limit, filters, found)

    def one_shot(self, conn: sqlite3.Connection, query: str, limit: int, filters: Filters) -> SemanticRows:
        """The same from a process that holds neither the lock nor Chroma, and needs no more than this."""
        return self.near(conn, [self.embed_query(query)], limit, filters)[0]

    def near(
        self, conn: sqlite3.Connection, asked: Sequence[np.ndarray], limit: int, filters: Filters
    ) -> list[SemanticRows]:
        """As ``one_shot``, for several vectors of length 1: the index is opened once."""
        found = None if self._served else self._ask_reader(conn, asked, limit, filters)
        return self._answers(conn, asked, limit, filters, found or [None] * len(asked))

    def _answers(
        self,
        conn: sqlite3.Connection,
        asked: Sequence[np.ndarray],
        limit: int,
        filters: Filters,
        found: Sequence[list[Match] | None],
    ) -> list[SemanticRows]:
        """What Chroma ``found`` of each; where it could not tell, all by one scan."""
        kind: IndexKind = "exact" if None in found else "chroma"
        if None in found:
            index, allowed = self._exact(conn), patterns.allowed(conn, filters)
            found = [index.query(vector, limit, allowed) for vector in asked]
        return [
            SemanticRows(tuple(matches or ()), kind, self.fingerprint, vector.tobytes(), self.note)
            for vector, matches in zip(asked, found, strict=True)
        ]

    def _ask_reader(
        self, conn: sqlite3.Connection, asked: Sequence[np.ndarray], limit: int, filters: Filters
    ) -> list[list[Match] | None] | None:
        """Chroma's native part, if nobody else owns the folder and it is in step with the store."""
        from tui_patterns.search.chroma_reader import ChromaReader

        lock, self.note = IndexLock(self._data_dir, "search"), None
        try:
            if not lock.try_acquire():
                return None
            reader = ChromaReader(self._data_dir / FOLDER, self.fingerprint)
            try:
                in_step = synced.is_synced(conn, reader.key, self.fingerprint)
                if not in_step:
                    return None
                return [
                    nearest(conn, reader.query, vector, limit, filters, self.fingerprint) for vector in asked
                ]
            finally:
                reader.close()
        except ChromaDamaged as error:
            self.note = f"{error}; an exact scan answers meanwhile, `patterns-tui reindex` builds it again"
            return None
        except (ChromaUnavailable, OSError):
            return None
        finally:
            lock.release()

    def _exact(self, conn: sqlite3.Connection) -> ExactIndex:
        from tui_patterns.search.exact import ExactIndex

        try:
            return ExactIndex.from_blob(*vectors.live(conn, self.fingerprint), self._model.dimension)
        except ValueError:
            if not self.forget_misfits(conn):
                raise
            return ExactIndex.from_blob(*vectors.live(conn, self.fingerprint), self._model.dimension)
