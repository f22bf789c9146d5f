"""Long storms of every kind of edit: when they are over, the index equals a cold one."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest

from tests.integration.engines import Engine, sites, until, write
from tests.integration.test_bad_input import GOOD
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.settings import Settings


def disturb(root: Path, draw: random.Random) -> None:
    """One random edit: a save, a copy, a deletion, a rename of a file or of a whole folder."""
    files = sorted(root.rglob("*.py"))
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    kind = draw.choice(["save", "save", "append", "copy", "delete", "rename", "folder", "remove folder"])
    if kind == "save" or not files:
        number = draw.randrange(200)
        write(root / f"pkg{draw.randrange(6)}" / f"m{draw.randrange(60)}.py", GOOD.format(number=number))
    elif kind == "append":
        with draw.choice(files).open("a") as file:
            file.write(GOOD.format(number=draw.randrange(200)))
    elif kind == "copy":
        write(root / f"copy{draw.randrange(40)}.py", draw.choice(files).read_text())
    elif kind == "delete":
        draw.choice(files).unlink()
    elif kind == "rename":
        draw.choice(files).rename(root / f"renamed{draw.randrange(40)}.py")
    elif kind == "folder" and folders:
        target = root / f"dir{draw.randrange(10_000)}"
        if not target.exists():
            draw.choice(folders).rename(target)
    elif folders and len(folders) > 3:
        shutil.rmtree(draw.choice(folders))


@pytest.mark.parametrize("seed", range(6))
def test_after_two_thousand_edits_the_index_equals_a_cold_one(
    seed: int, data_dir: Path, tmp_path: Path
) -> None:
    root, draw = tmp_path / "project", random.Random(seed)
    for number in range(40):
        write(root / f"pkg{number % 6}" / f"m{number}.py", GOOD.format(number=number))
    with Engine(data_dir, root) as engine:
        engine.ready()
        for _ in range(2000):
            disturb(root, draw)
            if draw.random() < 0.02:  # so that batches end in between, and scans overlap with edits
                time.sleep(draw.uniform(0.0, 0.25))
        cold = PatternLibrary(tmp_path / "cold" / "patterns.db", settings=Settings())
        Indexer(cold).index([root], embed=False)
        expected = sites(cold.path)
        until(lambda: sites(engine.library.path) == expected, "the index to equal a cold one")
        engine.ready()
        assert engine.library.count() == cold.count()
        assert engine.status.error is None and not engine.downs
