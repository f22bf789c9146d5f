"""Keeps the stored anti-patterns in step with the files: after indexing and embedding, and quietly."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tui_patterns.engine.examine import BACKGROUND, Row, examine
from tui_patterns.engine.status import StatusBoard
from tui_patterns.extraction.antipatterns import RuffFailed, examine_files, find_files
from tui_patterns.extraction.antipatterns.advice import RULES_VERSION
from tui_patterns.extraction.source import content_hash
from tui_patterns.learning import findings as learned
from tui_patterns.learning import guard_findings
from tui_patterns.models import Finding
from tui_patterns.store import findings
from tui_patterns.store.findings import ToExamine
from tui_patterns.store.sqlite import connect, data_version, explain, transaction

logger = logging.getLogger(__name__)

BATCH = 200
IDLE_S = 1.0
FEW, FEW_BYTES = 4, 256 * 1024  # examined here, rather than by a child that takes longer to start
UNREADABLE = "it could not be examined"


class Examination:
    """One connection's way through the files that wait; what changes meanwhile waits for its indexing."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._left: set[tuple[int, str]] = set()

    def step(self, *, root: str | None = None, jobs: int = 1, nice: int = 0, limit: int = BATCH) -> int:
        """Examine up to ``limit`` files for each job, and store it; how many were taken up.

        Raises RuffFailed, sqlite3.Error.
        """
        self._drop_outlived()
        waiting = self._waiting(root, limit * jobs)
        for project, files in _by_root(waiting).items():
            self._store(files, _examined(project, [one.path for one in files], jobs, nice))
        return len(waiting)

    def begin(self, root: str, jobs: int, limit: int = BATCH) -> Callable[[], int]:
        """Have up to ``limit`` files for each job of a project examined while this process does other things.

        What it returns waits for that, stores it as ``step`` does, and says how many there
        were. A few files are not worth a child: they are left to ``step``.
        """
        waiting = self._waiting(root, limit * jobs)
        paths = [one.path for one in waiting]
        if _few(root, paths):
            return lambda: 0
        thread = ThreadPoolExecutor(1)
        found = thread.submit(lambda: list(examine(root, paths, jobs=jobs)))
        thread.shutdown(wait=False)

        def store() -> int:
            self._store(waiting, found.result())
            return len(waiting)

        return store

    def _waiting(self, root: str | None, most: int) -> list[ToExamine]:
        rows = findings.pending(self._conn, RULES_VERSION, most + len(self._left), root)
        return [one for one in rows if (one.file, one.content_hash) not in self._left]

    def _drop_outlived(self) -> None:
        """Code that no longer parses, or was emptied, still counts as a copy of other code otherwise."""
        if gone := findings.outlived(self._conn):
            with transaction(self._conn):
                findings.forget(self._conn, gone)

    def one(self, file: ToExamine) -> None:
        """Examine a single file here and now. Raises RuffFailed, sqlite3.Error."""
        self._store([file], _here(file.root, [file.path]))

    def _store(self, files: Sequence[ToExamine], rows: Iterable[Row]) -> None:
        found = {row["path"]: row for row in rows}
        with transaction(self._conn):
            for file in files:
                row = found.get(file.path)
                if row is not None and row["digest"] == file.content_hash:
                    self._keep(file, row["found"], row["bodies"])
                elif row is None and _digest(file) == file.content_hash:
                    self._keep(file, [], [], UNREADABLE)
                else:
                    self._left.add((file.file, file.content_hash))

    def _keep(
        self, file: ToExamine, found: Sequence[Row], bodies: Sequence[Row], error: str | None = None
    ) -> None:
        known = findings.to_examine(self._conn, file.file)
        if known is not None and known.content_hash == file.content_hash:
            findings.replace(self._conn, file.file, file.content_hash, RULES_VERSION, found, bodies, error)


class Examiner:
    """A thread that examines whenever the engine holds the lock and has nothing better to do."""

    def __init__(self, database: Path, board: StatusBoard, owner: threading.Event) -> None:
        self._database = database
        self._board = board
        self._owner = owner
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="examiner", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand, which is not waited for."""
        self._stop.set()

    def _run(self) -> None:
        conn = connect(self._database, durable=False)
        try:
            self._keep_up(conn)
        except Exception as error:
            logger.exception("anti-patterns are no longer looked for")
            self._board.trouble("anti-patterns", f"anti-patterns: {explain(error, self._database)}")
        finally:
            conn.close()

    def _keep_up(self, conn: sqlite3.Connection) -> None:
        """Look when somebody has written; an idle library costs nothing."""
        work, done_for = Examination(conn), None
        while not self._stop.wait(IDLE_S):
            version = data_version(conn)
            if version == done_for or not self._owner.is_set() or self._board.current.state != "idle":
                continue
            try:
                if not work.step(nice=BACKGROUND):
                    done_for = version
                self._board.trouble("anti-patterns", None)
            except (RuffFailed, sqlite3.Error) as error:
                done_for = version
                self._board.trouble("anti-patterns", str(error))


def findings_of(database: Path, root: str, path: str, strength: float) -> list[Finding]:
    """The findings of one file as it is: those kept, else from a look at it, which is kept if it may be.

    Raises RuffFailed, sqlite3.Error.
    """
    conn = connect(database)
    try:
        known = findings.file_id(conn, root, path, RULES_VERSION)
        file = findings.to_examine(conn, known[0]) if known else None
        if known is None or file is None or _digest(file) != file.content_hash:
            made = learned.advised(conn, find_files(Path(root), [path]), root, strength)
            return [*made, *guard_findings.in_file(conn, root, path)]
        if not known[1]:
            Examination(conn).one(file)
        return learned.in_file(conn, root, path, strength) or []
    finally:
        conn.close()


def _by_root(files: Iterable[ToExamine]) -> dict[str, list[ToExamine]]:
    found: defaultdict[str, list[ToExamine]] = defaultdict(list)
    for one in files:
        found[one.root].append(one)
    return found


def _examined(root: str, paths: Sequence[str], jobs: int, nice: int) -> Iterable[Row]:
    if _few(root, paths):
        return _here(root, paths)
    return examine(root, paths, jobs=jobs, nice=nice)


def _few(root: str, paths: Sequence[str]) -> bool:
    return len(paths) <= FEW and sum(_size(root, path) for path in paths) <= FEW_BYTES


def _here(root: str, paths: Sequence[str]) -> list[Row]:
    return [asdict(one) for one in examine_files(Path(root), paths)]


def _size(root: str, path: str) -> int:
    try:
        return (Path(root) / path).stat().st_size
    except OSError:
        return 0


def _digest(file: ToExamine) -> str:
    try:
        return content_hash((Path(file.root) / file.path).read_bytes())
    except OSError:
        return ""
