"""A project's evidence in the library: coverage as `coverage json` says, tests that passed, broken code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.engines import Engine, sites, until
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.models import IndexReport, Pattern
from tui_patterns.settings import Settings, load_settings
from tui_patterns.store.sqlite import connect

CODE = '''
import functools

def divide(a, b):
    """Two numbers."""
    if b == 0:
        raise ZeroDivisionError(
            "b is 0",
        )
    if a > 10:
        return a // b
    return a / b

def untouched(items):
    for item in items:
        if item:
            return item
    return None

def skipped(items):
    for item in items:
        if item:  # pragma: no cover
            return item
        if not item:  # no one
            return 1
    return None

class Box:
    size = 1

    def __init__(self, n):
        self.n = n

    def grow(self, by):
        if by < 0:
            raise ValueError
        for _ in range(by):
            self.n += 1
        return self.n
'''
TESTS = """
import pytest
from pkg.calc import Box, divide

@pytest.fixture
def box():
    made = Box(3)
    assert made.n == 3
    return made

@pytest.mark.parametrize("a", [4, 2])
def test_divide(a):
    b = 2
    got = divide(a, b)
    assert got == a / 2

def test_grow(box):
    before = box.n
    after = box.grow(2)
    assert after == before + {more}
    assert box.n == after
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "proj"
    (root / "pkg").mkdir(parents=True)
    (root / "tests").mkdir()
    (root / "pkg" / "__init__.py").touch()
    (root / "pkg" / "calc.py").write_text(CODE)
    (root / "tests" / "test_calc.py").write_text(TESTS.replace("{more}", "2"))
    return root


def run(root: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", *arguments], cwd=root, check=False, capture_output=True, timeout=180,
        env={name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip


def index(root: Path, data_dir: Path, **settings: Any) -> IndexReport:
    library = PatternLibrary(data_dir / "patterns.db", settings=load_settings(overrides=settings))
    try:
        return Indexer(library).index([root], embed=False)
    finally:
        library.close()


def shown(data_dir: Path) -> dict[str, Pattern]:
    library = PatternLibrary(data_dir / "patterns.db", settings=Settings())
    try:
        return {one.qualname: one for one in library.recent(100)}
    finally:
        library.close()


def derived(data_dir: Path) -> set[tuple[Any, ...]]:
    """All that evidence decides, by place."""
    conn = connect(data_dir / "patterns.db")
    try:
        rows = conn.execute(
            "SELECT p.path, p.qualname, p.gone IS NULL, p.withheld, v.quality, v.quality_parts "
            "FROM patterns p JOIN versions v ON v.id = p.version_id "
            "WHERE EXISTS (SELECT 1 FROM sites s WHERE s.pattern_id = p.id)"
        )
        return {tuple(row) for row in rows}
    finally:
        conn.close()


def listing(root: Path) -> dict[str, int]:
    return {str(file): file.lstat().st_mtime_ns for file in sorted(root.rglob("*"))}


@pytest.mark.parametrize("options", [[], ["--branch"]])
@pytest.mark.parametrize("relative", [False, True])
def test_coverage_is_what_coverage_json_says_of_the_function(
    project: Path, data_dir: Path, options: list[str], relative: bool
) -> None:
    options_file = f"[run]\nrelative_files = {relative}\n%s[report]\nexclude_also =\n    no one\n"
    (project / ".coveragerc").write_text(options_file % "plugins = no.such.plugin\n")
    (project / "plain.cfg").write_text(options_file % "")
    run(
        project,
        "coverage",
        "run",
        "--rcfile=plain.cfg",
        *options,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
    )
    before = listing(project)
    index(project, data_dir)
    assert listing(project) == before
    run(project, "coverage", "json", "--rcfile=plain.cfg", "-q")
    report = json.loads((project / "coverage.json").read_text())["files"]["pkg/calc.py"]
    said = {**report["functions"], **report["classes"]}
    found = shown(data_dir)
    assert {"divide", "untouched", "skipped", "Box", "Box.grow"} <= found.keys()
    for qualname in ("divide", "untouched", "skipped", "Box", "Box.grow"):
        summary = said[qualname]["summary"]
        assert found[qualname].quality.coverage == round(
            summary["covered_lines"] / summary["num_statements"], 4
        )
    assert 0 < (found["divide"].quality.coverage or 0) < 1 and found["untouched"].quality.coverage == 0


def test_coverage_counts_in_quality_and_in_the_other_profile(project: Path, data_dir: Path) -> None:
    run(project, "coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    index(project, data_dir)
    standard = shown(data_dir)["untouched"].quality
    assert (standard.complexity, standard.documentation, standard.coverage) == (1.0, 0.0, 0.0)
    # .30 × 1 + .15 × .3 (no file refers to it) + .15 × 1 (coupled to nothing)
    assert standard.overall == pytest.approx(0.495, abs=1e-4)
    index(project, data_dir, **{"extraction.quality_profile": "reuse"})
    # (.30 × .3 + .20 × 1 + .30 × 0) / .80
    assert shown(data_dir)["untouched"].quality.overall == pytest.approx(0.29 / 0.80, abs=1e-4)


def test_a_file_changed_after_the_data_is_unknown_and_put_back_is_known_again(
    project: Path, data_dir: Path, tmp_path: Path
) -> None:
    run(project, "coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    index(project, data_dir)
    file, data = project / "pkg" / "calc.py", (project / ".coverage").stat().st_mtime_ns
    as_it_was = file.stat().st_mtime_ns
    known = shown(data_dir)["divide"].quality
    assert known.coverage is not None
    file.write_text(CODE.replace("b is 0", "b is null"))
    os.utime(file, ns=(data + 1, data + 1))
    index(project, data_dir)
    stale = shown(data_dir)["divide"].quality
    assert stale.coverage is None
    assert stale.overall == pytest.approx((0.30 + 0.20 * 0.5 + 0.15 * 0.3 + 0.15) / 0.80, abs=1e-4)
    file.write_text(CODE)
    os.utime(file, ns=(as_it_was, as_it_was))
    index(project, data_dir)
    assert shown(data_dir)["divide"].quality == known


def test_every_order_of_events_ends_as_a_cold_scan_does(
    project: Path, data_dir: Path, tmp_path: Path
) -> None:
    calc, tests = project / "pkg" / "calc.py", project / "tests" / "test_calc.py"

    def both() -> None:
        index(project, data_dir)
        cold = tmp_path / f"cold{len(list(tmp_path.iterdir()))}"
        index(project, cold)
        assert derived(data_dir) == derived(cold)
        assert sites(data_dir / "patterns.db") == sites(cold / "patterns.db")

    both()
    run(project, "coverage", "run", "-m", "pytest", "-q", "--junitxml=junit.xml")
    both()
    assert {"test_divide", "test_grow", "box"} <= shown(data_dir).keys()
    tests.write_text(TESTS.replace("{more}", "3"))
    both()
    assert not {"test_divide", "test_grow", "box"} & shown(data_dir).keys()
    run(project, "pytest", "-q")
    both()
    assert "test_divide" in shown(data_dir) and not {"test_grow", "box"} & shown(data_dir).keys()
    calc.write_text("# moved\n" + CODE)
    both()
    (project / "junit.xml").unlink()
    (project / ".coverage").write_bytes(b"not a database")
    both()
    moved = project / "tests" / "test_moved.py"
    tests.rename(moved)
    os.utime(moved)
    both()


def test_identities_of_tests_live_on_while_they_are_not_shown(project: Path, data_dir: Path) -> None:
    run(project, "pytest", "-q")
    index(project, data_dir)
    first = shown(data_dir)["test_divide"].id
    tests = project / "tests" / "test_calc.py"
    tests.write_text("# edited\n" + tests.read_text())
    report = index(project, data_dir)
    assert "test_divide" not in shown(data_dir) and report.left_out["test_not_known_to_pass"] == 3
    run(project, "pytest", "-q")
    again = index(project, data_dir)
    assert shown(data_dir)["test_divide"].id == first and again.new == 3


def test_tests_of_which_nothing_is_known_stay_out(project: Path, data_dir: Path) -> None:
    report = index(project, data_dir)
    assert all(one.pattern_type != "test_pattern" for one in shown(data_dir).values())
    assert report.left_out["test_not_known_to_pass"] == 3 and report.patterns == report.new


def test_structures_of_a_test_that_passed_are_its_tags(project: Path, data_dir: Path) -> None:
    run(project, "pytest", "-q")
    report = index(project, data_dir)
    found = shown(data_dir)
    assert found["test_divide"].pattern_type == "test_pattern"
    assert {"parametrize", "arrange-act-assert"} <= set(found["test_divide"].tags)
    assert "fixture" in found["box"].tags and report.tests == {"passed": 3}


def test_code_whose_test_failed_is_broken_until_the_test_passes(project: Path, data_dir: Path) -> None:
    tests = project / "tests" / "test_calc.py"
    tests.write_text(TESTS.replace("{more}", "3"))
    run(project, "pytest", "-q", "--rootdir=.")  # the cache alone names no units
    index(project, data_dir)
    assert not shown(data_dir)["Box.grow"].tests.broken

    contexts = "[run]\ndynamic_context = none\n"
    (project / "rc").write_text(contexts)
    (project / "conftest.py").write_text(
        "import coverage\n"
        "def pytest_runtest_call(item):\n"
        "    if coverage.Coverage.current():\n"
        "        coverage.Coverage.current().switch_context(item.nodeid + '|run')\n"
    )
    run(project, "coverage", "run", "-m", "pytest", "-q")
    index(project, data_dir)
    found = shown(data_dir)
    assert found["Box.grow"].tests.failing == ("tests/test_calc.py::test_grow",)
    assert not found["divide"].tests.broken and found["divide"].tests.passed == 2

    calc = project / "pkg" / "calc.py"
    calc.write_text("# another line\n" + CODE)  # its code is what it was: still broken
    index(project, data_dir)
    assert shown(data_dir)["Box.grow"].tests.broken
    library = PatternLibrary(data_dir / "patterns.db", settings=Settings())
    (hit,) = [one for one in library.search("grow", 5).hits if one.pattern.qualname == "Box.grow"]
    assert hit.why["broken"] == ["tests/test_calc.py::test_grow"]
    library.close()

    tests.write_text(TESTS.replace("{more}", "2"))
    run(project, "pytest", "-q")
    index(project, data_dir)
    assert not shown(data_dir)["Box.grow"].tests.broken


def test_damaged_evidence_is_one_message_and_only_when_it_changed(project: Path, data_dir: Path) -> None:
    (project / ".coverage").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    (project / "junit.xml").write_text("<testsuite>")
    report = index(project, data_dir)
    assert {one["path"] for one in report.failed} == {".coverage", "junit.xml"}
    assert report.patterns > 0 and index(project, data_dir).failed == ()
    assert sorted(file.name for file in project.iterdir()) == [".coverage", "junit.xml", "pkg", "tests"]


def test_nothing_of_the_project_is_imported_to_read_its_evidence(project: Path, data_dir: Path) -> None:
    run(project, "coverage", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    trap = "open(__file__ + '.ran', 'w')\n"
    for name in ("coverage.py", "json.py", "tomllib.py", "sitecustomize.py", "tui_patterns.py", "sqlite3.py"):
        (project / name).write_text(trap)
    (project / ".coveragerc").write_text("[run]\nplugins = trap_plugin\n")
    (project / "trap_plugin.py").write_text(trap)
    index(project, data_dir)
    assert shown(data_dir)["divide"].quality.coverage is not None
    assert not list(project.glob("*.ran"))


def test_while_watched_a_run_of_the_tests_changes_quality_and_shows_tests(
    project: Path, data_dir: Path
) -> None:
    with Engine(data_dir, project) as engine:
        until(lambda: engine.library.count() > 0 and engine.status.state == "idle", "the first index")
        assert "test_divide" not in shown(data_dir)
        run(project, "coverage", "run", "-m", "pytest", "-q")
        until(lambda: "test_divide" in shown(data_dir), "the test to be shown")
        until(lambda: shown(data_dir)["divide"].quality.coverage is not None, "its coverage")
