"""The parser pool: an answer for every file, whatever it does to its parser, and no process left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui_patterns.engine.worker_main import resident_mb
from tui_patterns.engine.worker_run import CHUNK_FILES, chunks
from tui_patterns.engine.workers import ParserPool, ParseTask, parse_files
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.models import ParsedFile

GOOD = "def choose(a, b):\n    if a:\n        return b\n    if b:\n        return a\n    return None\n"
# Half a million names in one list keep a parser busy for three seconds.
SLOW = "x = [" + "a," * 480_000 + "]\n"
SOON_S = 30.0  # two where nothing else runs
REPO = Path(__file__).resolve().parents[2]


def tasks(root: Path, *names: str) -> list[ParseTask]:
    return [ParseTask(str(root), name) for name in names]


def write(root: Path, files: dict[str, str]) -> list[ParseTask]:
    for name, text in files.items():
        (root / name).write_text(text)
    return tasks(root, *files)


def by_path(parsed: Iterator[ParsedFile]) -> dict[str, ParsedFile]:
    return {file.path: file for file in parsed}


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with ParserPool(2, ExtractionOptions(), 180.0) as shared:
        yield shared


def test_every_file_is_answered_once_with_its_units(pool: ParserPool, tmp_path: Path) -> None:
    todo = write(tmp_path, {f"m{n}.py": GOOD for n in range(70)})
    answers = list(pool.parse(todo))
    assert sorted(file.path for file in answers) == sorted(task.rel for task in todo)
    assert all(file.units[0].qualname == "choose" for file in answers)


def test_results_stream_while_tasks_still_come(pool: ParserPool, tmp_path: Path) -> None:
    todo = write(tmp_path, {f"m{n}.py": GOOD for n in range(400)})
    taken = 0

    def counted() -> Iterator[ParseTask]:
        nonlocal taken
        for task in todo:
            taken += 1
            yield task

    run = pool.parse(counted())
    next(run)
    assert taken < len(todo)
    run.close()  # type: ignore[attr-defined]
    assert len(list(pool.parse(todo[:3]))) == 3


def test_odd_files_say_why_and_the_others_go_on(pool: ParserPool, tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "good.py": GOOD,
            "broken.py": "def f(:\n",
            "parens.py": "x = " + "(" * 5000 + ")" * 5000,
            "nots.py": "x = " + "not " * 5000 + "a",
            "ifs.py": "\n".join(" " * n + "if a:" for n in range(400)),
            "sum.py": "x = " + " + ".join(["a"] * 20_000),
            "calls.py": "x = a" + "()" * 5000,
        },
    )
    (tmp_path / "latin.py").write_bytes(b"x = '\xff\xfe'\n")
    (tmp_path / "binary.py").write_bytes(b"\0\1\2" * 100)
    (tmp_path / "large.py").write_text("#" * (1024 * 1024 + 1))
    (tmp_path / "link.py").symlink_to(tmp_path / "good.py")
    os.mkfifo(tmp_path / "pipe.py")
    names = sorted(path.name for path in tmp_path.iterdir())
    found = by_path(pool.parse(tasks(tmp_path, *names, "missing.py")))
    assert found.keys() == {*names, "missing.py"}
    assert found["good.py"].error is None
    for name in ("broken", "parens", "nots", "ifs", "sum", "calls", "latin", "missing"):
        error = found[f"{name}.py"].error
        assert error
        assert "\n" not in error
    skipped = {name: file.skipped for name, file in found.items() if file.skipped}
    assert skipped == {
        "binary.py": "binary",
        "large.py": "too_large",
        "link.py": "not_regular",
        "pipe.py": "not_regular",
    }


def test_a_file_that_takes_too_long_fails_alone(tmp_path: Path) -> None:
    todo = write(tmp_path, {"a.py": GOOD, "slow.py": SLOW, "b.py": GOOD})
    for limit in (0.2, 0.5, 1.0):  # on a busy machine any file may take a while
        with ParserPool(1, ExtractionOptions(), limit) as pool:
            found = by_path(pool.parse(todo))
        if found["a.py"].units and found["b.py"].units:
            break
    assert found["slow.py"].error == f"timed out after {limit:g} s"
    assert found["a.py"].units
    assert found["b.py"].units


def test_a_killed_worker_costs_no_file(tmp_path: Path) -> None:
    todo = write(tmp_path, {f"m{n}.py": GOOD for n in range(200)})
    with ParserPool(2, ExtractionOptions(), 180.0) as pool:
        list(pool.parse(todo[:4]))
        run = pool.parse(todo)
        first = next(run)
        for pid in children(os.getpid()):
            if b"spawn_main" in command(pid):
                os.kill(pid, signal.SIGKILL)
        found = [first, *run]
    assert sorted(file.path for file in found) == sorted(task.rel for task in todo)
    assert all(file.units for file in found)


def test_workers_over_their_memory_are_replaced(tmp_path: Path) -> None:
    todo = write(tmp_path, {f"m{n}.py": GOOD for n in range(40)})
    with ParserPool(1, ExtractionOptions(), 180.0) as pool:
        first = pool.generation()
        assert len(list(pool.parse(todo))) == 40
        assert pool.generation() is first
        pool.max_rss_mb = 1.0
        assert all(file.units for file in pool.parse(todo))
        assert pool.generation() is not first
        first.join()


def test_a_file_cannot_take_more_memory_than_a_worker_may(tmp_path: Path) -> None:
    todo = write(tmp_path, {"dense.py": "x = [" + "(1,a,b)," * 120_000 + "]\n", "good.py": GOOD})
    with ParserPool(1, ExtractionOptions(), 180.0) as pool:
        found = by_path(pool.parse(todo))
    if sys.platform == "linux":
        assert "memory" in (found["dense.py"].error or "")
    assert found["good.py"].units


def test_nothing_in_the_current_folder_is_imported(tmp_path: Path) -> None:
    canary = "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n"
    names = ("random", "pickle", "signal", "multiprocessing", "ast", "astroid", "conftest", "sitecustomize")
    for name in names:
        (tmp_path / f"{name}.py").write_text(canary)
    script = tmp_path.parent / "main_of_a_caller.py"
    script.write_text(
        "import sys\nfrom tui_patterns.engine.workers import ParserPool, ParseTask\n"
        "from tui_patterns.extraction.options import ExtractionOptions\n"
        "pool = ParserPool(1, ExtractionOptions(), 180.0)\n"
        "print(len(list(pool.parse([ParseTask(sys.argv[1], n + '.py') for n in sys.argv[2:]]))))\n"
        "pool.close()\n"
    )
    done = run_child([str(script), str(tmp_path), *names], cwd=tmp_path)
    assert (done.stdout.strip(), done.returncode) == (str(len(names)), 0), done.stderr
    assert not (tmp_path / "ran").exists()


def test_closing_leaves_no_process_and_ends_a_run(tmp_path: Path) -> None:
    todo = write(tmp_path, {"slow.py": SLOW})
    pool = ParserPool(1, ExtractionOptions(), 180.0)
    pool.warm()
    list(pool.parse(write(tmp_path, {"a.py": GOOD})))
    workers = [pid for pid in children(os.getpid()) if b"spawn_main" in command(pid)]
    assert workers
    pool.generation().submit(todo, 20.0)
    pool.close()
    assert not [pid for pid in workers if alive(pid)]
    with pytest.raises(RuntimeError, match="closed"):
        pool.warm()
    assert list(pool.parse(todo)) == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("busy", [False, True])
def test_workers_are_gone_soon_after_their_engine_was_killed(tmp_path: Path, busy: bool) -> None:
    write(tmp_path, {"a.py": GOOD, "slow.py": SLOW})
    script = (
        "import sys, threading\nfrom tui_patterns.engine.workers import ParserPool, ParseTask\n"
        "from tui_patterns.extraction.options import ExtractionOptions\n"
        "pool = ParserPool(2, ExtractionOptions(), 180.0)\n"
        "list(pool.parse([ParseTask(sys.argv[1], 'a.py')]))\n"
        + ("pool.generation().submit((ParseTask(sys.argv[1], 'slow.py'),) * 9, 60.0)\n" if busy else "")
        + "print('ready', flush=True)\nthreading.Event().wait()\n"
    )
    engine = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, cwd=REPO, text=True
    )
    assert engine.stdout is not None
    assert select.select([engine.stdout], [], [], 180)[0]
    assert engine.stdout.readline() == "ready\n"
    workers = children(engine.pid)
    assert len([pid for pid in workers if b"spawn_main" in command(pid)]) == 2
    engine.kill()
    engine.wait()
    engine.stdout.close()
    assert within(SOON_S, lambda: not [pid for pid in workers if alive(pid)])


def test_a_single_file_on_warm_workers_is_quick(pool: ParserPool, tmp_path: Path) -> None:
    todo = write(tmp_path, {"a.py": GOOD})
    list(pool.parse(todo))

    def quick() -> bool:
        started = time.perf_counter()
        list(pool.parse(todo))
        return time.perf_counter() - started < 0.1

    assert within(SOON_S, quick), "as soon as the machine lets it"


def test_chunks_keep_the_order_and_their_limits(tmp_path: Path) -> None:
    todo = write(tmp_path, {f"m{n}.py": GOOD for n in range(40)} | {"large.py": "#" * 200_000})
    made = list(chunks(iter(todo)))
    assert [task for chunk in made for task in chunk] == todo
    assert max(len(chunk) for chunk in made) <= CHUNK_FILES
    assert [task.rel for task in made[-1]] == ["large.py"]


def test_a_few_small_files_are_parsed_without_other_processes(tmp_path: Path) -> None:
    before = set(children(os.getpid()))
    found = by_path(parse_files(write(tmp_path, {"a.py": GOOD, "b.py": "("}), ExtractionOptions()))
    assert found["a.py"].units
    assert found["b.py"].error
    assert set(children(os.getpid())) <= before
    assert resident_mb() > 1


def run_child(arguments: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPO)},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        select.select([], [], [], 0.02)
    return True
