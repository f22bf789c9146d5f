"""Resident memory of a process and of those below it, sampled while they work (Linux's /proc)."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

SAMPLE_S = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
WORKER = "multiprocessing"  # in the command line of a parser; not of a fork that is about to become ruff


def resident(pid: int) -> int:
    """Bytes in memory, shared files included; 0 if the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0


def command(pid: int) -> str:
    """The command line; empty if the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def children(pid: int) -> list[int]:
    """Direct children of all threads."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_text("ascii").split())
    except OSError:  # it ends while it is looked at
        pass
    return found


class Watch:
    """A thread that samples as long as the block lasts."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._stop.wait(SAMPLE_S):
            self.sample()

    def sample(self) -> None:
        """Take one look."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()


class MemoryWatch(Watch):
    """Notes the engine below ``app``, and the most that it and each parser worker below it ever had."""

    def __init__(self, app: int) -> None:
        self.app = app
        self.engine: int | None = None
        self.engine_peak = 0
        self.worker_peak = 0
        super().__init__()

    def sample(self) -> None:
        """Look for the engine, and at it and its parsers."""
        engines = [pid for pid in children(self.app) if "tui_patterns.engine" in command(pid)]
        self.engine = engines[0] if engines else None
        if self.engine is not None:
            self.engine_peak = max(self.engine_peak, resident(self.engine))
            workers = [resident(pid) for pid in tree(self.engine)[1:] if WORKER in command(pid)]
            self.worker_peak = max(self.worker_peak, *workers, 0)


class TreeWatch(Watch):
    """The most memory that a process and all below it had together: ``peak``, in bytes.

    Pages that several of them share count for each: what they really take is less.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.peak = 0
        super().__init__()

    def sample(self) -> None:
        """Add up what is there now."""
        self.peak = max(self.peak, sum(map(resident, tree(self.pid))))


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    return [pid, *(deeper for child in children(pid) for deeper in tree(child))]


def processor_seconds(pid: int) -> float:
    """Seconds of user and system of a process and all below it, with their children that have ended."""
    return sum(map(_ticks, tree(pid))) / TICKS


def _ticks(pid: int) -> int:
    try:
        said = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return 0
    # After the name, which may hold anything, comes field 3; 14 to 17 are the times (proc(5)).
    return sum(map(int, said.rpartition(")")[2].split()[11:15]))
