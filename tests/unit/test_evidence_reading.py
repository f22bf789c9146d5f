"""Reports of tests and coverage: read as their tools write them; damage is one line, never a failure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tui_patterns.extraction.evidence import coverage_json, junit, lcov, nodeids, pytest_cache, reading, wire
from tui_patterns.extraction.evidence.facts import (
    Evidence,
    FileEvidence,
    Measured,
    Result,
    Source,
    TestId,
    UnitEvidence,
    Unreadable,
    newest,
)
from tui_patterns.extraction.evidence.read import read, relative
from tui_patterns.extraction.evidence.regions import regions
from tui_patterns.extraction.evidence.sources import find

PASSED = TestId("tests/test_a.py", "TestA.test_b", "[x::y]")


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("tests/test_a.py::TestA::test_b[x::y]", PASSED),
        ("test_a.py::test_c", TestId("test_a.py", "test_c")),
        ("tests/test_a.py", None),
        ("not a test", None),
        ("a.txt::b", None),
        ("a.py::", None),
    ],
)
def test_node_ids_come_apart_and_together(name: str, test: TestId | None) -> None:
    assert nodeids.parse(name) == test
    assert test is None or str(test) == name


def test_contexts_are_node_ids_with_a_phase() -> None:
    assert nodeids.from_context("test_a.py::test_c|run") == TestId("test_a.py", "test_c")
    assert nodeids.from_context("test_a.py::test_c[a|b]") == TestId("test_a.py", "test_c", "[a|b]")
    assert nodeids.from_context("test_a.test_c") is None


XUNIT1 = """<?xml version="1.0"?><testsuites><testsuite name="pytest">
<testcase classname="tests.test_a.TestA" name="test_b[x::y]" file="tests/test_a.py" line="3"/>
<testcase classname="tests.test_a" name="test_c" file="tests/test_a.py"><failure/></testcase>
<testcase classname="tests.test_a" name="test_d" file="tests/test_a.py"><skipped/></testcase>
<testcase classname="tests.test_a" name="test_e" file="tests/test_a.py"/>
<testcase classname="tests.test_a" name="test_e" file="tests/test_a.py"><error message="teardown"/></testcase>
<testcase classname="elsewhere.test_z" name="test_z"/>
</testsuite></testsuites>"""


@pytest.mark.parametrize("with_files", [True, False])
def test_junit_names_tests_with_or_without_files(tmp_path: Path, with_files: bool) -> None:
    write(tmp_path, "tests/test_a.py", "")
    text = XUNIT1 if with_files else XUNIT1.replace('file="tests/test_a.py"', "")
    found = {
        str(one.test): one.outcome for one in junit.read(write(tmp_path, "junit.xml", text), tmp_path, 7)
    }
    assert found == {
        "tests/test_a.py::TestA::test_b[x::y]": "passed",
        "tests/test_a.py::test_c": "failed",
        "tests/test_a.py::test_d": "skipped",
        "tests/test_a.py::test_e": "failed",
    }


@pytest.mark.parametrize(
    "text",
    [
        "<testsuite><testcase",
        "",
        "\0\1\2",
        '<!DOCTYPE a [<!ENTITY b "c">]><testsuite>&b;</testsuite>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><testsuite/>',
    ],
)
def test_junit_that_is_damaged_or_declares_entities_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable):
        junit.read(write(tmp_path, "junit.xml", text), tmp_path, 7)


def test_the_cache_knows_passed_failed_and_whole_files_that_failed(tmp_path: Path) -> None:
    write(tmp_path, "nodeids", json.dumps(["a.py::test_1", "a.py::test_2", "b.py::test_3", 4, "b.py"]))
    write(tmp_path, "lastfailed", json.dumps({"a.py::test_2": True, "b.py": True, "a.py::test_9[q]": True}))
    found = {str(one.test): (one.outcome, one.ran) for one in pytest_cache.read(tmp_path, 7)}
    assert found == {
        "a.py::test_1": ("passed", 7),
        "a.py::test_2": ("failed", 7),
        "b.py::test_3": ("failed", 7),
        "a.py::test_9[q]": ("failed", 7),
    }


@pytest.mark.parametrize("text", ["{", "[1", '"x"', "[" * 100_000, "nul\0"])
def test_a_damaged_cache_is_one_line(tmp_path: Path, text: str) -> None:
    write(tmp_path, "lastfailed", text)
    with pytest.raises(Unreadable, match="damaged"):
        pytest_cache.read(tmp_path, 7)


def test_lcov_gives_lines_by_file(tmp_path: Path) -> None:
    text = "TN:\nSF:a.py\nDA:1,2\nDA:2,0\nDA:3,1,md5\nend_of_record\nDA:9,1\nSF:a.py\nDA:2,4\nend_of_record\n"
    assert lcov.read(write(tmp_path, "lcov.info", text)) == {"a.py": Measured({1, 2, 3}, set())}
    for damaged in ("nothing", "SF:a.py\nDA:1\n", "SF:a.py\nDA:x,y\n"):
        with pytest.raises(Unreadable, match="damaged"):
            lcov.read(write(tmp_path, "lcov.info", damaged))


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"files": [1]}', '{"files": {"a.py": {}}}', "{", '{"files": {"a": 1}}']
)
def test_a_damaged_json_report_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        coverage_json.read(write(tmp_path, "coverage.json", text))


def test_only_regular_files_of_a_sane_size_are_read(tmp_path: Path) -> None:
    file = write(tmp_path, "big", "12345")
    with pytest.raises(Unreadable, match="larger"):
        reading.read_limited(file, 4)
    (tmp_path / "link").symlink_to(file)
    os.mkfifo(tmp_path / "fifo")
    for name in ("link", "fifo", "missing", "."):
        with pytest.raises(Unreadable):
            reading.read_limited(tmp_path / name)


def test_evidence_is_found_by_name_and_reports_by_globs_that_stay_below(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for name in (
        ".coverage",
        "coverage/lcov.info",
        "junit.xml",
        "test-results/a.xml",
        ".pytest_cache/v/cache/nodeids",
    ):
        write(root, name, "x")
    write(root, "coverage.json", "")
    write(tmp_path, "outside.xml", "x")
    (root / "lcov.info").symlink_to(tmp_path / "outside.xml")
    globs = ["junit.xml", "test-results/*.xml", "../outside.xml", "**/*.xml", str(tmp_path / "outside.xml")]
    assert [source.path for source in find(root, globs)] == [
        ".coverage", "coverage/lcov.info", "junit.xml", "test-results/a.xml", ".pytest_cache/v/cache",
    ]  # fmt: skip


def test_measured_names_are_places_below_the_root_or_none_of_ours(tmp_path: Path) -> None:
    assert relative(str(tmp_path / "a" / "b.py"), tmp_path) == "a/b.py"
    assert relative("a/../b.py", tmp_path) == "b.py"
    for name in ("../b.py", "/elsewhere/b.py", "b.txt", "a\0.py", str(tmp_path / ".venv" / "lib" / "b.py")):
        assert relative(name, tmp_path) is None


def test_regions_begin_with_the_body_and_classes_count_their_methods() -> None:
    source = (
        b"class A:\n    x = 1\n    @d\n    def f(self):\n        'Doc.'\n        return 1\n"
        b"def g():\n    def h():\n        return 2\n    return h\n"
    )
    found = {one.qualname: (one.line, sorted(one.lines)) for one in regions(source)}
    assert found == {"A": (1, [5, 6]), "A.f": (4, [5, 6]), "g": (7, [8, 9, 10]), "g.h": (8, [9])}


def test_the_newest_lines_count_and_older_contexts_still_tell_tests(tmp_path: Path) -> None:
    file = write(tmp_path, "a.py", "def f():\n    x = 1\n    return x\n")
    os.utime(file, ns=(10, 10))
    old = {"executed_lines": [1, 2], "missing_lines": [3], "contexts": {"2": ["t.py::test_f|run", "", "odd"]}}
    write(tmp_path, "coverage.json", json.dumps({"files": {"a.py": old}}))
    write(tmp_path, "lcov.info", "SF:a.py\nDA:1,1\nDA:2,1\nDA:3,1\nend_of_record\n")
    sources = [Source("coverage.json", "coverage_json", 20, 1), Source("lcov.info", "lcov", 30, 1)]
    (found,) = read(tmp_path, sources).files
    assert found.units == (UnitEvidence("f", 1, 2, 2, (TestId("t.py", "test_f"),), 1),)
    os.utime(file, ns=(25, 25))
    assert read(tmp_path, sources).files[0].units == (UnitEvidence("f", 1, 2, 2),)
    os.utime(file, ns=(31, 31))
    assert read(tmp_path, sources).files[0].units == ()


def test_one_damaged_source_costs_no_other(tmp_path: Path) -> None:
    write(tmp_path, ".coverage", "SQLite format 3\0 and then nothing of the kind")
    write(tmp_path, "coverage.json", "{")
    write(tmp_path, ".pytest_cache/v/cache/nodeids", '["a.py::test_1"]')
    found = read(tmp_path, find(tmp_path, []))
    assert set(found.faults) == {".coverage", "coverage.json"}
    assert all("\n" not in line and str(tmp_path) not in line for line in found.faults.values())
    assert [str(one.test) for one in found.results] == ["a.py::test_1"]


def test_the_last_result_counts_and_of_two_at_once_the_failure() -> None:
    test = TestId("a.py", "test_1")
    old, new = Result(test, "failed", 1), Result(test, "passed", 2)
    assert newest([new, old])[test] == new
    assert newest([new, Result(test, "failed", 2)])[test].outcome == "failed"


def test_evidence_crosses_the_pipe_as_it_is() -> None:
    unit = UnitEvidence("f", 1, 2, 3, (PASSED,), 4)
    evidence = Evidence(
        [FileEvidence("a.py", 1, 2, 3, (unit, UnitEvidence("g", 4, 0, 1)))],
        [Result(PASSED, "failed", 9)],
        {"junit.xml": "is damaged"},
    )
    assert wire.evidence_in(json.loads(json.dumps(wire.evidence_out(evidence)))) == evidence
