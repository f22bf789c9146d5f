"""Killed at any moment: nothing that was acknowledged is lost, and the next run goes on."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.integration.engines import Engine, sites, until, write
from tests.integration.test_bad_input import GOOD, killed_amid_ratings
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.settings import Settings
from tui_patterns.store.database_file import integrity

COMMAND = [sys.executable, "-m", "tui_patterns"]


@pytest.fixture
def library(data_dir: Path) -> PatternLibrary:
    return PatternLibrary(settings=Settings())


def whole(library: PatternLibrary) -> bool:
    with library.connections.lend() as conn:
        return integrity(conn) == "ok" and not conn.execute("PRAGMA foreign_key_check").fetchall()


def test_a_hundred_kills_lose_no_rating(library: PatternLibrary, sample_project: Path) -> None:
    Indexer(library).index([sample_project], embed=False)
    known = library.search("order total", 1).hits[0].pattern.id
    draw = random.Random(1)
    for turn in range(100):
        killed_amid_ratings(library, known, turn, after=draw.randrange(1, 40))
    assert whole(library)


def test_an_index_killed_anywhere_is_finished_by_the_next_one(
    library: PatternLibrary, tmp_path: Path
) -> None:
    root = tmp_path / "large"
    for number in range(300):
        write(
            root / f"sound_{number}.py", GOOD.format(number=number) + f"\n\nclass Kept{number}:\n    x = 1\n"
        )
    draw = random.Random(2)
    for _ in range(20):
        with subprocess.Popen([*COMMAND, "index", str(root)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:  # fmt: skip
            try:
                process.wait(timeout=draw.uniform(0.3, 3.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert whole(library)
    Indexer(library).index([root])
    cold = PatternLibrary(tmp_path / "cold" / "patterns.db", settings=Settings())
    Indexer(cold).index([root], embed=False)
    assert sites(library.path) == sites(cold.path)
    rows = library.search_semantic("sum of values above a limit", 5)
    assert rows is not None and rows.index == "chroma" and len(rows.rows) == 5


def test_an_engine_killed_again_and_again_comes_back_and_lags_nothing(data_dir: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    draw = random.Random(3)
    with Engine(data_dir, root) as engine:
        engine.ready()
        for turn in range(8):
            write(root / f"turn_{turn}.py", GOOD.format(number=1000 + turn))
            time.sleep(draw.uniform(0.0, 1.5))
            os.kill(engine.pid, signal.SIGKILL)
            until(lambda: engine.semantic("order total"), "an answer")
        engine.ready()
        assert {f"sound_{1000 + turn}" for turn in range(8)} <= {
            one.qualname for one in engine.library.recent(99)
        }
        found = engine.semantic("sum of values above a limit", 9)
        assert found is not None and found.index == "chroma"
        assert whole(engine.library)
