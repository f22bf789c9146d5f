"""The engine child: watches, indexes and embeds in threads, answers the app over its pipe."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

from tui_patterns.engine import rpc, wire
from tui_patterns.engine.embedder import Embedder
from tui_patterns.engine.examiner import Examiner
from tui_patterns.engine.index_loop import IndexLoop
from tui_patterns.engine.reranking import Reranking
from tui_patterns.engine.status import StatusBoard
from tui_patterns.models import Change, EngineStatus
from tui_patterns.settings import Settings
from tui_patterns.store import embedding
from tui_patterns.store.sqlite import connect

logger = logging.getLogger(__name__)

DATABASE = "patterns.db"
BY_HAND = 8  # files that a person saves at once, at most; more at once are a checkout or a first index


class EngineServer:
    """Reads requests from ``source`` until it ends; answers and notices go to ``sink``."""

    def __init__(
        self,
        source: BinaryIO,
        sink: BinaryIO,
        data_dir: Path,
        cache_dir: Path,
        roots: Sequence[Path],
        settings_for: Callable[[Path | None], Settings],
    ) -> None:
        self._source = source
        self._sink = sink
        self._write_lock = threading.Lock()
        self._answers = ThreadPoolExecutor(max_workers=3, thread_name_prefix="answer")
        database = data_dir / DATABASE
        board = StatusBoard(self._say_status)
        self._loop = IndexLoop(database, roots, settings_for, board, self._say_change)
        settings = settings_for(None)
        self._embedder = Embedder(database, settings, cache_dir, board, self._loop.owner)
        self._reranking = Reranking(database, settings, cache_dir, board)
        self._examiner = Examiner(database, board, self._loop.owner)
        self._looks = settings.extraction.antipatterns
        self._database, self._strength = database, settings.learning.prior_strength
        self._methods: dict[str, Callable[[dict[str, Any]], Any]] = {
            "semantic": self._semantic,
            "prompt": self._prompt,
            "example": self._example,
            "rerank": self._rerank,
            "findings": self._findings,
            "rescan": self._rescan,
            "shown": self._shown,
            "pause": self._pause,
            "ping": lambda params: "pong",
        }

    def serve(self) -> None:
        """Answer until the app closes its end."""
        self._loop.start()
        self._embedder.start()
        self._reranking.start()
        if self._looks:
            self._examiner.start()
        try:
            while (body := rpc.read(self._source)) is not None:
                self._receive(rpc.decode(body))
        except rpc.ProtocolError:
            logger.exception("the app cannot be understood any more")

    def close(self) -> None:
        """End every thread and release the lock."""
        self._answers.shutdown(wait=False, cancel_futures=True)
        self._examiner.stop()
        self._embedder.stop()
        self._loop.stop()

    def _receive(self, message: rpc.Message | None) -> None:
        if message is None or message.get("method") not in self._methods:
            logger.warning("a message was not understood and left aside")
            return
        self._answers.submit(self._answer, message)

    def _answer(self, message: rpc.Message) -> None:
        try:
            result = self._methods[message["method"]](message.get("params", {}))
            self._send({"id": message.get("id"), "result": result})
        except Exception as error:
            logger.exception("%s failed", message["method"])
            self._send(
                {"id": message.get("id"), "result": None, "error": {"code": -32000, "message": str(error)}}
            )

    def _semantic(self, params: dict[str, Any]) -> Any:
        rows = self._embedder.rows(params["query"], params["limit"], wire.filters_in(params.get("filters")))
        return wire.rows_out(rows)

    def _prompt(self, params: dict[str, Any]) -> Any:
        rows = self._embedder.prompt(params["text"], params["limit"])
        return None if rows is None else [wire.rows_out(one) for one in rows]

    def _example(self, params: dict[str, Any]) -> Any:
        example, filters = wire.example_in(params["example"]), wire.filters_in(params.get("filters"))
        return wire.rows_out(self._embedder.example(example, params["limit"], filters))

    def _rerank(self, params: dict[str, Any]) -> Any:
        return self._reranking.scores(params["query"], [str(one) for one in params["ids"]])

    def _findings(self, params: dict[str, Any]) -> Any:
        from tui_patterns.engine.examiner import findings_of

        return wire.findings_out(findings_of(self._database, params["root"], params["path"], self._strength))

    def _shown(self, params: dict[str, Any]) -> Any:
        self._embedder.shown([str(one) for one in params["ids"]])
        return True

    def _pause(self, params: dict[str, Any]) -> Any:
        conn = connect(self._database)
        try:
            embedding.pause(conn, bool(params["paused"]))
        finally:
            conn.close()
        self._embedder.wake()
        return True

    def _rescan(self, params: dict[str, Any]) -> Any:
        self._loop.rescan()
        return True

    def _say_status(self, status: EngineStatus) -> None:
        self._send({"method": "status", "params": wire.status_out(status)})

    def _say_change(self, change: Change) -> None:
        self._send({"method": "changed", "params": wire.change_out(change)})
        if len(change.files) <= BY_HAND:
            self._embedder.edited((*change.new, *change.updated))
        else:
            self._embedder.wake()

    def _send(self, message: rpc.Message) -> None:
        try:
            with self._write_lock:
                self._sink.write(rpc.encode(message))
                self._sink.flush()
        except rpc.ProtocolError:
            logger.exception("a message was too large to be sent")
        except (OSError, ValueError):
            pass  # the app is gone; its closed end of the other pipe ends ``run``
