"""Tests that became faster or slower say so only when the change is clear."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.stock import Stock
from tui_patterns.extraction.evidence import benchmarks, wire
from tui_patterns.extraction.evidence.facts import Unreadable
from tui_patterns.extraction.evidence.read import read
from tui_patterns.extraction.evidence.sources import find
from tui_patterns.learning.speed import ratio
from tui_patterns.store import speed


def test_a_clear_change_over_enough_runs_is_told() -> None:
    before = {"a": [1.0, 1.1, 0.9], "b": [5.0]}
    assert ratio(before, {"a": [0.5, 0.4, 0.6], "b": [9.0]}, benchmark=False) == 0.5
    assert ratio(before, {"a": [2.0, 2.0, 2.0]}, benchmark=False) == 2.0
    assert ratio(before, {"a": [1.0, 1.1, 1.05]}, benchmark=False) is None  # as before
    assert ratio(before, {"a": [2.0, 2.0]}, benchmark=False) is None  # too few runs
    assert ratio({"a": [0.001] * 3}, {"a": [0.004] * 3}, benchmark=False) is None  # within noise
    assert ratio({"a": [0.001]}, {"a": [0.004]}, benchmark=True) == 4.0
    assert ratio({}, {"a": [1.0] * 3}, benchmark=False) is None


def test_benchmarks_and_reports_give_durations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ".benchmarks" / "Linux-CPython-3.11-64bit"
    folder.mkdir(parents=True)
    rows = [{"fullname": "t.py::test_f[1]", "stats": {"median": 0.002}}, {"fullname": "odd"}, 3]
    (folder / "0001_x.json").write_text(json.dumps({"benchmarks": rows}))
    (folder / "0002_y.json").write_text("{")
    (tmp_path / "junit.xml").write_text(
        '<testsuite><testcase file="t.py" classname="t" name="test_f" time="0.5"/>'
        '<testcase file="t.py" classname="t" name="test_g" time="nan"/>'
        '<testcase file="t.py" classname="t" name="test_h" time="9"><failure/></testcase></testsuite>'
    )
    monkeypatch.chdir(tmp_path)
    found = read(tmp_path, find(tmp_path, ["junit.xml"]))
    durations = {(str(one.test), one.seconds, one.benchmark) for one in found.durations}
    assert durations == {("t.py::test_f[1]", 0.002, True), ("t.py::test_f", 0.5, False)}
    assert list(found.faults) == [".benchmarks/Linux-CPython-3.11-64bit/0002_y.json"]
    assert wire.evidence_in(json.loads(json.dumps(wire.evidence_out(found)))).durations == found.durations


@pytest.mark.parametrize("text", ["[]", "{}", '{"benchmarks": 3}', "[" * 100_000])
def test_what_is_no_benchmark_costs_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(Unreadable):
        benchmarks.read(tmp_path / "x.json", 1)


def test_the_newest_runs_are_kept_each_once(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "patterns.db")
    for _ in range(2):
        speed.add(stock.conn, stock.project, [("t", ran, 1.0, False) for ran in range(30)])
    kept = [row["ran"] for row in stock.conn.execute("SELECT ran FROM test_durations ORDER BY ran")]
    assert kept == list(range(10, 30))
