"""The engine's reranker, if the settings name one: made ready beside everything else, then asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.embedding.errors import EmbeddingError
from tui_patterns.embedding.reranker import load_reranker
from tui_patterns.engine.status import StatusBoard
from tui_patterns.search.reranking import score
from tui_patterns.settings import Settings
from tui_patterns.store.sqlite import connect

if TYPE_CHECKING:
    from tui_patterns.embedding.reranker import Reranker

logger = logging.getLogger(__name__)


class Reranking:
    """Loads in a thread of its own; a conversion takes half a minute, and nothing waits for it."""

    def __init__(self, database: Path, settings: Settings, cache_dir: Path, board: StatusBoard) -> None:
        self._database, self._settings, self._cache_dir = database, settings, cache_dir
        self._board = board
        self._reranker: Reranker | None = None

    def start(self) -> None:
        """Begin to load it, if there is one."""
        if self._settings.search.reranker:
            threading.Thread(target=self._load, name="reranker", daemon=True).start()

    def scores(self, query: str, ids: Sequence[str]) -> dict[str, float] | None:
        """Scores by pattern; ``None`` while no reranker is loaded. From any thread."""
        reranker = self._reranker
        if reranker is None:
            return None
        with closing(connect(self._database)) as conn:
            return score(conn, reranker, query, ids)

    def _load(self) -> None:
        chosen = self._settings.embedding
        try:
            self._reranker = load_reranker(
                self._settings.search.reranker, chosen.precision, chosen.threads, self._cache_dir
            )
        except EmbeddingError as error:
            self._board.trouble("reranker", str(error))
        except Exception as error:
            logger.exception("the reranker could not be loaded")
            self._board.trouble("reranker", f"the reranker is off: {error}")
