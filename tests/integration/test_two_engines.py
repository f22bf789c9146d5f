"""Several engines on one library: one indexes for all, and another takes over when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.integration.engines import Engine, living, until, write
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.engine.lock import IndexLock, holder
from tui_patterns.models import IndexReport
from tui_patterns.settings import Settings

CODE = """
def {name}(values, limit):
    \"\"\"{doc}\"\"\"
    total = 0
    for value in values:
        if value > limit:
            total += value
    return total {extra}
"""


def save(root: Path, name: str, doc: str = "Sum what lies above a limit.", extra: str = "") -> None:
    write(root / f"{name}.py", CODE.format(name=name, doc=doc, extra=extra))


@pytest.fixture
def roots(tmp_path: Path) -> list[Path]:
    """Three projects of one function each: alpha, beta, gamma."""
    made = []
    for number, name in enumerate(("alpha", "beta", "gamma")):
        save(tmp_path / name, f"{name}_sum", extra=f"+ {number}")
        made.append(tmp_path / name)
    return made


def known(engine: Engine, name: str) -> bool:
    """Whether the library finds this very name, whoever indexed it."""
    return any(hit.pattern.qualname == name for hit in engine.library.search(name, 9).hits)


def shows(engine: Engine, patterns: int) -> bool:
    return engine.status.patterns == patterns


def count(data: Path, condition: str) -> int:
    """How many index requests meet a condition."""
    if not (data / "patterns.db").exists():
        return 0
    with (
        contextlib.closing(sqlite3.connect(data / "patterns.db")) as conn,
        contextlib.suppress(sqlite3.Error),
    ):
        return int(conn.execute(f"SELECT COUNT(*) FROM index_requests WHERE {condition}").fetchone()[0])
    return 0


def kill_for_good(engine: Engine) -> None:
    """As when the whole app is killed: no child comes after this one."""
    pid = engine.pid
    keeper = engine.client._keeper
    assert keeper is not None
    engine._loop.call_soon_threadsafe(keeper.cancel)
    os.kill(pid, signal.SIGKILL)
    until(lambda: not living({pid}), "its end")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_guest_is_indexed_for_and_takes_over(data: Path, roots: list[Path]) -> None:
    with contextlib.ExitStack() as running:
        owner = running.enter_context(Engine(data, roots[0])).ready()
        guests = [running.enter_context(Engine(data, root)) for root in roots[1:]]
        for engine, name in zip(guests, ("beta_sum", "gamma_sum"), strict=True):
            until(partial(known, engine, name), f"{name}, by the owner")
            engine.until(partial(shows, engine, 3))
        assert owner.status.role == "owner" and {one.status.role for one in guests} == {"guest"}
        assert not any(change.new for guest in guests for change in guest.changes)
        owner.until(lambda: len(owner.status.folders) == 3)
        owner.ready()

        # A guest follows: it shows the owner's progress, and answers by the exact scan.
        rows = until(lambda: guests[0].semantic("add up large values"), "the guest's answer")
        assert rows.index == "exact" and len(rows.rows) == 3
        save(roots[1], "later", "Written while a guest looks on.")
        until(lambda: known(guests[0], "later"), "a save in a guest's folder")

        kill_for_good(owner)
        heir = until(lambda: next((one for one in guests if one.status.role == "owner"), None), "an heir")
        other = next(one for one in guests if one is not heir)
        heir.ready()
        answer = heir.semantic("add up large values")
        assert answer is not None and answer.index == "chroma"
        noted = holder(data)
        assert noted is not None and noted["pid"] == heir.pid
        # Both folders are watched by the heir, also that of the one which stayed a guest.
        save(roots[1], "after_beta", extra="+ 10")
        save(roots[2], "after_gamma", extra="+ 11")
        until(lambda: known(heir, "after_beta") and known(heir, "after_gamma"), "saves after the takeover")
        assert other.status.role == "guest"
        assert len(heir.library.projects()) == 3


def test_an_index_command_is_done_by_the_engine_that_runs(data: Path, roots: list[Path]) -> None:
    seen: list[str] = []
    with Engine(data, roots[0]) as engine:
        engine.ready()
        library = PatternLibrary(data / "patterns.db", settings=Settings())
        indexer = Indexer(library, on_progress=lambda status: seen.append(status.state))
        report = indexer.index(roots[1:])
        assert indexer.handed_over
        assert (report.files, report.new, report.patterns) == (2, 2, 3)
        assert set(seen) <= {"indexing"}
        named = {"alpha", "beta", "gamma"}
        engine.until(lambda: named <= {change.project for change in engine.changes if change.new})
        until(lambda: engine.nearest("gamma sum") == "gamma_sum", "its vector")
        engine.ready()
        assert engine.status.role == "owner"


@pytest.fixture
def stubborn(data: Path, roots: list[Path]) -> Iterator[int]:
    """A process that holds the lock, takes every request, and answers none."""
    code = (
        "import sys, time; from pathlib import Path; from tui_patterns.engine.lock import IndexLock\n"
        "from tui_patterns.store import requests; from tui_patterns.store.sqlite import connect\n"
        "data = Path(sys.argv[1]); lock = IndexLock(data, 'engine'); assert lock.try_acquire()\n"
        "conn = connect(data / 'patterns.db'); print('held', flush=True)\n"
        "while True: requests.take(conn); time.sleep(0.02)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(data)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        yield process.pid
        process.kill()


def test_an_index_command_goes_on_by_itself_when_the_engine_dies(
    data: Path, roots: list[Path], stubborn: int
) -> None:
    library = PatternLibrary(data / "patterns.db", settings=Settings())
    reports: list[IndexReport] = []
    thread = threading.Thread(target=lambda: reports.append(Indexer(library).index(roots, embed=False)))
    thread.start()
    until(lambda: count(data, "started IS NOT NULL"), "the request to be taken")
    os.kill(stubborn, signal.SIGKILL)
    thread.join(timeout=180)
    assert [report.new for report in reports] == [3]
    assert count(data, "finished IS NULL") == 0


def test_engine_and_command_agree_on_a_project(data: Path, roots: list[Path], tmp_path: Path) -> None:
    """By whichever path it is named, and with the thresholds of its own file: nothing is read twice."""
    (tmp_path / "link").symlink_to(roots[0])
    save(roots[0], "tiny", extra="+ 5")
    (roots[0] / ".patterns-tui.toml").write_text("[extraction]\nmin_lines = 50\n")
    with Engine(data, tmp_path / "link") as engine:
        engine.until(lambda: engine.status.state == "idle" and engine.status.folders)
        assert engine.status.patterns == 0 and engine.library.projects() == [("alpha", str(roots[0]))]
    command = [
        sys.executable,
        "-m",
        "tui_patterns",
        "--data-dir",
        str(data),
        "index",
        str(roots[0]),
        "--no-embed",
    ]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=180, check=True)
    report = json.loads(done.stdout)
    assert (report["parsed"], report["unchanged"], report["patterns"]) == (0, 2, 0)
    assert Indexer(PatternLibrary(data / "patterns.db")).index(roots[:1], embed=False).parsed == 0
    (roots[0] / ".patterns-tui.toml").unlink()
    assert Indexer(PatternLibrary(data / "patterns.db")).index(roots[:1], embed=False).new == 2


def test_an_app_that_starts_during_an_index_command_takes_over_after_it(
    data: Path, roots: list[Path]
) -> None:
    data.mkdir()
    lock = IndexLock(data, "index")
    assert lock.try_acquire()
    with Engine(data, roots[0]) as engine:
        until(lambda: count(data, "1"), "its request")
        assert not engine.events
        lock.release()
        engine.ready()
        assert engine.status.role == "owner" and known(engine, "alpha_sum")
