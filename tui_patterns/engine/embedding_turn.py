"""One pass of the embedding thread: embed, batch by batch, bring Chroma in step, change over, clean up."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Sequence

from tui_patterns.engine.pace import Pace
from tui_patterns.engine.semantic import Semantic
from tui_patterns.engine.status import StatusBoard
from tui_patterns.heap import give_back
from tui_patterns.settings import Settings
from tui_patterns.store import embedding, vectors

CHROMA_S = 60.0  # a call of Chroma that lasts longer hangs: the app starts another engine
SYNC_S = 5.0  # how often Chroma is brought in step while much is embedded
COUNT_SHARE = 20  # counting reads all patterns: it may take a twentieth of the time


class EmbeddingTurn:
    """The wanted model, the one before it while that still answers, and how far they are.

    All but ``edited``, ``shown`` and ``answering`` is one thread's.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        wanted: Semantic,
        former: Semantic | None,
        settings: Settings,
        board: StatusBoard,
        stop: threading.Event,
    ) -> None:
        self._conn = conn
        self._wanted = wanted
        self._former = former
        self._batch = settings.embedding.batch_size
        self._board = board
        self._stop = stop
        self._pace = Pace()
        self._count_at = 0.0
        self._synced_at = 0.0
        self._tidy = False
        self._fitting = False
        self.embedded = 0
        """Documents that got a vector so far."""
        self.answering = former or wanted
        """What answers now."""

    def edited(self, ids: Sequence[str]) -> None:
        """These come first, in the index that answers as well."""
        for semantic in self._all():
            semantic.backlog.edited(ids)

    def shown(self, ids: Sequence[str]) -> None:
        """These come next."""
        self._wanted.backlog.shown(ids)

    def take(self, *, owner: bool) -> None:
        """Embed all that lacks a vector, unless paused; a guest only lets Chroma go.

        Raises sqlite3.Error, and what Chroma raises.
        """
        if not owner:
            self.release()
            return
        if not self._fitting:
            self._wanted.forget_misfits(self._conn)
            self._fitting = True
        try:
            if self._former is not None:
                self._former.chroma.sync(self._conn, self._stop)
            self._embed()
            self._wanted.chroma.sync(self._conn, self._stop)
        finally:  # without Chroma the scan answers, and the share is the same
            if self._tell("idle", paused=embedding.paused(self._conn), count=True):
                self._settle()

    def audit(self) -> None:
        """Look whether Chroma still finds what it holds, a little at a time."""
        self.answering.chroma.audit(self._conn, self._stop)

    def release(self) -> None:
        """Close Chroma: it belongs to whoever holds the lock."""
        for semantic in self._all():
            semantic.chroma.release()

    def _all(self) -> list[Semantic]:
        return [one for one in (self._former, self._wanted) if one is not None]

    def _embed(self) -> None:
        """Batch by batch, until all is done or a person wants a pause."""
        self._pace.rest()
        self._synced_at = time.monotonic()
        before = self.embedded
        try:
            self._embed_all()
        finally:
            if self.embedded > before:
                give_back()  # a model's batches leave a hundred megabytes behind

    def _embed_all(self) -> None:
        while not self._stop.is_set() and not embedding.paused(self._conn):
            if self._former is not None:
                self._former.embed_batch(self._conn, self._batch, urgent=True)
            if not (count := self._wanted.embed_batch(self._conn, self._batch)):
                return
            self.embedded += count
            self._tell("embedding")
            self._sync_now_and_then()

    def _sync_now_and_then(self) -> None:
        """A long first index is answered from Chroma long before it is done."""
        if time.monotonic() - self._synced_at >= SYNC_S:
            self._wanted.chroma.sync(self._conn, self._stop)
            self._synced_at = time.monotonic()

    def _tell(self, state: str, *, paused: bool = False, count: bool = False) -> bool:
        """Say how far it is; whether every pattern has its vector."""
        started = time.monotonic()
        if not count and started < self._count_at:
            return False
        embedded, total = vectors.share(self._conn, self._wanted.fingerprint)
        ended = time.monotonic()
        self._count_at = ended + COUNT_SHARE * (ended - started)
        self._pace.note(embedded)
        working = state == "embedding"
        self._board.update(
            semantic=embedded / total if total else None,
            patterns=total,
            embedded=embedded,
            rate=self._pace.rate if working else None,
            remaining_s=self._pace.remaining_s(total - embedded) if working else None,
            paused=paused,
            index=self.answering.kind,
        )
        self._board.update(if_state={"idle", "embedding", "converting"}, state=state)
        return 0 < total == embedded

    def _settle(self) -> None:
        """All have their vectors: the wanted model answers from now on, and what others left goes."""
        if self._former is not None:
            former, self._former = self._former, None
            self.answering = self._wanted
            former.chroma.release()
            self._board.update(index=self.answering.kind)
        changed = embedding.complete(self._conn, self._wanted.fingerprint)
        if changed or (self.embedded and not self._tidy):
            self._wanted.tidy(self._conn, self._stop)
            self._tidy = True
