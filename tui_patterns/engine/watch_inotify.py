"""watchdog's inotify observer, made to say what it otherwise only logs or swallows. Linux alone.

watchdog 7.1 logs a queue overflow without telling any handler, passes over
``ENOSPC`` for folders below a recursive watch, and lets an exception in its
reading thread end all watching silently. Here each of them reaches a hook.
It also keeps its books by path, by event: when folders change places faster
than it reads, a folder can be left without a watch, or without an entry and
a `KeyError` later. Here the books are compared with the disk after such moves.
"""

from __future__ import annotations

import errno
import logging
import os
import warnings

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter, InotifyWatchGroup
from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchCallback,
    WatchDescriptor,
)
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

from tui_patterns.engine.watch_backend import Hooks

logger = logging.getLogger(__name__)

MOVE_PAIRING_S = 0.05
"""How long the first half of a move waits for its second; everything behind it waits too (watchdog: 0.5)."""


class _Descriptors(InotifyFD):
    def __init__(self, hooks: Hooks) -> None:
        super().__init__()
        self._hooks = hooks

    def add_callback(
        self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
    ) -> WatchDescriptor:
        # A recursive watch passes over folders that cannot be watched: so ignored ones get no watch,
        # not even those that appear later (an `npm install` is tens of thousands of folders).
        if self._hooks.left_out(os.fsdecode(path)):
            raise PermissionError(errno.EPERM, "left out by the ignore rules")
        if not os.access(path, os.R_OK):
            raise PermissionError(errno.EACCES, "folder may not be read")
        try:
            return super().add_callback(path, mask, callback, id_)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                self._hooks.exhausted()
            raise

    def handle_event(self, event: InotifyEvent) -> None:
        try:
            super().handle_event(event)
        except Exception:
            logger.exception("watchdog failed on %r; watching starts anew", event)
            self._hooks.broken()
        if event.is_queue_overflow:
            self._hooks.lost()


class _Group(InotifyWatchGroup):
    def _remove_watch_internally(self, wd: WatchDescriptor) -> None:
        path = self._active_callbacks_by_watch.pop(wd, None)
        if path is not None and self._active_callbacks_by_path.get(path) == wd:
            del self._active_callbacks_by_path[path]

    def resync(self) -> set[bytes]:
        """Watch what is on the disk now; returns the folders that had no watch of this name.

        Asking again for the watch of a folder gives the one it has, so
        nothing is missed meanwhile.
        """
        with self._lock:
            if not self.is_active:
                return set()
            before = dict(self._active_callbacks_by_watch)
            self._active_callbacks_by_watch.clear()
            self._active_callbacks_by_path.clear()
            try:
                self._add_all_callbacks(self.path)
            finally:
                after = self._active_callbacks_by_watch
                self._inotify_fd.remove_callbacks([(wd, self._id) for wd in before.keys() - after.keys()])
            return {path for wd, path in after.items() if before.get(wd) != path}


class _Emitter(InotifyEmitter):
    def on_thread_start(self) -> None:
        self._inotify = self._group = _Group(
            self._inotify_fd,
            os.fsencode(self.watch.path),
            is_recursive=self.watch.is_recursive,
            event_mask=self.get_event_mask_from_filter(),
            follow_symlink=self.watch.follow_symlink,
        )

    def resync(self) -> set[str]:
        return {os.fsdecode(path) for path in self._group.resync()}


class TreeObserver(BaseObserver):
    """An observer with an inotify instance of its own.

    :raises OSError: no inotify instance is left (``EMFILE``).
    """

    def __init__(self, hooks: Hooks) -> None:
        InotifyMoveEventGrouper.delay = MOVE_PAIRING_S
        # A folder moved in from another watched tree is watched anew under its new name, as it should be.
        warnings.filterwarnings(
            "ignore", message="Callback with id .* already exists", category=RuntimeWarning
        )
        self._descriptors = _Descriptors(hooks)
        super().__init__(_Emitter, inotify_fd=self._descriptors)

    def on_thread_start(self) -> None:
        self._descriptors.start()
        super().on_thread_start()

    def on_thread_stop(self) -> None:
        super().on_thread_stop()
        self._descriptors.stop()
        self._descriptors.join()

    def resync(self, folders: set[str]) -> set[str]:
        """Put the watches around ``folders`` right; returns the folders that are watched anew.

        All paths are absolute.
        """
        anew: set[str] = set()
        for emitter in list(self.emitters):
            top = emitter.watch.path
            near = any(folder == top or folder.startswith(top + "/") for folder in folders)
            if near and isinstance(emitter, _Emitter) and emitter.watch.is_recursive:
                anew |= emitter.resync()
        return anew

    def is_healthy(self) -> bool:
        """Whether the thread that reads the kernel's events is still at work."""
        return self._descriptors.is_alive()
