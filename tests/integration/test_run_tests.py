"""``index --run-tests``: the project's own pytest, only when asked, nothing written, everything ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.integration.engines import until
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.engine import run_tests
from tui_patterns.engine.interpreters import Interpreter, TestsNotRun, find_interpreter
from tui_patterns.engine.run_tests import command, surroundings
from tui_patterns.models import IndexReport, Pattern
from tui_patterns.settings import Settings

CODE = """
def choose(items, least):
    for item in items:
        if item > least:
            return item
    return None
"""
TEST = """
from shop import choose

def test_choose():
    items = [1, 2, 3]
    got = choose(items, 1)
    assert got == 2
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "proj $HOME"
    root.mkdir()
    (root / "shop.py").write_text(CODE)
    (root / "test_shop.py").write_text(TEST)
    return root


def index(
    root: Path, data_dir: Path, seconds: float | None = 180.0
) -> tuple[IndexReport, dict[str, Pattern]]:
    library = PatternLibrary(data_dir / "patterns.db", settings=Settings())
    report = Indexer(library).index([root], embed=False, run_tests_s=seconds)
    found = {one.qualname: one for one in library.recent(100)}
    library.close()
    return report, found


def test_results_and_coverage_are_evidence_and_the_project_stays_as_it_was(
    project: Path, data_dir: Path
) -> None:
    before = sorted(project.rglob("*"))
    report, found = index(project, data_dir)
    assert report.failed == () and report.tests == {"passed": 1}
    assert found["choose"].quality.coverage == 0.75 and found["choose"].tests.passed == 1
    assert "arrange-act-assert" in found["test_choose"].tags
    assert sorted(project.rglob("*")) == before
    again, found = index(project, data_dir, None)  # the results are kept
    assert again.tests == {"passed": 1} and found["choose"].quality.coverage == 0.75


def test_without_the_option_nothing_is_run(project: Path, data_dir: Path) -> None:
    (project / "test_shop.py").write_text("open('ran', 'w')\n" + TEST)
    index(project, data_dir, None)
    assert not (project / "ran").exists()


def test_failing_tests_are_results_and_what_they_cover_is_broken(project: Path, data_dir: Path) -> None:
    (project / "test_shop.py").write_text(TEST.replace("== 2", "== 3"))
    report, found = index(project, data_dir)
    assert report.failed == () and report.tests == {"failed": 1}
    assert found["choose"].tests.failing == ("test_shop.py::test_choose",) and "test_choose" not in found


def test_what_does_not_end_is_stopped_with_all_it_started(project: Path, data_dir: Path) -> None:
    (project / "test_shop.py").write_text(
        "import os, subprocess, sys, time\n"
        "def test_long():\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "    open('pid', 'w').write(str(child.pid))\n"
        "    os.replace('pid', 'child')\n"
        "    time.sleep(600)\n"
    )
    for seconds in (5, 20, 80):  # as long as the test takes to begin on this machine
        report, _ = index(project, data_dir, seconds)
        assert f"did not end within {seconds} s" in report.failed[0]["reason"] and report.patterns > 0
        if (project / "child").exists():
            break
    pid = int((project / "child").read_text())
    until(lambda: not _alive(pid), "the grandchild to end")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("test_shop.py", "import nowhere_to_be_found", "interrupted"),
        ("pytest.ini", "[pytest]\naddopts = --nope", "refused"),
    ],
)
def test_a_run_that_gives_no_results_is_told_and_the_index_goes_on(
    project: Path, data_dir: Path, name: str, text: str, reason: str
) -> None:
    (project / name).write_text(text)
    report, found = index(project, data_dir)
    assert reason in report.failed[0]["reason"] and "choose" in found


def test_a_project_without_tests_says_so(tmp_path: Path) -> None:
    with pytest.raises(TestsNotRun, match="found no tests"):
        run_tests.run_tests(tmp_path, tmp_path / "data")


def test_the_projects_own_interpreter_is_used_if_it_has_pytest(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    assert find_interpreter(tmp_path).python == python
    python.write_text("#!/bin/sh\nexit 1\n")
    assert find_interpreter(tmp_path).python == Path(sys.executable)


def test_pytest_is_told_to_write_nothing_into_the_project(tmp_path: Path) -> None:
    everything = Interpreter(Path("python"), frozenset({"pytest", "coverage", "pytest_cov", "xdist"}))
    line = " ".join(command(everything, Path("/proj"), tmp_path))
    assert "coverage run" in line and "-p no:cacheprovider" in line and "--no-cov" in line and "-n 0" in line
    bare = command(Interpreter(Path("python"), frozenset({"pytest"})), Path("/proj"), tmp_path)
    assert bare[:3] == ["python", "-m", "pytest"] and "--no-cov" not in bare
    seen = surroundings({"PYTEST_ADDOPTS": "--x", "COVERAGE_FILE": "/proj/.coverage", "HOME": "/h"}, tmp_path)
    assert seen["COVERAGE_FILE"].startswith(str(tmp_path)) and "PYTEST_ADDOPTS" not in seen
    assert seen["HOME"] == "/h" and os.pathsep not in seen["PYTHONPATH"]
