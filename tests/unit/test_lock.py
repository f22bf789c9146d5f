"""One process holds the index lock, and its death, however it comes, frees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui_patterns.engine.lock import HOLDER_FILE, IndexLock, holder

HOLD = """
import sys
from pathlib import Path
from tui_patterns.engine.lock import IndexLock
lock = IndexLock(Path(sys.argv[1]), "test holder")
print(lock.try_acquire(), flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until its standard input ends."""
    command = [sys.executable, "-c", HOLD, str(data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_holder_is_refused_at_once(tmp_path: Path) -> None:
    with other_process(tmp_path):
        started = time.monotonic()
        assert not IndexLock(tmp_path).try_acquire()
        assert time.monotonic() - started < 10


def test_a_killed_holder_frees_the_lock_at_once(tmp_path: Path) -> None:
    with other_process(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        lock = IndexLock(tmp_path)
        assert lock.try_acquire()
        lock.release()


def test_the_holder_is_named_while_it_lives(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with other_process(tmp_path) as process:
        note = holder(tmp_path)
        assert note is not None
        assert (note["pid"], note["purpose"]) == (process.pid, "test holder")
        process.kill()
        process.wait()
        assert holder(tmp_path) is None


def test_a_reused_pid_is_not_the_holder(tmp_path: Path) -> None:
    lock = IndexLock(tmp_path)
    assert lock.try_acquire()
    note = json.loads((tmp_path / HOLDER_FILE).read_text())
    if note["born"] is not None:
        (tmp_path / HOLDER_FILE).write_text(json.dumps({**note, "born": note["born"] - 1}))
        assert holder(tmp_path) is None
    lock.release()


def test_release_gives_it_to_the_next(tmp_path: Path) -> None:
    first, second = IndexLock(tmp_path / "new"), IndexLock(tmp_path / "new")
    assert first.try_acquire()
    assert first.held
    assert not second.try_acquire()
    first.release()
    first.release()
    assert not first.held
    assert second.try_acquire()
    second.release()


def test_a_torn_note_names_nobody(tmp_path: Path) -> None:
    for note in ("", "{", "[]", '{"pid": "x"}', '{"pid": null}', f'{{"pid": {os.getpid()}}}', '{"pid": -1}'):
        (tmp_path / HOLDER_FILE).write_text(note)
        assert holder(tmp_path) is None
