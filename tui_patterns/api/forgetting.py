"""Forgetting for good: a pattern, a project, a session, or everything.

What is forgotten is left in no table, log, index or backup of the data folder. Files that are not the
library's own, such as an agent's transcripts or a backup that was written elsewhere, are not touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api import forgetting_server
from tui_patterns.api.connections import LibraryError
from tui_patterns.api.forgetting_files import UNFINISHED, Step, clean, clean_copy, remove
from tui_patterns.api.keeping import FOLDER as BACKUPS
from tui_patterns.api.older import SNIPPETS
from tui_patterns.store import forgetting, patterns, projects, sessions
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import explain

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

REPORTS = "reports"
# Files and folders of the data folder that can be made again, or are of use for a moment.
_PASSING = (
    *("chroma", "chroma.damaged-*", "engine.log*", "logs", "copied*.txt", "copied*.md", ".copied-*"),
    *(f".*{UNFINISHED}*", f"{BACKUPS}/.*{UNFINISHED}*"),
)
_OWN = ("tests", SNIPPETS, "components", BACKUPS, REPORTS)
_LOG_LEFT = "the database's log, since another process reads it now: it is emptied when that ends"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten; ``left`` names in words what could not be cleaned."""

    what: str
    name: str
    patterns: int = 0
    sessions: int = 0
    backups: int = 0
    deleted: dict[str, int] = field(default_factory=dict)
    left: tuple[str, ...] = ()


class Forgetting:
    """Deletes from one library for good. Raises LibraryError while the app runs on it."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def pattern(self, id: str) -> Forgotten:
        """A pattern and its near-copies, with all evidence; the same code is not taken up again."""
        found = self._library.pattern(id)
        with self._alone(), self._library.connections.lend() as conn:
            row_id = patterns.row_ids(conn, [found.id])[found.id]
            structures = forgetting.structures_of(conn, patterns.family(conn, row_id))
            count = len(forgetting.patterns_of(conn, structures))

            def step(conn: sqlite3.Connection) -> None:
                forgetting.remove_patterns(conn, forgetting.patterns_of(conn, structures))
                forgetting.shut_out(conn, structures)

            backups, left = self._everywhere(conn, step)
        self._drop_reports(found.id[:8])
        return Forgotten("pattern", found.id, patterns=count, backups=backups, left=left)

    def project(self, place: str | Path) -> Forgotten:
        """A project by its folder (or by its name), with its patterns and the sessions that worked in it."""
        root = self._root(place)
        with self._alone(), self._library.connections.lend() as conn:
            count = projects.patterns_in(conn, root)
            found: list[str] = []

            def step(conn: sqlite3.Connection) -> None:
                found.extend(forgetting.remove_project(conn, root))
                for session in found:
                    forgetting.remove_project(conn, self._snippets(session))

            backups, left = self._everywhere(conn, step)
        self._drop_run(root)
        self._drop_reports(root, *found)
        known = len(set(found))
        return Forgotten("project", root, patterns=count, sessions=known, backups=backups, left=left)

    def session(self, id: str) -> Forgotten:
        """A session with its ratings, injections and outcomes, and the patterns that its code gave."""
        from tui_patterns.api.sessions import Sessions

        session = Sessions(self._library).whole_id(id)
        with self._alone(), self._library.connections.lend() as conn:
            roots = [self._snippets(session), *_code_of(conn, session)]
            count = sum(projects.patterns_in(conn, root) for root in roots)
            counted = sessions.belongings(conn, session)

            def step(conn: sqlite3.Connection) -> None:
                for root in roots:
                    forgetting.remove_project(conn, root)
                forgetting.remove_session(conn, session)

            backups, left = self._everywhere(conn, step)
        self._drop_reports(session)
        return Forgotten("session", session, count, 1, backups, counted, left)

    def everything(self) -> Forgotten:
        """The whole library with its backups; the price table that a person put beside it stays."""
        data, name = self._library.data_dir, self._library.path.name
        with self._alone():
            with self._library.connections.lend() as conn:
                count, known = patterns.count(conn), len(sessions.all_ids(conn))
                held = forgetting_server.held(conn, self._library.settings.index)
            self._library.close()
            backups = len(list(self._copies()))
            stem = self._library.path.stem
            for pattern in (*_PASSING, *_OWN, f"{name}*", f"{stem}.schema-*", f"{stem}.before-restore-*"):
                for path in data.glob(pattern):
                    remove(path)
        left = tuple(forgetting_server.drop(held, self._library.settings.index))
        return Forgotten("everything", str(data), patterns=count, sessions=known, backups=backups, left=left)

    # -- how -------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else indexes; what an index, a log or the clipboard's file holds is gone at the end."""
        from tui_patterns.engine.lock import IndexLock

        lock = IndexLock(self._library.data_dir, "forget")
        try:
            if not lock.try_acquire():
                raise LibraryError("patterns-tui is running on this library: close it, then forget")
            yield
            for pattern in _PASSING:
                for path in self._library.data_dir.glob(pattern):
                    remove(path)
        except OSError as error:
            raise StoreError(explain(error, self._library.path)) from error
        finally:
            lock.release()

    def _everywhere(self, conn: sqlite3.Connection, step: Step) -> tuple[int, tuple[str, ...]]:
        """Do ``step`` in the library and in each copy of it; (copies, what could not be cleaned)."""
        index = self._library.settings.index
        before = forgetting_server.held(conn, index)
        left = [] if clean(conn, step) else [_LOG_LEFT]
        left += forgetting_server.drop(forgetting_server.gone(before, conn), index)
        done = 0
        for copy in self._copies():
            try:
                clean_copy(copy, step)
                done += 1
            except (StoreError, sqlite3.Error, OSError) as error:
                left.append(f"{copy}, which cannot be read ({error}): delete it yourself")
        return done, tuple(left)

    def _copies(self) -> Iterator[Path]:
        """Backups, and databases that were set aside by a restore or an upgrade."""
        data, stem = self._library.data_dir, self._library.path.stem
        for pattern in (f"{BACKUPS}/*.db", f"{stem}.before-restore-*.db", f"{stem}.schema-*.db"):
            yield from sorted(data.glob(pattern))

    def _root(self, place: str | Path) -> str:
        with self._library.connections.lend() as conn:
            known = projects.everything(conn)
            folder = str(Path(place).expanduser().resolve())
            named = [root for name, root in known if str(place) in (name, root) or root == folder]
            if not named and forgetting.sessions_in(conn, folder):
                return folder  # never indexed, but agents worked there
        if len(named) != 1:
            many = f"{len(named)} projects have the name" if named else "no project is, or has the name,"
            raise LibraryError(f"{many} {str(place)!r}: `patterns-tui stats` lists them by folder")
        return named[0]

    def _snippets(self, session: str) -> str:
        return str(self._library.data_dir / SNIPPETS / "sessions" / session)

    def _drop_reports(self, *named: str) -> None:
        """Reports that tell of it; `sessions analyze` writes them anew without it."""
        for path in (self._library.data_dir / REPORTS).glob("*_analysis.md"):
            text = path.name + path.read_text("utf-8", "replace")
            if any(name in text or name.replace("_", "\\_") in text for name in named):
                path.unlink(missing_ok=True)

    def _drop_run(self, root: str) -> None:
        from tui_patterns.engine.run_tests import run_folder

        remove(run_folder(self._library.data_dir, Path(root)))


def _code_of(conn: sqlite3.Connection, session: str) -> list[str]:
    """The project that the code of a session folder became."""
    row = sessions.one(conn, session)
    told = sessions.facts(row).get("folder") if row is not None else None
    return [str(Path(told) / "code")] if told else []
