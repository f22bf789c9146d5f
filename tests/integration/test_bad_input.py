"""Bad files, a full disk, a missing model, Ctrl-C, a kill: a clear line, nothing lost, the rest goes on."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.engines import Engine, sites, until, write
from tui_patterns.api import Indexer, LibraryError, PatternLibrary, StoreError
from tui_patterns.settings import Settings
from tui_patterns.store.database_file import integrity

GOOD = """
def sound_{number}(values):
    total = start_{number}(values)
    for value in values:
        if limit_{number}(value) > {number}:
            total += weigh_{number}(value)
    return finish_{number}(total)
"""
COMMAND = [sys.executable, "-m", "tui_patterns"]


@pytest.fixture
def library(data_dir: Path) -> PatternLibrary:
    return PatternLibrary(settings=Settings())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Ten sound files."""
    for number in range(10):
        write(tmp_path / "project" / f"sound_{number}.py", GOOD.format(number=number))
    return tmp_path / "project"


def spoil(root: Path) -> None:
    """Put everything into a project that a parser or a walk could trip over."""
    (root / "latin.py").write_bytes(b"# caf\xe9\ndef f():\n    return '\xff\xfe'\n")
    (root / "coded.py").write_bytes(
        b"# -*- coding: latin-1 -*-\n" + GOOD.format(number=77).encode() + b"# \xe9\n"
    )
    (root / "broken.py").write_text("def f(:\n    return\n")
    (root / "empty.py").write_text("")
    (root / "nul.py").write_bytes(b"def f():\n    return '\0'\n")
    (root / "deep.py").write_text("x = " + "(" * 5000 + "1" + ")" * 5000 + "\n")
    (root / "chain.py").write_text("x = 1" + " + 1" * 20_000 + "\n")
    (root / "wide.py").write_text("x = [" + "1, " * 100_000 + "]\n")
    (root / "surrogate.py").write_text("x = '\\ud800'\ndef g():\n    return x\n")
    with (root / "huge.py").open("wb") as huge:
        huge.truncate(50 * 1024 * 1024)
    os.mkfifo(root / "pipe.py")
    (root / "loop").symlink_to(root)
    (root / "self.py").symlink_to(root / "self.py")
    (root / "outside.py").symlink_to("/etc/passwd")
    (root / "dangling.py").symlink_to(root / "nowhere.py")
    (root / "a folder.py").mkdir()
    (root / os.fsdecode(b"bad\xffname.py")).write_text(GOOD.format(number=88))
    (root / "new\nline.py").write_text(GOOD.format(number=99))


def test_bad_files_are_told_and_the_rest_is_indexed(library: PatternLibrary, project: Path) -> None:
    spoil(project)
    report = Indexer(library).index([project], embed=False)
    names = {one.qualname for one in library.recent(100)}
    assert {f"sound_{number}" for number in range(10)} <= names and "sound_77" in names
    failed = {one["path"]: one["reason"] for one in report.failed}
    assert {"latin.py", "broken.py", "deep.py"} <= set(failed)
    assert all(reason and "\n" not in reason and "Traceback" not in reason for reason in failed.values())
    reasons = ("bad_name", "binary", "linked", "not_regular", "outside_root", "too_large")
    assert report.skipped == {**dict.fromkeys(reasons, 1), "not_regular": 3}
    assert not {"pipe.py", "self.py", "outside.py", "dangling.py"} & set(failed)
    assert not any(path.startswith("loop/") for path, *_ in sites(library.path))
    # Once told, they are not read again, and the failures stay known.
    again = Indexer(library).index([project], embed=False)
    assert again.parsed == 0 and len(library.stats().failed_files) == len(failed)
    # Put right, a file is taken up.
    (project / "broken.py").write_text(GOOD.format(number=11))
    assert Indexer(library).index([project], embed=False).new == 1


def test_bad_files_under_a_running_engine(data_dir: Path, project: Path) -> None:
    with Engine(data_dir, project) as engine:
        engine.ready()
        spoil(project)
        write(project / "last.py", GOOD.format(number=12))
        until(lambda: engine.library.search("sound 12", 1).hits, "the good file after the bad ones")
        failures = until(lambda: {path for one in engine.changes for path, _ in one.failed}, "the failures")
        assert failures
        engine.ready()
        assert engine.status.error is None and not engine.downs


def test_a_folder_that_comes_late_is_taken_up_when_it_is_there(data_dir: Path, tmp_path: Path) -> None:
    late = tmp_path / "late"
    with Engine(data_dir, late) as engine:
        error = engine.until(lambda: engine.status.error)
        assert str(late) in error and "\n" not in error and "Errno" not in error
        write(late / "sound.py", GOOD.format(number=1))
        until(lambda: engine.library.search("sound", 1).hits, "the folder")
        engine.ready()
        engine.until(lambda: engine.status.error is None)


def test_a_folder_that_goes_away_for_a_while_loses_nothing(
    data_dir: Path, project: Path, tmp_path: Path
) -> None:
    with Engine(data_dir, project) as engine:
        engine.ready()
        known = engine.library.search("sound 3", 1).hits[0].pattern.id
        engine.library.rate(known, 5, "s")
        project.rename(tmp_path / "unmounted")
        engine.until(lambda: engine.status.error or engine.status.watch_note)
        assert not engine.library.pattern(known).gone
        (tmp_path / "unmounted").rename(project)
        write(project / "fresh.py", GOOD.format(number=50))
        until(
            lambda: engine.library.search("sound 50", 1).hits and engine.library.count() == 11, "its return"
        )
        assert engine.library.pattern(known).ratings.last == 5 and not engine.library.pattern(known).gone


def test_without_the_model_words_still_find_and_the_status_says_what_to_do(
    data_dir: Path, project: Path, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[embedding]\nmodel = "no-such-model"\n')
    with Engine(data_dir, project, config=config) as engine:
        error = engine.until(lambda: engine.status.state == "idle" and engine.status.error)
        assert isinstance(error, str) and "no-such-model" in error and "\n" not in error
        assert "embedding.model" in error
        assert engine.library.search("sound 3", 1).hits[0].pattern.qualname == "sound_3"
        assert engine.semantic("sound") is None
        write(project / "more.py", GOOD.format(number=20))
        until(lambda: engine.library.search("sound 20", 1).hits, "a save")
        engine.until(lambda: engine.status.state == "idle" and engine.status.patterns == 11)
        assert engine.status.error == error, "a later success must not hide it"


# -- the disk ---------------------------------------------------------------------------


class FullDisk(sqlite3.Connection):
    """Fails every write once it is told to, as a full disk does."""

    full = False

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        if FullDisk.full and sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            self.rollback()  # SQLite does so by itself
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)  # type: ignore[arg-type]


def test_a_full_disk_is_one_clear_line_and_costs_nothing_stored(
    library: PatternLibrary, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: honest(*a, **{**k, "factory": FullDisk}))
    monkeypatch.setattr(FullDisk, "full", False)
    Indexer(library).index([project], embed=False)
    known = library.search("sound 3", 1).hits[0].pattern.id
    library.rate(known, 5, "s")
    monkeypatch.setattr(FullDisk, "full", True)
    for failing in (
        lambda: library.rate(known, 1, "s"),
        lambda: Indexer(library).index([project], embed=False),
        lambda: library.start_session("cli"),
    ):
        with pytest.raises(StoreError, match=r"the disk is full.*free some space and try again"):
            failing()
    assert library.pattern(known).ratings.last == 5 and library.search("sound 4", 1).hits
    monkeypatch.setattr(FullDisk, "full", False)
    assert library.rate(known, 2, "s").ratings.last == 2
    assert Indexer(library).index([project], embed=False).unchanged == 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of twelve megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_disk_that_really_fills_up(small_disk: Path, project: Path) -> None:
    library = PatternLibrary(small_disk / "patterns.db", settings=Settings())
    Indexer(library).index([project], embed=False)
    known = library.search("sound 3", 1).hits[0].pattern.id
    library.rate(known, 5, "s")
    with (small_disk / "filler").open("wb", buffering=0) as filler, pytest.raises(OSError, match="No space"):
        while True:
            filler.write(b"\0" * 65536)
            filler.flush()
    for number in range(100, 400):
        write(project / f"more_{number}.py", GOOD.format(number=number) + f"# {'x' * 3000}\n")
    with pytest.raises((StoreError, LibraryError), match="the disk is full"):
        Indexer(library).index([project], embed=False)
    assert library.pattern(known).ratings.last == 5 and library.search("sound 4", 1).hits
    (small_disk / "filler").unlink()
    assert library.rate(known, 4, "s").ratings.last == 4
    report = Indexer(library).index([project], embed=False)
    assert report.patterns == library.count() > 10
    with library.connections.lend() as conn:
        assert integrity(conn) == "ok"


RATE_AS_NOBODY = """
import os, sys, tempfile
from tui_patterns.api import LibraryError, PatternLibrary, StoreError
PatternLibrary(os.path.join(tempfile.mkdtemp(), "warm.db")).count()  # loads what it needs while it may
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for action in (lambda library: library.rate(sys.argv[2], 5, "s"), lambda library: library.backup()):
    try:
        print(action(PatternLibrary(sys.argv[1])))
    except (StoreError, LibraryError) as error:
        print("LINE", error)
"""


def test_a_folder_that_may_not_be_written(project: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = PatternLibrary(Path(folder) / "patterns.db", settings=Settings())
        Indexer(library).index([project], embed=False)
        known = library.recent(1)[0].id
        library.close()
        library.path.chmod(0o444)
        Path(folder).chmod(0o555)
        command = [sys.executable, "-c", RATE_AS_NOBODY, str(library.path), known]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        Path(folder).chmod(0o755)
    assert done.returncode == 0, done.stderr
    rated, backed_up = done.stdout.splitlines()
    assert rated.startswith("LINE ") and "check its permissions, or give --data-dir" in rated
    assert backed_up.startswith("LINE ") and "denied" in backed_up


# -- Ctrl-C and kills -------------------------------------------------------------------


def test_ctrl_c_during_an_index_leaves_a_library_that_works(data_dir: Path, tmp_path: Path) -> None:
    root = tmp_path / "large"
    for number in range(240):
        write(root / f"sound_{number}.py", GOOD.format(number=number) * 3)
    process = subprocess.Popen(
        [*COMMAND, "index", str(root)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    library = PatternLibrary(settings=Settings())
    until(lambda: library.path.exists() and library.count() > 0, "the first batch")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    out, err = process.communicate(timeout=180)
    assert process.returncode == 130, err.decode()
    assert b"Traceback" not in out + err
    stored = library.count()
    assert stored and library.search("sound", 1).hits
    with library.connections.lend() as conn:
        assert integrity(conn) == "ok"
    report = Indexer(library).index([root], embed=False)  # goes on, with no lock left behind
    assert report.unchanged > 0 and report.files == 240
    cold = PatternLibrary(tmp_path / "cold" / "patterns.db", settings=Settings())
    Indexer(cold).index([root], embed=False)
    assert sites(library.path) == sites(cold.path)


RATER = """
import sys
from tui_patterns.api import PatternLibrary
library = PatternLibrary(sys.argv[1])
for number in range(1000):
    library.rate(sys.argv[2], 1 + number % 5, f"{sys.argv[3]}-{number}")
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def killed_amid_ratings(library: PatternLibrary, pattern: str, turn: int, after: int) -> None:
    """Kill a process after it has acknowledged some ratings: each of them must be there."""
    command = [sys.executable, "-c", RATER, str(library.path), pattern, str(turn)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        acknowledged = after + process.stdout.read().count(b"\n")
    for number in range(acknowledged):
        assert library.rating_in(pattern, f"{turn}-{number}") == 1 + number % 5


def test_a_rating_that_was_acknowledged_survives_a_kill(library: PatternLibrary, project: Path) -> None:
    Indexer(library).index([project], embed=False)
    known = library.search("sound 3", 1).hits[0].pattern.id
    for turn in range(5):
        killed_amid_ratings(library, known, turn, after=1 + 3 * turn)
    with library.connections.lend() as conn:
        assert integrity(conn) == "ok"


def test_the_command_line_prints_one_line_for_each_fault(data_dir: Path, tmp_path: Path) -> None:
    for arguments in (
        ["index", "/no/such/folder"],
        ["show", "abcdef12"],
        ["rate", "abcdef12", "9"],
        ["restore"],
    ):
        done = subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode in (1, 2) and done.stdout == ""
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    (data_dir / "patterns.db").write_bytes(b"ruined" * 4000)
    done = subprocess.run(
        [*COMMAND, "search", "x", "--json"], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 1 and "patterns-tui restore" in done.stderr and done.stdout == ""
