"""The index lock: its holder alone opens Chroma, watches, and indexes.

The kernel releases it when the holder dies, however it dies (``flock``), so no
lock is ever stale. A child that inherits the descriptor by a bare ``fork`` keeps
it: parser processes are spawned, not forked.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from typing import Any

LOCK_FILE = "index.lock"
HOLDER_FILE = "index.holder.json"


class IndexLock:
    """One try at the lock of ``data_dir``; not reentrant."""

    def __init__(self, data_dir: Path, purpose: str = "index") -> None:
        """``purpose`` is told to whoever asks ``holder``."""
        from filelock import FileLock

        self._data_dir = data_dir
        self._purpose = purpose
        self._lock = FileLock(data_dir / LOCK_FILE, thread_local=False)

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._lock.is_locked

    def try_acquire(self) -> bool:
        """Take the lock if it is free, at once. Raises ``OSError`` if the folder cannot be written."""
        from filelock import Timeout

        if self.held:
            return True
        self._data_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        self._note_holder()
        return True

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if not self.held:
            return
        with contextlib.suppress(OSError):
            (self._data_dir / HOLDER_FILE).unlink()
        self._lock.release()

    def _note_holder(self) -> None:
        """For people only: what decides is the kernel's lock, so a full disk may fail here."""
        note = {
            "pid": os.getpid(),
            "born": _born(os.getpid()),
            "started": time.time(),
            "purpose": self._purpose,
        }
        temporary = self._data_dir / f".{HOLDER_FILE}.{os.getpid()}"
        with contextlib.suppress(OSError):
            temporary.write_text(json.dumps(note), "utf-8")
            temporary.replace(self._data_dir / HOLDER_FILE)


def holder(data_dir: Path) -> dict[str, Any] | None:
    """Who holds the lock: ``pid``, ``started`` (Unix seconds), ``purpose``; ``None`` if nobody that lives.

    Reads the note beside the lock and never touches the lock itself.
    """
    try:
        note = json.loads((data_dir / HOLDER_FILE).read_bytes())
        pid = int(note["pid"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return note if _lives(pid) and note.get("born") == _born(pid) else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid > 0


def _born(pid: int) -> int | None:
    """Start time of a process in clock ticks since boot (proc(5), field 22); tells a reused pid."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
        return int(status.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None
