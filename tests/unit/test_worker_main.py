"""What runs inside a parser process, called here."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from tui_patterns.engine import worker_main
from tui_patterns.engine.worker_main import ParseTask, WorkerSetup, parse_chunk
from tui_patterns.extraction.options import ExtractionOptions


def test_trees_are_freed_once_they_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("def area(width, height):\n    return width * height\n")
    freed: list[int] = []
    monkeypatch.setattr(worker_main, "_setup", [WorkerSetup(ExtractionOptions(), 1024, 230.0, os.getpid())])
    monkeypatch.setattr(gc, "collect", lambda: freed.append(1))
    todo = [ParseTask(str(tmp_path), "a.py")]
    for most, times in ((10**9, 0), (0, 1)):
        monkeypatch.setattr(worker_main, "MOST_OBJECTS", most)
        assert parse_chunk(todo).files[0].units
        assert len(freed) == times
