"""What the holder of the index lock does: watch folders, take up changes, serve requests.

All of it runs in the indexing thread; watchers and the app only put work into
its queue.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tui_patterns.engine.indexing import ProjectIndex
from tui_patterns.engine.parsers import extraction_options, parser_pool
from tui_patterns.engine.status import StatusBoard
from tui_patterns.engine.tally import Tally
from tui_patterns.engine.watch import ChangeBatch, Watcher
from tui_patterns.engine.workers import ParserPool
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.models import Change
from tui_patterns.settings import Settings
from tui_patterns.store import patterns, requests, status
from tui_patterns.store.sqlite import data_version, explain

logger = logging.getLogger(__name__)

TICK_S = 0.25
EVIDENCE_S = 2.0  # how often the files that tests leave are looked at: most are ignored by git, so unwatched
RETRY_S = 5.0  # after the disk was full, or a folder away: look again
NICE = 10  # of the parser processes: an editor, and the app itself, come first


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do: take up ``paths`` of a project, or compare all below ``under``."""

    root: Path
    paths: frozenset[str] = frozenset()
    scan: bool = False
    under: str = ""
    settled: bool = True
    request: int | None = None
    not_before: float = 0.0


@dataclass(slots=True)
class _Watched:
    index: ProjectIndex
    watcher: Watcher
    settings: Settings
    missing: set[str] = field(default_factory=set)  # gone amid a storm: believed once it has settled


class Holder:
    """Indexes until it is closed. ``rescan`` may be called from any thread."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        database: Path,
        settings_for: Callable[[Path | None], Settings],
        board: StatusBoard,
        on_change: Callable[[Change], None],
        stop: threading.Event,
    ) -> None:
        self._conn = conn
        self._database = database
        self._settings_for = settings_for
        self._board = board
        self._on_change = on_change
        self._stop = stop
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._later: list[Work] = []
        self._seen: int | None = None
        self._watched: dict[Path, _Watched] = {}
        self._pool: ParserPool | None = None
        self._pool_options: ExtractionOptions | None = None
        self._look_at = 0.0

    def begin(self, roots: Sequence[Path]) -> None:
        """Start over what a predecessor left unfinished, and compare all folders with the store."""
        requests.release_orphans(self._conn)
        self.rescan(roots)

    def rescan(self, roots: Sequence[Path]) -> None:
        """Compare these folders with the store, soon."""
        for root in roots:
            self._work.put(Work(root, scan=True))

    def turn(self) -> None:
        """Do the next thing, or wait a little for one."""
        self._take_requests()
        self._revive_later()
        try:
            work = self._work.get(timeout=TICK_S)
        except queue.Empty:
            self._board.update(state="idle", queue=0, if_state={"indexing", "starting"})
            self._look_at_evidence()
        else:
            self._do(work)
        if (said := self._board.to_publish()) is not None:
            status.say(self._conn, "engine", said)

    def _look_at_evidence(self) -> None:
        """In idle moments: have tests been run since?"""
        if time.monotonic() < self._look_at:
            return
        for root, watched in self._watched.items():
            try:
                tally = watched.index.look_at_evidence(self._on_change)
            except (sqlite3.Error, OSError) as error:
                self._board.trouble(str(root), explain(error, self._database))
                continue
            if tally.new or tally.removed:
                self._board.update(patterns=patterns.count(self._conn))
        self._look_at = time.monotonic() + EVIDENCE_S

    def close(self) -> None:
        """Stop watching and parsing."""
        for watched in self._watched.values():
            watched.watcher.stop()
        if self._pool is not None:
            self._pool.close()

    def _take_requests(self) -> None:
        """Look only when somebody has written: an idle library costs nothing."""
        version = data_version(self._conn)
        if version == self._seen:
            return
        self._seen = version
        while (request := requests.take(self._conn)) is not None:
            self._work.put(Work(Path(request.root), scan=True, request=request.id))

    def _revive_later(self) -> None:
        now = time.monotonic()
        for work in self._later:
            if work.not_before <= now:
                self._work.put(work)
        self._later = [work for work in self._later if work.not_before > now]

    def _do(self, work: Work) -> None:
        started = time.monotonic()
        self._board.update(state="indexing", queue=self._work.qsize() + 1, files_done=0, files_total=0)
        try:
            watched = self._watch(work.root)
            tally = self._scan(watched, work) if work.scan else Tally()
            if work.paths or not work.scan:
                tally.merge(self._take_up(watched, work))
        except (sqlite3.Error, OSError) as error:
            place = self._database if isinstance(error, sqlite3.Error) else work.root
            self._fail(work, explain(error, place))
            return
        except Exception as error:  # one folder's fault must not end the others' indexing
            logger.exception("%s could not be indexed", work.root)
            self._fail(work, f"{work.root} could not be indexed: {error}", again=False)
            return
        total, left = patterns.count(self._conn), self._work.qsize()
        self._board.trouble(str(work.root), None)
        self._board.trouble("store", None)
        self._board.update(state="indexing" if left else "idle", queue=left, patterns=total)
        if work.request is not None:
            seconds = time.monotonic() - started
            report = tally.report(patterns=total, embedded=0, seconds=seconds, semantic=None)
            requests.finish(self._conn, work.request, asdict(report), None)

    def _fail(self, work: Work, reason: str, *, again: bool = True) -> None:
        """A full disk or a folder that is away comes back: a whole scan then mends what was missed."""
        self._board.trouble(str(work.root), reason)
        self._board.update(queue=self._work.qsize())
        if work.request is not None:
            requests.finish(self._conn, work.request, None, reason)
        if work.request is not None or not again:
            return
        self._later = [one for one in self._later if one.root != work.root]
        self._later.append(Work(work.root, scan=True, not_before=time.monotonic() + RETRY_S))

    def _watch(self, root: Path) -> _Watched:
        """The project at ``root``, watched before it is first scanned, so that nothing falls between."""
        if root not in self._watched:
            settings = self._settings_for(root)
            index = ProjectIndex(self._conn, root, settings)
            watcher = Watcher(
                [root],
                lambda _: index.scope.rules,
                self._changed,
                debounce_s=settings.watch.debounce_ms / 1000,
                max_wait_s=settings.watch.max_wait_ms / 1000,
                polling=settings.watch.polling,
                suffixes=index.scope.suffixes,
            )
            watcher.start()
            self._watched[root] = _Watched(index, watcher, settings)
        self._describe_watches()
        return self._watched[root]

    def _describe_watches(self) -> None:
        states = [one.watcher.status() for one in self._watched.values()]
        self._board.update(
            folders=tuple(str(root) for root in self._watched),
            watches=sum(state.watches for state in states),
            watch_note="; ".join(state.note for state in states if state.note) or None,
        )

    def _changed(self, batch: ChangeBatch) -> None:
        """Called by a watcher's thread."""
        under = batch.prefix or ""
        self._work.put(Work(batch.root, batch.paths, batch.rescan, under, batch.settled))

    def _parsers(self, watched: _Watched) -> ParserPool:
        """The pool for a project's thresholds; projects that agree, which is nearly all, share one."""
        options = extraction_options(watched.settings)
        if self._pool is None or self._pool_options != options:
            if self._pool is not None:
                self._pool.close()
            self._pool, self._pool_options = parser_pool(watched.settings, nice=NICE), options
        return self._pool

    def _scan(self, watched: _Watched, work: Work) -> Tally:
        watched.missing.clear()
        return watched.index.scan(
            self._parsers(watched),
            under=work.under,
            on_change=self._on_change,
            on_progress=lambda done, total: self._progress(work.request, done, total),
            stop=self._stop,
        )

    def _progress(self, request: int | None, done: int, total: int) -> None:
        self._board.update(files_done=done, files_total=total)
        if request is not None:
            requests.progress(self._conn, request, {"done": done, "total": total})

    def _take_up(self, watched: _Watched, work: Work) -> Tally:
        paths = work.paths | watched.missing
        if work.settled:
            watched.missing.clear()
        else:
            gone = {path for path in paths if not (work.root / path).exists()}
            watched.missing |= gone
            paths -= gone
        return watched.index.take_up(self._parsers(watched), paths, self._on_change)
