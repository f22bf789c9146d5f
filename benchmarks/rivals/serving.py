"""Servers of peers: started on this machine's own address, waited for, asked, and ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from benchmarks.machine import environment

READY_S, POLL_S = 300.0, 0.25


def start(argv: list[str], variables: Mapping[str, str], work: Path) -> subprocess.Popen[bytes]:
    """A server in the background; what it says goes to ``server.log`` in ``work``."""
    with (work / "server.log").open("wb") as log:
        return subprocess.Popen(argv, stdout=log, stderr=log, cwd=work, env={**environment(), **variables},
                                start_new_session=True)  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and see to it."""
    process.terminate()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGCONT)  # it may be held
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def hold(process: subprocess.Popen[bytes]) -> None:
    """Stop it where it is: what it does by itself would slow down whatever is measured meanwhile."""
    os.killpg(process.pid, signal.SIGSTOP)


@contextmanager
def awake(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let what is held go on for the block."""
    os.killpg(process.pid, signal.SIGCONT)
    try:
        yield
    finally:
        hold(process)


def ready(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until it answers; raises RuntimeError if it ends instead."""
    for _ in _patience(READY_S):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=READY_S):
                return
        except OSError:
            continue
    raise RuntimeError("its server did not start")


def _patience(seconds: float) -> Iterator[None]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield
        time.sleep(POLL_S)


def answer(url: str, question: object = None) -> Any:
    """What it answers in JSON; with a question, to that."""
    body = None if question is None else json.dumps(question).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=READY_S) as said:
        return json.loads(said.read())


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
