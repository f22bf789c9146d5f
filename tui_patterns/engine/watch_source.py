"""The source of one root's events: an observer kept in line with the plan, or polling in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from watchdog.events import FileSystemEventHandler
from watchdog.observers.api import BaseObserver, ObservedWatch

from tui_patterns.engine import watch_backend as backend
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.watch_backend import Hooks
from tui_patterns.engine.watch_plan import PlannedWatch, is_at_or_below, plan_watches

Polling: TypeAlias = Literal["auto", "always", "never"]


class EventSource:
    """Sends the events below ``base`` to ``handler``. Not thread-safe: one owner opens, plans and closes.

    ``backend`` is "inotify", "fsevents", "windows", "kqueue", "polling" or
    "none"; ``note`` says in one line what is not as it should be.
    """

    def __init__(
        self,
        base: Path,
        rules: IgnoreRules,
        handler: FileSystemEventHandler,
        hooks: Hooks,
        *,
        polling: Polling,
        poll_s: float,
        suffixes: frozenset[str],
    ) -> None:
        self.backend = "none"
        self.note: str | None = None
        self.exhausted = False
        self._base = base
        self._rules = rules
        self._handler = handler
        self._hooks = hooks
        self._polling = polling
        self._poll_s = poll_s
        self._suffixes = suffixes
        self._observer: BaseObserver | None = None
        self._watches: dict[PlannedWatch, ObservedWatch] = {}

    @property
    def watches(self) -> tuple[PlannedWatch, ...]:
        """What is watched now; each costs a thread."""
        return tuple(self._watches)

    def open(self) -> None:
        """Begin to send events, or say in ``note`` why not; nothing is raised."""
        self.close()
        self.note = None
        reason = self._reason_to_poll() or self._open_native()
        if reason is not None:
            self._open_polling(reason)

    def close(self) -> None:
        """Stop, and wait until the threads have ended."""
        observer, self._observer = self._observer, None
        self._watches = {}
        self.backend = "none"
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join()

    def plan(self, stale: set[str]) -> set[str]:
        """Bring the watches in line with the tree; those at or below a ``stale`` folder are made anew.

        Returns the folders whose watch came or went: what happened below
        them meanwhile was heard by nobody, or was still on its way when the
        watch went.
        """
        if self.backend in {"polling", "none"}:
            return set()
        before = dict(self._watches)
        try:
            self._apply(set(plan_watches(self._base, self._rules)), stale)
        except OSError as error:
            self.note = f"{self._base} is not watched in full: {backend.failure(error)}"
        if self.must_fall_back():
            self.open()
        now = self._watches
        return {watch.rel for watch in before.keys() | now.keys() if before.get(watch) is not now.get(watch)}

    def resync(self, moved: set[str]) -> set[str]:
        """Put the watches right after the folders ``moved`` went or changed places.

        Returns the folders that are watched anew, whose changes were heard by nobody.
        """
        resync = getattr(self._observer, "resync", None)
        if resync is None or not moved:
            return set()
        try:
            anew: set[str] = resync({str(self._base / folder) for folder in moved})
        except OSError:
            return set()  # the top of a watch went too: the next plan or check sees to it
        return {Path(folder).relative_to(self._base).as_posix() for folder in anew}

    def must_fall_back(self) -> bool:
        """Whether the system has run out of watches for this root, and polling is allowed."""
        return self.exhausted and self._polling == "auto" and self.backend not in {"polling", "none"}

    def is_healthy(self) -> bool:
        """Whether every thread that should be at work is."""
        observer = self._observer
        if observer is None or not observer.is_alive():
            return False
        reads = getattr(observer, "is_healthy", None)
        return (reads is None or reads()) and all(emitter.is_alive() for emitter in observer.emitters)

    def covers(self, rel: str) -> bool:
        """Whether ``rel`` lies at or below a recursive watch."""
        return any(watch.recursive and is_at_or_below(rel, watch.rel) for watch in self.watches)

    def has_watch_in(self, folder: str) -> bool:
        """Whether a watch stands on ``folder`` or on a folder below it."""
        return any(is_at_or_below(watch.rel, folder) for watch in self.watches)

    def _reason_to_poll(self) -> str | None:
        if self._polling == "always":
            return "as the settings ask"
        if self._polling == "never":
            return None
        if self.exhausted:
            return backend.out_of_watches()
        kind = backend.network_filesystem(self._base)
        return f"{kind} sends no events" if kind else None

    def _open_native(self) -> str | None:
        """Begin with the system's own events; returns why to poll instead, if so."""
        failure = None
        try:
            self._observer = backend.native_observer(self._hooks)
            self._observer.start()
            self.backend = backend.native_name()
            self._apply(set(plan_watches(self._base, self._rules)), set())
        except OSError as error:
            failure = backend.failure(error)
        if self.exhausted:
            failure = backend.out_of_watches()
        if failure is not None and self._polling == "never":
            self.note, failure = f"{self._base} is not watched in full: {failure}", None
        if failure is not None:
            self.close()
        return failure

    def _open_polling(self, reason: str) -> None:
        self.backend = "polling"
        self.note = f"polling {self._base} every {self._poll_s:g} s: {reason}"
        self._observer = backend.polling_observer(self._base, self._rules, self._suffixes, self._poll_s)
        self._observer.start()
        try:
            self._add(PlannedWatch("", recursive=True))
        except OSError as error:
            self.note = f"{self._base} cannot be watched: {backend.failure(error)}"

    def _apply(self, plan: set[PlannedWatch], stale: set[str]) -> None:
        old = [watch for watch in self._watches if watch not in plan]
        for watch in [watch for watch in plan if watch in self._watches]:
            if any(is_at_or_below(watch.rel, folder) for folder in stale):
                self._remove(watch)
        # New ones first: a moment with two watches on a folder is better than one with none.
        for watch in sorted(plan - set(self._watches)):
            self._add(watch)
        for watch in old:
            self._remove(watch)

    def _add(self, watch: PlannedWatch) -> None:
        assert self._observer is not None
        try:
            self._watches[watch] = self._observer.schedule(
                self._handler,
                str(self._base / watch.rel),
                recursive=watch.recursive,
                event_filter=backend.EVENTS,
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            if not watch.rel:
                raise  # a folder inside may be gone again; the root may not

    def _remove(self, watch: PlannedWatch) -> None:
        observed = self._watches.pop(watch)
        if self._observer is not None:
            self._observer.unschedule(observed)
