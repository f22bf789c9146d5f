"""A program in a terminal of its own: started, typed into, its output read and thrown away."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from benchmarks.machine import environment
from benchmarks.places import TOP

COLUMNS, ROWS = 120, 40


class Terminal:
    """A child under a pseudo-terminal; leaving the ``with`` block ends it."""

    def __init__(self, argv: Sequence[str], **variables: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            argv,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=TOP,
            env={**environment(), **variables},
            start_new_session=True,
        )
        os.close(slave)
        self.tail = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, keys: str) -> float:
        """Press keys; the monotonic time at which the program can have them."""
        os.write(self._master, keys.encode())
        return time.monotonic()

    def wait(self, timeout: float) -> int:
        """The exit code. Raises subprocess.TimeoutExpired."""
        return self.process.wait(timeout)

    def _read(self) -> None:
        try:
            while part := os.read(self._master, 65536):
                self.tail = (self.tail + part)[-4000:]
        except OSError:
            pass  # the child closed its end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._reader.join(2)
        os.close(self._master)
