"""One command, run to its end: how long it took, how much work it was, and how much memory it had."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from benchmarks.machine import environment
from benchmarks.places import TOP
from benchmarks.processes import TreeWatch


@dataclass(frozen=True, slots=True)
class Run:
    """``seconds`` of the wall clock, ``cpu`` seconds of user and system over all processes.

    ``memory`` is the most that all processes had at a time, in bytes; ``out`` and
    ``errors`` are what was printed, ``code`` the exit code.
    """

    seconds: float
    cpu: float
    memory: int
    out: str
    errors: str
    code: int


def run(
    argv: Sequence[str],
    *,
    variables: Mapping[str, str] | None = None,
    cwd: Path = TOP,
    stdin: str = "",
    check: bool = True,
    watch: Callable[[int], TreeWatch] = TreeWatch,
) -> Run:
    """Run a command, offline as everything here; ``watch`` looks at the process with this id meanwhile.

    Raises OSError if it cannot be started, and, if it is to be checked, RuntimeError if it fails.
    """
    with TemporaryFile() as out, TemporaryFile() as errors, TemporaryFile() as given:
        given.write(stdin.encode())
        given.seek(0)
        variables = {**environment(), **(variables or {})}
        started = time.perf_counter()
        process = subprocess.Popen(argv, stdin=given, stdout=out, stderr=errors, cwd=cwd, env=variables)
        try:
            with watch(process.pid) as memory:
                _, status, used = os.wait4(process.pid, 0)
        except BaseException:  # who is stopped leaves nobody at work
            process.kill()
            process.wait()
            raise
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        said, complaint = _text(out), _text(errors)
    if check and process.returncode:
        raise RuntimeError(f"{' '.join(argv[:4])} … failed: {complaint.strip()[-400:]}")
    return Run(seconds, used.ru_utime + used.ru_stime, memory.peak, said, complaint, process.returncode)


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")
