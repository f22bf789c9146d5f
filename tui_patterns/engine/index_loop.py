"""The indexing thread of an engine: whoever holds the lock watches, scans and serves requests.

An engine without the lock is a guest: it hands its folders to the holder
through the store, shows what the holder says, and takes over when it is gone.
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

from tui_patterns.engine.indexing import ProjectIndex, Tally, parser_pool
from tui_patterns.engine.lock import IndexLock
from tui_patterns.engine.status import StatusBoard
from tui_patterns.engine.watch import ChangeBatch, Watcher
from tui_patterns.engine.workers import ParserPool
from tui_patterns.models import Change
from tui_patterns.settings import Settings
from tui_patterns.store import patterns, requests, status
from tui_patterns.store.sqlite import connect, explain

logger = logging.getLogger(__name__)

TICK_S = 0.25
RETRY_S = 5.0  # after the disk was full, or a folder away: look again


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
    watcher: Watcher | None = None
    missing: set[str] = field(default_factory=set)  # gone amid a storm: believed once it has settled


class IndexLoop:
    """Runs in a thread of its own; everything here is touched by that thread alone but ``ask``."""

    def __init__(
        self,
        database: Path,
        roots: Sequence[Path],
        settings_for: Callable[[Path | None], Settings],
        board: StatusBoard,
        on_change: Callable[[Change], None],
    ) -> None:
        self._database = database
        self._roots = list(dict.fromkeys(roots))
        self._settings_for = settings_for
        self._board = board
        self._on_change = on_change
        self._lock = IndexLock(database.parent, "engine")
        self._work: queue.SimpleQueue[Work] = queue.SimpleQueue()
        self._later: list[Work] = []
        self._watched: dict[Path, _Watched] = {}
        self._asked: set[Path] = set()
        self._pool: ParserPool | None = None
        self._stop = threading.Event()
        self.owner = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand, and release the lock."""
        self._stop.set()
        self._thread.join(timeout=10.0)

    def rescan(self) -> None:
        """Compare every folder with the store; from any thread."""
        for root in self._roots:
            self._work.put(Work(root, scan=True))

    def _run(self) -> None:
        conn: sqlite3.Connection | None = None
        try:
            conn = connect(self._database, durable=False)
            while not self._stop.is_set():
                self._turn(conn)
        except Exception as error:
            logger.exception("the indexer stopped")
            self._board.update(error=f"indexing stopped: {error}")
        finally:
            self._leave(conn)

    def _turn(self, conn: sqlite3.Connection) -> None:
        try:
            if self.owner.is_set() or self._become_owner(conn):
                self._serve(conn)
            else:
                self._follow(conn)
        except (sqlite3.Error, OSError) as error:
            self._board.update(error=explain(error, self._database))
            self._stop.wait(TICK_S)

    # -- the holder of the lock ------------------------------------------------

    def _become_owner(self, conn: sqlite3.Connection) -> bool:
        if not self._lock.try_acquire():
            return False
        requests.release_orphans(conn)
        self._asked.clear()
        self._pool = parser_pool(self._settings_for(None))
        self.owner.set()
        self._board.update(role="owner", error=None)
        for root in self._roots:
            self._work.put(Work(root, scan=True))
        return True

    def _serve(self, conn: sqlite3.Connection) -> None:
        if (request := requests.take(conn)) is not None:
            self._work.put(Work(Path(request.root), scan=True, request=request.id))
        self._revive_later()
        try:
            work = self._work.get(timeout=TICK_S)
        except queue.Empty:
            self._board.update(state="idle", queue=0, if_state={"indexing", "starting"})
        else:
            self._do(conn, work)
        self._publish(conn)

    def _revive_later(self) -> None:
        due = [work for work in self._later if work.not_before <= time.monotonic()]
        self._later = [work for work in self._later if work.not_before > time.monotonic()]
        for work in due:
            self._work.put(work)

    def _do(self, conn: sqlite3.Connection, work: Work) -> None:
        started = time.monotonic()
        self._board.update(state="indexing", queue=self._work.qsize() + 1, files_done=0, files_total=0)
        try:
            watched = self._watch(conn, work.root)
            tally = self._scan(watched, work) if work.scan else self._take_up(watched, work)
        except (sqlite3.Error, OSError) as error:
            self._fail(
                conn, work, explain(error, self._database if isinstance(error, sqlite3.Error) else work.root)
            )
            return
        total = patterns.count(conn)
        left = self._work.qsize()
        self._board.update(state="indexing" if left else "idle", queue=left, patterns=total, error=None)
        if work.request is not None:
            report = tally.report(
                patterns=total, embedded=0, seconds=time.monotonic() - started, semantic=None
            )
            requests.finish(conn, work.request, asdict(report), None)

    def _fail(self, conn: sqlite3.Connection, work: Work, reason: str) -> None:
        self._board.update(error=reason)
        if work.request is not None:
            requests.finish(conn, work.request, None, reason)
        else:  # a full disk or a folder that is away comes back: then a whole scan mends what was missed
            self._later = [one for one in self._later if one.root != work.root]
            self._later.append(Work(work.root, scan=True, not_before=time.monotonic() + RETRY_S))

    def _watch(self, conn: sqlite3.Connection, root: Path) -> _Watched:
        """The project at ``root``, watched before it is first scanned, so that nothing falls between."""
        if root not in self._watched:
            settings = self._settings_for(root)
            watched = _Watched(ProjectIndex(conn, root, settings))
            watched.watcher = Watcher(
                [root],
                lambda _: watched.index.scope.rules,
                self._changed,
                debounce_s=settings.watch.debounce_ms / 1000,
                max_wait_s=settings.watch.max_wait_ms / 1000,
                polling=settings.watch.polling,
                suffixes=watched.index.scope.suffixes,
            )
            watched.watcher.start()
            self._watched[root] = watched
        self._describe_watches()
        return self._watched[root]

    def _describe_watches(self) -> None:
        states = [one.watcher.status() for one in self._watched.values() if one.watcher]
        notes = [state.note for state in states if state.note]
        self._board.update(
            folders=tuple(str(root) for root in self._watched),
            watches=sum(state.watches for state in states),
            watch_note="; ".join(notes) or None,
        )

    def _changed(self, batch: ChangeBatch) -> None:
        """Called by a watcher's thread."""
        self._work.put(
            Work(batch.root, batch.paths, scan=batch.rescan, under=batch.prefix or "", settled=batch.settled)
        )

    def _scan(self, watched: _Watched, work: Work) -> Tally:
        assert self._pool is not None
        watched.missing.clear()
        return watched.index.scan(
            self._pool,
            under=work.under,
            on_change=self._on_change,
            on_progress=self._progress,
            stop=self._stop,
        )

    def _take_up(self, watched: _Watched, work: Work) -> Tally:
        assert self._pool is not None
        paths = work.paths | watched.missing
        if work.settled:
            watched.missing.clear()
        else:
            gone = {path for path in paths if not (work.root / path).exists()}
            watched.missing |= gone
            paths -= gone
        return watched.index.take_up(self._pool, paths, self._on_change)

    def _progress(self, done: int, total: int) -> None:
        self._board.update(files_done=done, files_total=total)

    def _publish(self, conn: sqlite3.Connection) -> None:
        if (said := self._board.to_publish()) is not None:
            status.say(conn, "engine", said)

    # -- a guest -----------------------------------------------------------------

    def _follow(self, conn: sqlite3.Connection) -> None:
        """Ask the holder for our folders, and show what it says of itself."""
        for root in self._roots:
            if root not in self._asked:
                requests.ask(conn, str(root), {})
                self._asked.add(root)
        said = status.said(conn, "engine")
        self._board.follow(said[0] if said else {}, patterns.count(conn))
        self._stop.wait(TICK_S * 2)

    def _leave(self, conn: sqlite3.Connection | None) -> None:
        for watched in self._watched.values():
            if watched.watcher is not None:
                watched.watcher.stop()
        if self._pool is not None:
            self._pool.close()
        if conn is not None:
            conn.close()
        self._lock.release()
