"""Each peer: what is read from it, and how it is kept apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np
import pytest

from benchmarks.drivers import plain_vectors, static_model
from benchmarks.measured import run
from benchmarks.processes import TreeWatch, processor_seconds
from benchmarks.rivals import serving
from benchmarks.rivals.base import Peer, distinct, size_of
from benchmarks.rivals.local import any_word, most_lines
from benchmarks.rooms import Room, home


@pytest.mark.parametrize(
    ("query", "expression"),
    [("how are cookies kept?", "cookies|kept"), ("a+b (or)", "a|b|or"), ("send .* back", "send|back")],
)
def test_ripgrep_looks_for_telling_words(query: str, expression: str) -> None:
    assert any_word(query) == expression


def test_files_with_most_lines_come_first() -> None:
    assert most_lines("./b.py:2\n./a.py:2\n./c:d.py:11\n\n") == ["./c:d.py", "./a.py", "./b.py"]
    assert most_lines("") == []


def test_a_file_counts_once_at_its_best_place() -> None:
    assert distinct(["b.py", "a.py", "b.py"]) == ["b.py", "a.py"]


def test_paths_of_answers_are_those_of_the_project(tmp_path: Path) -> None:
    peer = object.__new__(Peer)
    peer.project = tmp_path
    assert peer.relative("./src/a.py") == peer.relative(str(tmp_path / "src" / "a.py")) == "src/a.py"


def test_the_size_is_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a").write_bytes(b"123")
    (tmp_path / "b").write_bytes(b"12")
    assert size_of(tmp_path) == 5


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux's /proc")
def test_processor_time_holds_that_of_children_that_ended() -> None:
    before = processor_seconds(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(i * i for i in range(3_000_000))"], check=True)
    assert processor_seconds(os.getpid()) > before + 0.02
    assert processor_seconds(2**22 + 1) == 0.0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="Linux's /proc")
def test_a_server_that_is_held_works_only_while_it_is_asked(tmp_path: Path) -> None:
    counting = "import time\nwhile True:\n    print('x', flush=True)\n    time.sleep(0.005)"
    server = serving.start([sys.executable, "-c", counting], {}, tmp_path)
    log = tmp_path / "server.log"
    try:
        wait_until(lambda: log.stat().st_size > 0)
        serving.hold(server)
        wait_until(lambda: state(server.pid) == "T")
        held = log.stat().st_size
        with serving.awake(server):
            wait_until(lambda: log.stat().st_size > held)
        wait_until(lambda: state(server.pid) == "T")
    finally:
        serving.end(server)
    assert server.poll() is not None


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.005)


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_plain_vectors_are_of_every_definition(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class A:\n    def b(self):\n        return 1\n\n\nasync def c():\n    pass\n"
    )
    (tmp_path / "broken.py").write_text("def (:\n")
    found = [unit for file in sorted(tmp_path.glob("*.py")) for unit in plain_vectors.units(file, tmp_path)]
    assert sorted(code.split("(")[0].split(":")[0] for _, code in found) == [
        "async def c",
        "class A",
        "def b",
    ]
    assert {path for path, _ in found} == {"a.py"}


def test_plain_vectors_rank_files_by_nearness(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text("def red():\n    pass\n")
    (tmp_path / "b.py").write_text("def blue():\n    pass\n")

    def encode(texts: list[str], **_: Any) -> np.ndarray:
        return np.array([[float("red" in text), float("blue" in text)] for text in texts])

    model = SimpleNamespace(encode=encode)
    plain_vectors.index(tmp_path, tmp_path / "kept", model)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("json.load", lambda _: ["blue", "red"])
        plain_vectors.ask(tmp_path, tmp_path / "kept", model)
    assert json.loads(capsys.readouterr().out) == [["b.py", "a.py"], ["a.py", "b.py"]]


def test_distilled_vectors_keep_what_differs_and_weigh_what_is_rare() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(600, 300)) * np.linspace(10, 0.01, 300)
    reduced = static_model.reduced(vectors)
    assert reduced.shape == (600, static_model.DIMENSIONS)
    spread = reduced.var(axis=0)
    assert (np.diff(spread) <= 1e-9).all() and spread.sum() > 0.99 * vectors.var(axis=0).sum()
    weighed = static_model.weighed(np.ones((1000, 4)))
    assert weighed.dtype == np.float32 and (np.diff(weighed[:, 0]) > 0).all()


def test_a_room_is_filled_anew_when_its_packages_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[tuple[str, ...]] = []

    def install(self: Room) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        filled.append(tuple(self.packages))

    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(Room, "_install", install)
    monkeypatch.setattr(Room, "_versions", lambda self: "1")
    for packages in (("one",), ("one",), ("one", "two<2")):
        assert Room("peer", packages).ensure() == "1"
    assert filled == [("one",), ("one", "two<2")]


def test_nothing_of_a_peer_reaches_the_network_or_its_users_settings(tmp_path: Path) -> None:
    variables = home(tmp_path / "home")
    assert variables["HOME"] == variables["XDG_CACHE_HOME"] == str(tmp_path / "home")
    assert variables["HTTPS_PROXY"] == "http://127.0.0.1:9" and "127.0.0.1" in variables["NO_PROXY"]


def test_who_is_stopped_leaves_nobody_at_work() -> None:
    started: list[int] = []

    class Stopped(TreeWatch):
        def __enter__(self) -> Self:
            started.append(self.pid)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", "import time; time.sleep(60)"], watch=Stopped)
    with pytest.raises(ProcessLookupError):
        os.kill(started[0], 0)
