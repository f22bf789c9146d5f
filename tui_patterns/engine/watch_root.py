"""Watching one root: what each event means, and when its watches must be planned again."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import DirCreatedEvent, DirMovedEvent, FileSystemEvent, FileSystemEventHandler

from tui_patterns.engine.debounce import Changes, Debouncer
from tui_patterns.engine.discovery import encodable
from tui_patterns.engine.ignore import CONTROL_FILES, IgnoreRules
from tui_patterns.engine.watch_backend import Hooks, wanted
from tui_patterns.engine.watch_source import EventSource, Polling

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Marks:
    """What to put right before the next batch is taken."""

    open_again: bool = False
    plan_again: bool = False
    stale: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)


class RootWatch(FileSystemEventHandler):
    """One watched root. `dispatch` and the hooks run in the observer's threads, the rest in the owner's.

    ``changed`` is the owner's lock: held whenever changes or marks are
    touched, notified when a batch begins.
    """

    def __init__(
        self,
        root: Path,
        rules: IgnoreRules,
        debouncer: Debouncer,
        changed: threading.Condition,
        *,
        polling: Polling,
        poll_s: float,
        suffixes: frozenset[str],
    ) -> None:
        self.root = root
        self.debouncer = debouncer
        self._rules = rules
        self._base = root.resolve()
        self._changed = changed
        self._suffixes = suffixes
        self._identity: tuple[int, int] | None = None
        self._marks = _Marks()
        hooks = Hooks(self._on_lost, self._on_broken, self._on_exhausted, self._is_left_out)
        self.source = EventSource(
            self._base, rules, self, hooks, polling=polling, poll_s=poll_s, suffixes=suffixes
        )

    @property
    def note(self) -> str | None:
        """What is not as it should be, in one line."""
        return f"{self.root} is gone: waiting for it" if self._identity is None else self.source.note

    def open(self) -> None:
        """Begin to watch, or to wait for a root that is not there."""
        self._identity = _identity(self._base)
        if self._identity is None:
            self.source.close()
        else:
            self.source.open()

    def check(self) -> None:
        """Notice what sends no event: a root that went or was put in another's place, a dead thread."""
        identity = _identity(self._base)
        dead = self.source.backend != "none" and not self.source.is_healthy()
        if identity != self._identity or dead:
            self._mark("", lambda marks: setattr(marks, "open_again", True))

    def take(self) -> Changes | None:
        """The batch if it is due. The watches are put right first, so that no later change is missed."""
        with self._changed:
            if not self.debouncer.is_due():
                return None
            marks, self._marks = self._marks, _Marks()
        unheard = self._put_right(marks)
        with self._changed:
            for folder in unheard:
                self.debouncer.add_tree(folder)
            changes = self.debouncer.take(early=True)
            if self._marks != _Marks():
                self.debouncer.touch_tree("")  # came while the watches were put right: its turn is next
            return changes

    def _put_right(self, marks: _Marks) -> set[str]:
        """Do what ``marks`` ask; returns the folders in which something may have gone unheard."""
        if marks.open_again or self.source.must_fall_back():
            self._rules.reload()
            self.open()
            return {""}
        unheard: set[str] = set()
        if marks.plan_again:
            self._rules.reload()  # a folder may have become an environment before anyone watched it
            unheard |= self.source.plan(marks.stale)
        return unheard | self.source.resync(marks.moved)

    def dispatch(self, event: FileSystemEvent) -> None:
        """Sort one event. An error here would end the observer's thread, so it counts as a lost event."""
        try:
            for path in (event.src_path, event.dest_path):
                rel = self._relative(os.fsdecode(path)) if path else None
                if rel is None:
                    continue
                if event.is_directory:
                    self._on_folder(rel, event, came=path == event.dest_path)
                else:
                    self._on_file(rel)
        except Exception:
            logger.exception("could not sort %r", event)
            self._on_lost()

    def _relative(self, path: str) -> str | None:
        base = str(self._base)
        if path == base:
            return ""
        prefix = base if base.endswith(os.sep) else base + os.sep
        if not path.startswith(prefix):
            return None
        rel = path[len(prefix) :].replace(os.sep, "/")
        return rel if encodable(rel) else None

    def _on_file(self, rel: str) -> None:
        folder, _, name = rel.rpartition("/")
        if name in CONTROL_FILES:
            # pyvenv.cfg makes its own folder an ignored one: what counts is where that folder lies.
            if not self._rules.dir_ignored(folder if name == ".gitignore" else folder.rpartition("/")[0]):
                self._rules.reload()
                self._mark("", lambda marks: setattr(marks, "open_again", True))
        elif wanted(name, self._suffixes) and not self._rules.ignored(rel):
            with self._changed:
                if self.debouncer.touch(rel):
                    self._changed.notify_all()

    def _on_folder(self, rel: str, event: FileSystemEvent, *, came: bool) -> None:
        came = came or isinstance(event, DirCreatedEvent)
        covered = self.source.covers(rel)
        if self._rules.dir_ignored(rel):
            # The watch inside would have to walk it after every overflow.
            if came and covered and self._rules.is_heavy(rel):
                self._mark("", lambda marks: setattr(marks, "plan_again", True))
        elif not came:
            self._mark(rel, lambda marks: self._mark_gone(marks, rel))
        elif not covered:
            self._mark(rel, lambda marks: setattr(marks, "plan_again", True))
        elif isinstance(event, DirMovedEvent):
            self._mark(rel, lambda marks: marks.moved.add(rel))

    def _mark_gone(self, marks: _Marks, rel: str) -> None:
        marks.moved.add(rel)
        if self.source.has_watch_in(rel):
            marks.plan_again = True
            marks.stale.add(rel)

    def _mark(self, folder: str, change: Callable[[_Marks], None] | None = None) -> None:
        with self._changed:
            if change is not None:
                change(self._marks)
            if self.debouncer.touch_tree(folder):
                self._changed.notify_all()

    def _on_lost(self) -> None:
        # New folders may have come unseen below a watch that is not recursive.
        self._rules.reload()
        self._mark("", lambda marks: setattr(marks, "plan_again", True))

    def _on_broken(self) -> None:
        self._mark("", lambda marks: setattr(marks, "open_again", True))

    def _on_exhausted(self) -> None:
        if not self.source.exhausted:
            self.source.exhausted = True
            self._mark("")

    def _is_left_out(self, path: str) -> bool:
        rel = self._relative(path)
        return rel is not None and self._rules.dir_ignored(rel)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        st = folder.stat()
    except OSError:
        return None
    return (st.st_dev, st.st_ino) if folder.is_dir() else None
