"""The embedding thread of an engine: vectors for what lacks them, Chroma in step, answers in between."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from tui_patterns.embedding.model import EmbeddingModel, ModelMissing, load_model
from tui_patterns.engine.embedding_turn import CHROMA_S, EmbeddingTurn
from tui_patterns.engine.examples import vector_of
from tui_patterns.engine.former import former_model
from tui_patterns.engine.semantic import Semantic
from tui_patterns.engine.status import StatusBoard
from tui_patterns.models import Example, Filters, SemanticRows
from tui_patterns.search.clauses import clauses
from tui_patterns.settings import Settings
from tui_patterns.store.sqlite import connect, data_version, explain

logger = logging.getLogger(__name__)

IDLE_S = 1.0
MOST_S = 60.0  # between two tries of what keeps failing


class Embedder:
    """Loads the model once, then embeds whenever woken; answers queries from any thread.

    While the settings name another model than the one whose vectors are complete,
    that one answers until the new one has caught up.
    """

    def __init__(
        self,
        database: Path,
        settings: Settings,
        cache_dir: Path,
        board: StatusBoard,
        owner: threading.Event,
    ) -> None:
        self._database = database
        self._settings = settings
        self._cache_dir = cache_dir
        self._board = board
        self._owner = owner
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._turn: EmbeddingTurn | None = None
        self._answering: Semantic | None = None
        self._thread = threading.Thread(target=self._run, name="embedder", daemon=True)

    def start(self) -> None:
        """Begin: the model is loaded at once, so that the first query is quick."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=10.0)

    def wake(self) -> None:
        """There may be something new to embed; from any thread."""
        self._wake.set()

    def edited(self, ids: Iterable[str]) -> None:
        """A person has just saved these patterns: they come first. From any thread."""
        if self._turn is not None:
            self._turn.edited(tuple(ids))
        self._wake.set()

    def shown(self, ids: Sequence[str]) -> None:
        """These patterns are on a screen: they come next. From any thread."""
        if self._turn is not None:
            self._turn.shown(ids)

    def rows(self, query: str, limit: int, filters: Filters) -> SemanticRows | None:
        """What is near ``query`` in meaning, or ``None`` while no model is loaded."""
        semantic = self._now
        if semantic is None:
            return None
        with closing(connect(self._database)) as conn:
            return semantic.rows(conn, query, limit, filters)

    def prompt(self, text: str, limit: int) -> list[SemanticRows] | None:
        """What is near each clause of a prompt, or ``None`` while no model is loaded."""
        semantic = self._now
        if semantic is None:
            return None
        asked = semantic.embed_queries([one.query.meaning for one in clauses(text)])
        with closing(connect(self._database)) as conn:
            return semantic.around(conn, asked, limit, Filters())

    def example(self, example: Example, limit: int, filters: Filters) -> SemanticRows | None:
        """What is near an example, or ``None`` while no model is loaded."""
        semantic = self._now
        if semantic is None:
            return None
        with closing(connect(self._database)) as conn:
            return semantic.around(conn, [vector_of(conn, semantic, example)], limit, filters)[0]

    @property
    def _now(self) -> Semantic | None:
        """What answers now."""
        return self._turn.answering if self._turn is not None else self._answering

    def _run(self) -> None:
        conn = connect(self._database, durable=False)
        lock = threading.Lock()  # one folder, one guard: two collections of it are never used at once
        try:
            former = self._former(conn, lock)
            self._answering = former  # a conversion takes a minute
            model = self._load()
            if model is not None:
                wanted = Semantic(
                    model, self._settings, self._database.parent, deadline_s=CHROMA_S, lock=lock
                )
                self._turn = EmbeddingTurn(conn, wanted, former, self._settings, self._board, self._stop)
                self._keep_up(conn, self._turn)
        finally:
            if self._turn is not None:
                self._turn.release()
            conn.close()

    def _former(self, conn: sqlite3.Connection, lock: threading.Lock) -> Semantic | None:
        model = former_model(conn, self._settings, self._cache_dir, low_priority=True)
        if model is None:
            return None
        return Semantic(model, self._settings, self._database.parent, deadline_s=CHROMA_S, lock=lock)

    def _keep_up(self, conn: sqlite3.Connection, turn: EmbeddingTurn) -> None:
        """Turn whenever somebody has written, or a turn failed; an idle library costs nothing."""
        pause, done_for = IDLE_S, None
        while not self._stop.is_set():
            state = (data_version(conn), self._owner.is_set())
            if state != done_for:
                fine = self._guarded(lambda: turn.take(owner=self._owner.is_set()))
                done_for, pause = (state, IDLE_S) if fine else (None, min(2 * pause, MOST_S))
            elif self._owner.is_set():
                self._guarded(turn.audit)
            self._wake.wait(pause)
            self._wake.clear()

    def _load(self) -> EmbeddingModel | None:
        chosen = self._settings.embedding
        try:
            return load_model(
                chosen.model,
                chosen.precision,
                chosen.max_tokens,
                chosen.threads,
                self._cache_dir,
                on_progress=lambda _: self._board.update(state="converting"),
                low_priority=True,
            )
        except ModelMissing as error:
            self._board.trouble("meaning", str(error))
        except Exception as error:
            logger.exception("the model could not be loaded")
            self._board.trouble("meaning", f"search by meaning is off: {error}")
        return None

    def _guarded(self, step: Callable[[], None]) -> bool:
        """Whether ``step`` came through; if not, the status says why."""
        try:
            step()
            self._board.trouble("meaning", None)
            return True
        except sqlite3.Error as error:
            self._board.trouble("meaning", explain(error, self._database))
        except Exception as error:
            logger.exception("embedding failed")
            self._board.trouble("meaning", f"embedding failed: {error}")
        return False
