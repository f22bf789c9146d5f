"""Which processes work on a library: by their environment, which children inherit (Linux)."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SHELLS = ("sh", "cat", "tmux")


@dataclass(frozen=True, slots=True)
class Process:
    """A running process of a library."""

    pid: int
    command: str

    @property
    def is_engine(self) -> bool:
        """Whether it is the app's child, not one of the child's parsers."""
        return "-m tui_patterns.engine " in self.command


def of_library(data_dir: Path) -> list[Process]:
    """Every process, but shells, that was started for the data folder; zombies are gone already."""
    return [one for one in _all(f"PATTERNS_TUI_DATA_DIR={data_dir}".encode()) if not _is_shell(one)]


def _all(variable: bytes) -> Iterator[Process]:
    for folder in PROC.iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        with suppress(OSError):
            if variable in (folder / "environ").read_bytes().split(b"\0"):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if command:
                    yield Process(int(folder.name), command)


def _is_shell(process: Process) -> bool:
    return Path(process.command.split(" ", 1)[0]).name in SHELLS


def kill(pid: int) -> None:
    """As ``kill -9`` does."""
    os.kill(pid, signal.SIGKILL)


def kill_all(data_dir: Path) -> None:
    """End whatever works on the library, however often it is started again."""
    while left := of_library(data_dir):
        for one in left:
            with suppress(ProcessLookupError):
                kill(one.pid)


def wait_until_gone(data_dir: Path, timeout: float) -> None:
    """Wait until nothing of the library runs any more, of itself."""
    end = time.monotonic() + timeout
    while left := of_library(data_dir):
        assert time.monotonic() < end, f"still running after {timeout} s: {[one.command for one in left]}"
        time.sleep(0.05)
