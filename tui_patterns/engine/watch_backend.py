"""Where file events come from: the system where it sends any, polling where it does not."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

from tui_patterns.engine.ignore import CONTROL_FILES, IgnoreRules

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver

# Not opened and not closed-without-write: every reader of every file, ourselves included, would fill
# the kernel's queue with them, and the queue overflows for ever.
EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]

# Changes made by another machine never reach this one's kernel.
NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "vboxsf", "drvfs", "prl_fs"}
)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What an observer tells its owner, from threads of its own.

    ``lost``: events were dropped. ``broken``: watching may be damaged.
    ``exhausted``: no watch is left. ``left_out``: whether a folder (absolute
    path) must not be watched.
    """

    lost: Callable[[], None]
    broken: Callable[[], None]
    exhausted: Callable[[], None]
    left_out: Callable[[str], bool]


def native_name() -> str:
    """The name of what sends events on this platform."""
    return {"linux": "inotify", "darwin": "fsevents", "win32": "windows"}.get(sys.platform, "kqueue")


def native_observer(hooks: Hooks) -> BaseObserver:
    """An observer for the system's own events, not started.

    :raises OSError: the system has none to give.
    """
    if sys.platform == "linux":
        from tui_patterns.engine.watch_inotify import TreeObserver

        return TreeObserver(hooks)
    from watchdog.observers import Observer

    return Observer()


def polling_observer(
    root: Path, rules: IgnoreRules, suffixes: frozenset[str], interval_s: float
) -> BaseObserver:
    """An observer that looks every ``interval_s`` seconds, at files that matter alone; not started."""
    from watchdog.observers.polling import PollingObserverVFS

    def entries(path: str | None) -> Iterator[os.DirEntry[str]]:
        folder = str(path)
        rel = "" if folder == str(root) else Path(folder).relative_to(root).as_posix()
        with os.scandir(folder) as found:
            for entry in found:
                if _matters(entry, f"{rel}/{entry.name}" if rel else entry.name, rules, suffixes):
                    yield entry

    return PollingObserverVFS(os.lstat, entries, polling_interval=interval_s)


def _matters(entry: os.DirEntry[str], rel: str, rules: IgnoreRules, suffixes: frozenset[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return not rules.dir_ignored(rel)
    return wanted(entry.name, suffixes) or entry.name in CONTROL_FILES


def wanted(name: str, suffixes: frozenset[str]) -> bool:
    """Whether a file's name ends in one of ``suffixes``, in either case."""
    return os.path.splitext(name)[1].lower() in suffixes  # noqa: PTH122 - asked for every event


def network_filesystem(path: Path) -> str | None:
    """The kind of network file system that ``path`` is on, or ``None`` (proc_pid_mountinfo(5))."""
    try:
        lines = Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = "", ""
    for line in lines:
        mount = line.split(" ")[4].replace("\\040", " ")
        inside = mount == "/" or path == Path(mount) or str(path).startswith(mount + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, line.partition(" - ")[2].split(" ")[0]
    return kind if kind in NETWORK or kind.startswith("fuse.sshfs") else None


def out_of_watches() -> str:
    """What to say, and to do, when inotify has no watch left (inotify(7))."""
    try:
        limit = Path("/proc/sys/fs/inotify/max_user_watches").read_text().strip()
    except OSError:
        limit = "?"
    return f"inotify is out of watches (limit {limit}); raise fs.inotify.max_user_watches"


def failure(error: OSError) -> str:
    """Why a folder could not be watched, in one line."""
    if error.errno == errno.EMFILE:
        return "inotify is out of instances (fs.inotify.max_user_instances); close other watchers"
    return error.strerror or str(error)
