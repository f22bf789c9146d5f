"""Children that examine files: many at once, and none that a bad file takes along."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.engine.examine import examine
from tui_patterns.extraction.antipatterns import RuffFailed


def test_files_are_shared_out_among_children(tmp_path: Path) -> None:
    paths = [f"m{number}.py" for number in range(20)]
    for path in paths:
        (tmp_path / path).write_text("def f(x):\n    return x == None\n")
    rows = list(examine(str(tmp_path), paths, jobs=2))
    assert sorted(row["path"] for row in rows) == sorted(paths)
    assert all([found["label"] for found in row["found"]] == ["compare_none"] for row in rows)


def test_a_file_that_ends_its_child_costs_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        paths = json.loads(options["input"])["paths"]
        asked.append(paths)
        if "bad.py" in paths:
            raise subprocess.TimeoutExpired(command, 1) if len(paths) == 1 else OSError("unreachable")
        out = "".join(json.dumps({"path": path}) + "\n" for path in paths)
        return subprocess.CompletedProcess(command, 0, out.encode(), b"")

    def crash(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        try:
            return run(command, **options)
        except OSError:
            return subprocess.CompletedProcess(command, -11, b"", b"")

    monkeypatch.setattr(subprocess, "run", crash)
    rows = list(examine(str(tmp_path), ["a.py", "bad.py", "c.py", "d.py"]))
    assert sorted(row["path"] for row in rows) == ["a.py", "c.py", "d.py"]
    assert ["bad.py"] in asked


def test_a_missing_ruff_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 3, b"", b"ruff cannot be started: reinstall it\n")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RuffFailed, match="reinstall"):
        list(examine(str(tmp_path), ["a.py"]))
