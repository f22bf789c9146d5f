"""What an agent wrote where nothing is watched is credited by its transcript alone, and only what is sure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_loop import LIBRARY, WRITTEN
from tests.unit import transcripts as make
from tui_patterns.api import Indexer, PatternInjector, PatternLibrary, Sessions
from tui_patterns.models import InjectedPattern
from tui_patterns.settings import load_settings

FILE = "/work/elsewhere/report.py"


class Given:
    """A session that was given three patterns just now; its transcript goes on from there, in seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        root = folder / "shop"
        root.mkdir()
        (root / "basics.py").write_text(LIBRARY)
        settings = load_settings(overrides={"search": {"min_relevance": 0.0}, "extraction": {"jobs": 1}})
        self.library = PatternLibrary(folder / "data" / "patterns.db", settings=settings)
        Indexer(self.library).index([root], embed=False)
        self.root, self.lines = root, [make.asked("Fetch the report", -20)]
        picked = [one.id for one in self.library.recent(10)]
        done = PatternInjector(self.library).enhance(
            "Do it.", "fetch with retry", session=make.SESSION, picked=picked, budget=5000
        )
        assert len(done.chosen) == 3

    def write(self, at: float, code: str = WRITTEN, path: str = FILE) -> Given:
        given = {"file_path": path, "content": code}
        self.lines += [make.called(at, f"w{at}", "Write", given), make.returned(at + 0.1, f"w{at}", "ok")]
        return self

    def edit(self, at: float, old: str, new: str, path: str = FILE) -> Given:
        given = {"file_path": path, "old_string": old, "new_string": new}
        self.lines += [make.called(at, f"e{at}", "Edit", given), make.returned(at + 0.1, f"e{at}", "ok")]
        return self

    def read(self, at: float, path: str = FILE) -> Given:
        self.lines += [
            make.called(at, f"r{at}", "Read", {"file_path": path}),
            make.returned(at + 0.1, f"r{at}", WRITTEN),
        ]
        return self

    def test(self, at: float, passed: bool) -> Given:
        output = "1 passed in 0.1s" if passed else "Exit code 1\n1 failed in 0.1s"
        self.lines += make.ran(at, f"t{at}", "pytest -q", output, error=not passed)
        return self

    def told(self) -> dict[str, InjectedPattern]:
        """After the transcript was taken up: what became of each pattern, by its name."""
        path = make.written(self.folder / "t", self.lines)
        list(Sessions(self.library).import_paths([path]))
        assert self.library.rebuild_evidence() == {}
        (injection,) = self.library.injections()
        return {self.library.pattern(one.id).qualname: one for one in injection.patterns}


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    noon = time.time()

    def at(seconds: float) -> str:
        moment = datetime.fromtimestamp(noon + seconds, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    monkeypatch.setattr(make, "at", at)
    made = Given(tmp_path)
    yield made
    made.library.close()


def test_new_code_that_follows_a_pattern_is_a_use_and_its_build_the_outcome(given: Given) -> None:
    told = given.write(30).test(40, passed=True).told()
    used = told["call_with_backoff"]
    assert (used.state, used.outcome) == ("used", "success") and used.confidence.n == 0.7
    assert {one["path"] for one in used.evidence} == {FILE}
    lines = WRITTEN.split("\n")
    assert "def fetch_report" in lines[used.evidence[0]["line"] - 1]
    assert told["load_settings_file"].outcome == "success", "its code stands there too"
    assert told["collect_pages"].state == "open"


def test_the_last_run_is_what_counts_and_reading_again_says_nothing_new(given: Given) -> None:
    assert given.write(30).test(40, passed=False).told()["call_with_backoff"].outcome == "failure"
    given.edit(50, "tries=4", "tries=5").test(60, passed=True)
    told = given.told()
    assert told["call_with_backoff"].outcome == "success"
    events = given.library.last_event()
    assert given.told() == told and given.library.last_event() == events


def test_one_piece_of_code_is_a_use_of_one_injection(given: Given) -> None:
    first = given.write(30).test(40, passed=True)
    again = PatternInjector(first.library)
    picked = [one.id for one in first.library.recent(10)]
    assert again.enhance("Do it.", "t", session=make.SESSION, picked=picked, budget=5000).chosen
    path = make.written(given.folder / "t", given.lines)
    for _ in range(2):
        list(Sessions(given.library).import_paths([path]))
    used = [one for each in given.library.injections() for one in each.patterns if one.state == "used"]
    assert len(used) == 2 and len({one.id for one in used}) == 2


def test_without_a_run_it_is_used_and_nothing_more_is_known(given: Given) -> None:
    used = given.write(30).told()["call_with_backoff"]
    assert (used.state, used.outcome, used.confidence.n) == ("used", None, 0.0)


def states(told: dict[str, InjectedPattern]) -> set[Any]:
    return {one.state for one in told.values()}


def test_a_file_that_was_there_before_says_nothing(given: Given) -> None:
    assert states(given.read(20).write(30).test(40, passed=True).told()) == {"open"}


def test_what_the_session_had_written_before_is_no_use(given: Given) -> None:
    given.write(-10).edit(30, "tries=4", "tries=5").test(40, passed=True)
    assert states(given.told()) == {"open"}


def test_a_piece_of_an_unknown_file_says_nothing(given: Given) -> None:
    given.edit(30, "import json", f"import json\n\n{WRITTEN}").test(40, passed=True)
    assert states(given.told()) == {"open"}


def test_files_of_an_indexed_project_are_left_to_the_index(given: Given) -> None:
    given.write(30, path=str(given.root / "report.py")).test(40, passed=True)
    assert states(given.told()) == {"open"}


def test_code_of_another_kind_is_no_use(given: Given) -> None:
    lines = ("def total(rows):", "    found = 0", "    for row in rows:", "        found += row.price")
    other = "\n".join((*lines, "    return found", ""))
    assert states(given.write(30, other).test(40, passed=True).told()) == {"open"}
