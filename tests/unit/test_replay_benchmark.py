"""Random edits of a small project leave every derived table as a cold scan does, and a wrong row is found."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest

from benchmarks import histories
from benchmarks.contradictions import broken
from benchmarks.replay import Indexed, compare
from tests.conftest import SAMPLE
from tui_patterns.engine.worker_main import ParseTask, parse_task
from tui_patterns.engine.workers import ParserPool
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.models import ParsedFile


class Here:
    """A pool that parses in this process."""

    def parse(self, tasks: Iterable[ParseTask]) -> Iterator[ParsedFile]:
        return (parse_task(task, ExtractionOptions(min_complexity=1, min_lines=2), 10**6) for task in tasks)


HERE = cast("ParserPool", Here())


@pytest.fixture
def warm(tmp_path: Path) -> Iterator[Indexed]:
    root = tmp_path / "code"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = Indexed(tmp_path / "warm.db", root, HERE)
    made.scan()
    yield made
    made.conn.close()


@pytest.mark.parametrize("seed", range(3))
def test_after_random_edits_all_that_is_derived_is_that_of_a_cold_scan(
    warm: Indexed, tmp_path: Path, seed: int
) -> None:
    steps = histories.edits(tmp_path / "code", 12, random.Random(seed))
    for paths in steps:
        warm.take_up(paths)
    warm.scan()
    warm.settle()
    assert compare(warm, tmp_path / "code", HERE) == {}


@pytest.mark.parametrize(
    ("table", "damage"),
    [
        ("relations", "DELETE FROM relations WHERE source_id = (SELECT MIN(source_id) FROM relations)"),
        ("shown", "UPDATE versions SET quality = quality / 2"),
        ("calls", "DELETE FROM calls WHERE key = (SELECT MIN(key) FROM calls)"),
        ("findings", "UPDATE findings SET line = line + 1"),
        ("refs", "UPDATE paths SET target = target || 'x'"),
    ],
)
def test_a_wrong_row_is_found(warm: Indexed, tmp_path: Path, table: str, damage: str) -> None:
    warm.settle()
    warm.conn.execute(damage)
    assert table in compare(warm, tmp_path / "code", HERE)


def test_rows_that_contradict_each_other_are_found(warm: Indexed) -> None:
    assert broken(warm.conn) == {}
    warm.conn.execute("UPDATE patterns SET gone = 1 WHERE id = 1")
    assert "words of what is gone" in broken(warm.conn)
