"""Indexing in this process, or by whichever process holds the index lock."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.handing_over import ask_holder
from tui_patterns.api.library import PatternLibrary
from tui_patterns.models import EngineStatus, IndexReport
from tui_patterns.store import patterns, projects
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect, explain

if TYPE_CHECKING:
    from tui_patterns.engine.examining import RunExamination
    from tui_patterns.engine.tally import Tally
    from tui_patterns.settings import Settings

PAUSED = "embedding is paused: `patterns-tui embedding resume` goes on"


class Indexer:
    """One-shot indexing: ``index`` and ``watch --once`` on the command line."""

    def __init__(
        self, library: PatternLibrary, *, on_progress: Callable[[EngineStatus], None] | None = None
    ) -> None:
        self._library = library
        self._on_progress = on_progress or (lambda status: None)
        self.handed_over = False
        """Whether another process did the indexing last: one that holds the lock, by its own settings."""

    def index(
        self,
        roots: Sequence[Path],
        *,
        embed: bool = True,
        jobs: int | None = None,
        run_tests_s: float | None = None,
    ) -> IndexReport:
        """Bring the library in step with the code below ``roots``.

        With ``run_tests_s`` each project's own tests are run first, for so many seconds
        at most; that, and nothing else, runs a project's code. Tests that could not be
        run are told in ``failed``.

        Raises LibraryError for a folder that is not there, StoreError from the store.
        """
        folders = [_folder(root) for root in roots]
        not_run = self._run_tests(folders, run_tests_s) if run_tests_s is not None else ()
        report = self._index(folders, embed, jobs)
        return replace(report, failed=(*not_run, *report.failed))

    def _run_tests(self, folders: Sequence[Path], timeout_s: float) -> tuple[dict[str, str], ...]:
        from tui_patterns.engine.interpreters import TestsNotRun
        from tui_patterns.engine.run_tests import run_tests

        failed = []
        for folder in folders:
            self._on_progress(EngineStatus(state="testing", role="owner", folders=(str(folder),)))
            try:
                run_tests(folder, self._library.data_dir, timeout_s)
            except TestsNotRun as error:
                failed.append({"path": str(folder), "reason": str(error)})
            except OSError as error:
                reason = f"its tests could not be run: {error.strerror or error}"
                failed.append({"path": str(folder), "reason": reason})
        return tuple(failed)

    def _index(self, folders: Sequence[Path], embed: bool, jobs: int | None) -> IndexReport:
        from tui_patterns.engine.lock import IndexLock

        self.handed_over = False
        lock = IndexLock(self._library.data_dir, "index")
        conn = connect(self._library.path, durable=False)
        try:
            if not lock.try_acquire():
                report = ask_holder(conn, folders, lock, self._say)
                self.handed_over = report is not None
                if report is not None:
                    return report
            try:
                return self._index_here(conn, folders, embed, jobs)
            finally:
                lock.release()
        except sqlite3.Error as error:
            raise StoreError(explain(error, self._library.path)) from error
        finally:
            conn.close()

    def _index_here(
        self, conn: sqlite3.Connection, folders: Sequence[Path], embed: bool, jobs: int | None
    ) -> IndexReport:
        from tui_patterns.settings import unsupported

        started = time.monotonic()
        settings = self._library.settings
        scans = [self._scan(conn, folder, self._library.settings_for(folder), jobs) for folder in folders]
        tally = _together(scans)
        examining = self._examining(conn, folders, settings, jobs)
        if embed and examining is not None:
            examining.begin()
        embedded, note = self.embed(conn) if embed else (0, "left out by --no-embed")
        unfit = self._prepare_reranker() if embed else ()
        examined = examining.finish() if examining is not None else 0
        return tally.report(
            patterns=patterns.count(conn),
            embedded=embedded,
            seconds=time.monotonic() - started,
            semantic=note,
            unsupported=(*unsupported(settings), *unfit),
            examined=examined,
        )

    def _examining(
        self, conn: sqlite3.Connection, folders: Sequence[Path], settings: Settings, jobs: int | None
    ) -> RunExamination | None:
        from tui_patterns.engine.examining import RunExamination

        if not settings.extraction.antipatterns:
            return None
        workers = jobs or settings.extraction.jobs or os.cpu_count() or 1
        return RunExamination(conn, [str(folder) for folder in folders], workers)

    def _scan(self, conn: sqlite3.Connection, folder: Path, settings: Settings, jobs: int | None) -> Tally:
        from tui_patterns.engine.parsers import parser_pool

        pool = parser_pool(settings, jobs)
        try:
            if not projects.was_scanned(conn, folder):
                pool.warm()  # there is much to parse: the workers start while this process loads the rest
            from tui_patterns.engine.indexing import ProjectIndex

            return ProjectIndex(conn, folder, settings).scan(
                pool,
                on_change=lambda change: None,
                on_progress=lambda done, total: self._say(folder, done, total),
            )
        except OSError as error:
            raise LibraryError(f"{folder} cannot be read: {error.strerror or error}") from error
        finally:
            pool.close()

    def _say(self, folder: Path, done: int, total: int) -> None:
        self._on_progress(
            EngineStatus(
                state="indexing", role="owner", folders=(str(folder),), files_done=done, files_total=total
            )
        )

    def embed(self, conn: sqlite3.Connection) -> tuple[int, str | None]:
        """Embed what lacks a vector and bring Chroma in step; how many, and why not if not.

        For who holds the index lock.
        """
        from tui_patterns.api.meaning import open_semantic
        from tui_patterns.engine.embedding_turn import EmbeddingTurn
        from tui_patterns.engine.status import StatusBoard
        from tui_patterns.search.chroma_folder import ChromaDamaged, ChromaUnavailable

        semantic, reason = open_semantic(self._library, convert=True, on_progress=self._converting)
        if semantic is None:
            return 0, reason
        semantic.chroma.load()  # with one processor: another is at work on anti-patterns
        board = StatusBoard(lambda said: self._on_progress(said) if said.state == "embedding" else None)
        board.update(state="embedding", role="owner")
        turn = EmbeddingTurn(conn, semantic, None, self._library.settings, board, threading.Event())
        try:
            turn.take(owner=True)
        except (ChromaDamaged, ChromaUnavailable) as error:
            return turn.embedded, f"{error}; until it works, the exact scan answers"
        finally:
            turn.release()
        waits = board.current.paused and (board.current.semantic or 0.0) < 1
        return turn.embedded, PAUSED if waits else None

    def _prepare_reranker(self) -> tuple[str, ...]:
        from tui_patterns.api.reranking import prepare_reranker

        reason = prepare_reranker(self._library, self._converting)
        return () if reason is None else (reason,)

    def _converting(self, line: str) -> None:
        self._on_progress(EngineStatus(state="converting", role="owner"))


def reindex(library: PatternLibrary, on_progress: Callable[[EngineStatus], None] | None = None) -> int:
    """Throw the Chroma index away and build it from SQLite; how many patterns it holds then.

    Raises LibraryError while another process holds the index, or where nothing can be embedded.
    """
    import shutil

    from tui_patterns.engine.lock import IndexLock

    lock = IndexLock(library.data_dir, "reindex")
    if not lock.try_acquire():
        raise LibraryError("patterns-tui is running on this library: close it, then reindex")
    try:
        shutil.rmtree(library.data_dir / "chroma", ignore_errors=True)
        conn = connect(library.path, durable=False)
        try:
            _, fault = Indexer(library, on_progress=on_progress).embed(conn)
            if fault is not None:
                raise LibraryError(fault)
            return patterns.count(conn)
        except sqlite3.Error as error:
            raise StoreError(explain(error, library.path)) from error
        finally:
            conn.close()
    finally:
        lock.release()


def _folder(root: Path) -> Path:
    folder = root.expanduser().resolve()
    if not folder.is_dir():
        raise LibraryError(f"{root} is not a folder: name a project's folder")
    return folder


def _together(scans: Sequence[Tally]) -> Tally:
    from tui_patterns.engine.tally import Tally

    whole = Tally()
    for one in scans:
        whole.merge(one)
    return whole
