"""The cost of looking for anti-patterns: shares of a whole index run, by CPU time."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from benchmarks import examining
from benchmarks.examining import Parts, parts


def test_shares_are_of_the_whole_run() -> None:
    told = Parts(lines=1200, whole=10.0, ruff=0.5, own=1.5).told()
    assert told == "1,200 lines, index run 10.0 s CPU: ruff 5.0%, own checks 15.0%"


def test_a_package_is_indexed_and_examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "package"
    source.mkdir()
    code = "def total(rows, extra=[]):\n    for row in rows:\n        extra.append(row)\n    return extra\n"
    (source / "sums.py").write_text(textwrap.dedent(code))
    monkeypatch.setattr(examining, "source_of", lambda *_: source)
    found = parts("package")
    assert found.lines == 4
    assert 0 < found.own < found.whole and 0 < found.ruff < found.whole
