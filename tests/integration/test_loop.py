"""The loop closes by itself: injected, used, tested, believed; and broken code costs its own pattern only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_patterns.api import Indexer, PatternInjector, PatternLibrary
from tui_patterns.learning.confidence import rank_value
from tui_patterns.models import InjectedPattern, Injection
from tui_patterns.settings import load_settings

LIBRARY = '''
import json
import logging
import time

logger = logging.getLogger(__name__)


def call_with_backoff(operation, attempts=3, pause=0.1):
    """Retry an operation with exponential backoff until it succeeds."""
    delay = pause
    for attempt in range(1, attempts + 1):
        try:
            return operation()
        except ConnectionError as error:
            if attempt == attempts:
                raise
            logger.warning("attempt %d failed: %s", attempt, error)
            time.sleep(delay)
            delay *= 2
    return None


def load_settings_file(path, defaults):
    """Read settings from a JSON file over defaults; a retry of reading is not made."""
    merged = dict(defaults)
    try:
        with open(path, encoding="utf-8") as stream:
            loaded = json.load(stream)
    except FileNotFoundError:
        logger.info("no settings at %s", path)
        return merged
    for key, value in loaded.items():
        if key not in defaults:
            raise KeyError(f"unknown setting {key}")
        merged[key] = value
    return merged


def collect_pages(fetch_page, limit=100):
    """Follow cursors of a paginated listing; retry is left to the caller."""
    items, cursor = [], None
    while len(items) < limit:
        page = fetch_page(cursor=cursor, page_size=min(limit, 50))
        items.extend(page.results)
        if not page.has_more:
            break
        cursor = page.next_cursor
    return items[:limit]
'''
WRITTEN = '''
import json
import time


def fetch_report(session, tries=4, wait=0.0):
    """The report, after as many tries as it takes."""
    step = wait
    for turn in range(1, tries + 1):
        try:
            return session()
        except ConnectionError as error:
            if turn == tries:
                raise
            time.sleep(step)
            step *= 2
    return None


def read_options(file, known):
    options = dict(known)
    try:
        with open(file, encoding="utf-8") as stream:
            found = json.load(stream)
    except FileNotFoundError:
        return options
    for name, setting in found.items():
        if name not in known:
            raise KeyError(f"unknown option {name}")
        options[name] = setting
    return options
'''
TESTS = """
from pkg.report import fetch_report, read_options


def test_fetch_tries_again():
    answers = iter([ConnectionError("no"), "fine"])

    def operation():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert fetch_report(operation) == "fine"


def test_options(tmp_path):
    file = tmp_path / "options.json"
    assert read_options(file, {"a": 1}) == {"a": 1}
    file.write_text('{"a": 2}')
    assert read_options(file, {"a": 1}) == {"a": 2}
"""

PYTEST = ("-m", "pytest", "-q", "--junitxml=junit.xml")
# As pytest-cov names them.
CONTEXTS = """
import coverage
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    coverage.Coverage.current().switch_context(item.nodeid + "|run")
    yield
    coverage.Coverage.current().switch_context("")
"""


class Loop:
    """A scratch repository, its library, and one prompt with all patterns in it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "proj"
        (self.root / "pkg").mkdir(parents=True)
        (self.root / "tests").mkdir()
        (self.root / "pkg" / "__init__.py").touch()
        (self.root / "pkg" / "basics.py").write_text(LIBRARY)
        (self.root / "tests" / "conftest.py").write_text(CONTEXTS)
        (self.root / ".gitignore").write_text("__pycache__/\n.coverage\njunit.xml\n.pytest_cache/\n")
        self.git("init", "-q")
        self.commit("Basics")
        settings = load_settings(overrides={"search": {"min_relevance": 0.0}, "extraction": {"jobs": 1}})
        self.library = PatternLibrary(folder / "data" / "patterns.db", settings=settings)
        self.look()
        self.injection = self.inject()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True, timeout=180)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def inject(self) -> str:
        picked = [one.id for one in self.library.recent(10)]
        session = self.library.start_session("test")
        made = PatternInjector(self.library).enhance(
            "write a retry", "retry with backoff", session=session, picked=picked, budget=5000
        )
        assert made.injection_id is not None and len(made.chosen) == 3
        return made.injection_id

    def look(self) -> None:
        """What ``watch --once`` does."""
        Indexer(self.library).index([self.root], embed=False)

    def test(self) -> None:
        """The person runs the tests, with coverage contexts and a JUnit report."""
        # PYTHONDONTWRITEBYTECODE: bytecode of a file saved twice within a second may be taken for current.
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
        subprocess.run(
            [sys.executable, "-m", "coverage", "run", "--source=pkg", *PYTEST],
            cwd=self.root, capture_output=True, timeout=180, check=False,
            env=clean | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip

    def write(self, code: str, tests: str = TESTS) -> None:
        (self.root / "pkg" / "report.py").write_text(code)
        (self.root / "tests" / "test_report.py").write_text(tests)

    def shown(self) -> dict[str, InjectedPattern]:
        (found,) = [one for one in self.library.injections() if one.id == self.injection]
        assert isinstance(found, Injection)
        return {self.library.pattern(one.id).qualname: one for one in found.patterns}


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(tmp_path)
    yield made
    made.library.close()


def test_used_code_and_its_tests_become_evidence(loop: Loop) -> None:
    before = loop.shown()
    assert {one.state for one in before.values()} == {"open"}
    loop.write(WRITTEN)
    loop.test()
    loop.look()
    after = loop.shown()
    for name, line in (("call_with_backoff", 6), ("load_settings_file", 20)):
        one = after[name]
        assert one.state == "used" and one.outcome == "success"
        assert one.similarity is not None and one.similarity > 0.6
        assert {place["path"] for place in one.evidence} == {"pkg/report.py"}
        assert all(line <= place["line"] <= place["end_line"] < line + 14 for place in one.evidence)
        assert one.confidence.n > before[name].confidence.n
        assert one.confidence.low > before[name].confidence.low
    assert after["collect_pages"].state == "open" and after["collect_pages"].outcome is None
    assert after["collect_pages"].confidence.n == 0
    assert ranked(after)[-1] == "collect_pages"


def test_a_failure_costs_only_the_pattern_whose_lines_the_failing_test_runs(loop: Loop) -> None:
    loop.write(WRITTEN)
    loop.test()
    loop.look()
    good = loop.shown()
    loop.write(WRITTEN.replace("if turn == tries:", "if turn != tries:"))
    loop.look()
    assert loop.shown()["call_with_backoff"].outcome == "success"  # changed, and not tested since
    loop.test()
    loop.look()
    broken = loop.shown()
    assert broken["call_with_backoff"].outcome == "failure"
    assert broken["call_with_backoff"].confidence.mean < good["call_with_backoff"].confidence.mean
    assert broken["load_settings_file"].outcome == "success"
    assert broken["load_settings_file"].confidence.n == good["load_settings_file"].confidence.n
    assert ranked(broken)[0] == "load_settings_file" and ranked(broken)[-1] == "call_with_backoff"
    assert broken["collect_pages"].state == "open"


def test_looking_again_says_nothing_new(loop: Loop) -> None:
    loop.write(WRITTEN)
    loop.test()
    loop.look()
    events = counted(loop)
    for _ in range(3):
        loop.look()
    assert counted(loop) == events
    assert loop.library.rebuild_evidence() == {}


def test_one_piece_of_code_is_a_use_of_one_injection_however_often_it_is_saved(loop: Loop) -> None:
    before = {one.id for one in loop.library.injections()}
    loop.inject()
    loop.write(WRITTEN)
    loop.test()
    loop.look()
    (later,) = [one for one in loop.library.injections() if one.id not in before]
    assert [one.state for one in later.patterns].count("used") == 2
    loop.write(WRITTEN.replace("def fetch_report", "# again\n\n\ndef fetch_report"))
    loop.look()
    assert {one.state for one in loop.shown().values()} == {"open"}, "the earlier one"
    uses = [loop.library.pattern(one.id).confidence.n for one in later.patterns]
    assert sorted(uses) == [0.0, 1.0, 1.0]


def test_a_commit_that_keeps_the_code_speaks_for_it_and_a_revert_against_it(loop: Loop) -> None:
    loop.write(WRITTEN)
    loop.look()
    assert loop.shown()["call_with_backoff"].outcome is None
    loop.commit("Report")
    loop.look()
    assert loop.shown()["call_with_backoff"].outcome == "success"
    loop.git("revert", "--no-edit", "HEAD")
    loop.look()
    assert loop.shown()["call_with_backoff"].outcome == "failure"


def test_what_stood_there_before_or_was_moved_is_no_use(loop: Loop) -> None:
    moved = LIBRARY.replace("def call_with_backoff", "def call_patiently")
    (loop.root / "pkg" / "patience.py").write_text(moved)
    (loop.root / "pkg" / "basics.py").unlink()
    loop.look()
    assert {one.state for one in loop.shown().values()} == {"open"}


def test_code_written_in_several_saves_is_one_use(loop: Loop) -> None:
    lines = WRITTEN.split("\n")
    for upto, end in ((11, "        finally:\n            pass\n"), (14, ""), (18, "")):
        (loop.root / "pkg" / "report.py").write_text("\n".join(lines[:upto]) + "\n" + end)
        loop.look()
    one = loop.shown()["call_with_backoff"]
    assert one.state == "used"


def test_a_file_older_than_the_prompt_is_no_use(loop: Loop) -> None:
    loop.write(WRITTEN)
    past = time.time() - 3600
    os.utime(loop.root / "pkg" / "report.py", (past, past))
    loop.look()
    assert loop.shown()["call_with_backoff"].state == "open"


def ranked(patterns: dict[str, InjectedPattern]) -> list[str]:
    """By what ranks them: the lower end of the interval, the best first."""
    return sorted(patterns, key=lambda name: -rank_value(patterns[name].confidence))


def counted(loop: Loop) -> int:
    with loop.library.connections.lend() as conn:
        return int(conn.execute("SELECT COUNT(*) FROM events").fetchone()[0])
