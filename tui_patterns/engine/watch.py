"""Watching folders: every change below a root reaches one callback, in batches.

Batches say where to look, never what is there: the receiver looks at the
disk. It should start the watcher first and scan the roots after, so that
nothing falls between the two.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.engine.debounce import Changes, Debouncer
from tui_patterns.engine.discovery import PYTHON
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.watch_root import RootWatch
from tui_patterns.engine.watch_source import Polling

logger = logging.getLogger(__name__)

CHECK_S = 2.0


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """What to look at again below ``root`` (as it was given).

    ``paths``: source files touched, whether they exist now or not; POSIX,
    relative. ``rescan``: besides, everything below the folder ``prefix`` must
    be compared with the disk (``None``: the whole root; ``paths`` is then
    empty), since events were lost, folders moved, came or went, the ignore
    rules changed, or there were too many paths. A prefix may be gone.
    ``settled``: the changes had stopped. When it is false more is under way
    (a checkout, say), and what is missing may be about to come back; another
    batch follows in any case, empty if nothing else changed.
    """

    root: Path
    paths: frozenset[str]
    rescan: bool
    prefix: str | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """``watches``: scheduled watches, a thread each. ``backend``: "inotify", "polling", … or both with "+".

    ``note``: one line on what is not as it should be, or ``None``.
    """

    roots: tuple[Path, ...]
    watches: int
    backend: str
    note: str | None


class Watcher:
    """Watches ``roots`` and calls ``on_change`` from a thread of its own, one batch at a time.

    While ``on_change`` runs, changes gather for the next batch. If it raises,
    the error is logged and the batch comes once more, as a rescan of the root.

    :param rules_for: the ignore rules of a root.
    :param debounce_s: seconds of quiet before a batch.
    :param max_wait_s: most seconds that a change waits under steady writes.
    :param polling: "auto" polls where events are not to be had, "always" or "never".
    :param suffixes: files with other suffixes are not reported.
    :param poll_s: seconds between two looks when polling.
    :param check_s: seconds between two looks at what sends no event: a root that is gone, a dead thread.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        rules_for: Callable[[Path], IgnoreRules],
        on_change: Callable[[ChangeBatch], None],
        *,
        debounce_s: float = 0.1,
        max_wait_s: float = 1.0,
        polling: Polling = "auto",
        suffixes: frozenset[str] = PYTHON,
        poll_s: float = 2.0,
        check_s: float = CHECK_S,
    ) -> None:
        self._check_s = check_s
        self._on_change = on_change
        self._changed = threading.Condition()
        self._stopped = False
        self._thread: threading.Thread | None = None
        self._roots = [
            RootWatch(
                root,
                rules_for(root),
                Debouncer(debounce_s, max_wait_s),
                self._changed,
                polling=polling,
                poll_s=poll_s,
                suffixes=suffixes,
            )
            for root in dict.fromkeys(roots)
        ]

    def start(self) -> None:
        """Begin to watch; returns once every watch is in place. A root that is not there is waited for."""
        if self._thread is not None:
            return
        for root in self._roots:
            root.open()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for all threads. Changes not handed over yet are left to the next scan."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        for root in self._roots:
            root.source.close()

    def status(self) -> WatchStatus:
        """What is watched, and how."""
        backends = sorted({root.source.backend for root in self._roots})
        notes = [root.note for root in self._roots if root.note is not None]
        return WatchStatus(
            roots=tuple(root.root for root in self._roots),
            watches=sum(len(root.source.watches) for root in self._roots),
            backend="+".join(backends) or "none",
            note="; ".join(notes) or None,
        )

    def _run(self) -> None:
        next_check = time.monotonic() + self._check_s
        while self._wait(next_check):
            for root in self._roots:
                self._hand_over(root)
            if time.monotonic() >= next_check:
                for root in self._roots:
                    root.check()
                next_check = time.monotonic() + self._check_s

    def _wait(self, until: float) -> bool:
        """Sleep until something is due; false once stopped."""
        with self._changed:
            while not self._stopped:
                dues = [due for root in self._roots if (due := root.debouncer.due()) is not None]
                left = min([until, *dues]) - time.monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
        return False

    def _hand_over(self, root: RootWatch) -> None:
        changes: Changes | None = None
        try:
            changes = root.take()
            if changes is not None:
                self._on_change(_batch(root.root, changes))
        except Exception:
            logger.exception("changes below %s could not be taken up", root.root)
            if changes is not None and "" not in changes.trees:
                with self._changed:
                    root.debouncer.touch_tree("")


def _batch(root: Path, changes: Changes) -> ChangeBatch:
    return ChangeBatch(
        root=root,
        paths=changes.paths,
        rescan=bool(changes.trees),
        prefix=changes.prefix,
        settled=changes.settled,
    )
