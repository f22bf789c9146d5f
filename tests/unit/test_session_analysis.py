"""What is said of a session follows from its events, and what is not known is said to be unknown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import transcripts as make
from tui_patterns.sessions import statistics
from tui_patterns.sessions.analysed import Analysis
from tui_patterns.sessions.analysis import analyze
from tui_patterns.sessions.comparisons import compared, trended
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.importer import take
from tui_patterns.sessions.measures import BY_KEY, compare, trend
from tui_patterns.sessions.report import report
from tui_patterns.sessions.sources import find
from tui_patterns.sessions.statistics import means, rates, wilson
from tui_patterns.sessions.turns import active
from tui_patterns.store.sqlite import connect


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = connect(tmp_path / "data" / "patterns.db")
    yield opened
    opened.close()


def analysed(
    conn: sqlite3.Connection, tmp_path: Path, lines: list[Any], session: str = make.SESSION
) -> Analysis:
    named = [{**line, "sessionId": session} if isinstance(line, dict) else line for line in lines]
    for source in find(make.written(tmp_path, named, f"{session}.jsonl")):
        take(conn, source, Pricer([]))
    return analyze(conn, session)


def test_a_day_of_work(conn: sqlite3.Connection, tmp_path: Path) -> None:
    found = analysed(conn, tmp_path, make.day_of_work())
    assert found.completion.value == 1.0 and found.completion.basis == "outcomes"
    assert (found.tests.runs, found.tests.passed, found.tests.failed) == (2, 1, 1)
    assert found.first_attempt == (0, 1) and found.attempts_per_task == 2
    assert found.errors == (1, 4) and found.tasks == 1 and found.per == "turn with work"
    assert found.tokens.total == 370 and found.per_task(found.active_s) == 15.0
    assert found.context.max == 156 and found.context.max_pct is None
    assert found.tests.coverage is None and found.cost.usd is None


def test_nothing_known_is_unknown_everywhere(conn: sqlite3.Connection, tmp_path: Path) -> None:
    found = analysed(conn, tmp_path, [make.asked("hello", 0)])
    assert found.completion.value is None and found.active_s is None
    assert all(
        BY_KEY[key].of_session(found) is None
        for key in ("completion", "first_attempt", "error_rate", "coverage", "tokens", "cost_usd")
    )
    assert "Completion: unknown" in report(found)
    with pytest.raises(SessionError, match="no session"):
        analyze(conn, "absent")


def test_a_failure_at_the_end_is_not_completed_and_a_stop_leaves_it_open(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    failing = [make.asked("go", 0), *make.ran(1, "t", "pytest", "Exit code 1\n1 failed in 1s", error=True)]
    found = analysed(conn, tmp_path, failing)
    assert found.completion.value == 0.0
    found = analysed(conn, tmp_path, [*failing, make.asked("[Request interrupted by user]", 9)])
    assert found.completion.value is None


def test_completion_by_a_task_list_where_no_outcome_is_known(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    todos = [{"content": f"{n}", "status": "completed" if n else "pending"} for n in range(4)]
    found = analysed(conn, tmp_path, [make.asked("go"), make.called(1, "a", "TodoWrite", {"todos": todos})])
    assert found.completion.value == 0.75 and found.completion.basis == "task list"
    assert found.tasks == 3 and found.per == "completed task"


def test_context_in_percent_where_the_window_is_known(conn: sqlite3.Connection, tmp_path: Path) -> None:
    info = {"model_context_window": 1000}
    lines = [make.event(0, "session_meta", {"id": "c"})]
    for n, used in enumerate((100, 300)):
        count = make.counted(n + 1, (used * (n + 1), 0, n + 1, 0, 0), (used, 0, 1, 0, 0))
        count["payload"]["info"] |= info
        lines.append(count)
    for source in find(make.written(tmp_path, lines, "rollout.jsonl")):
        take(conn, source, Pricer([]))
    found = analyze(conn, "c").context
    assert (found.average_pct, found.max_pct, found.average) == (20.0, 30.0, 200.0)


def test_a_session_folder_tells_its_context_in_percent(conn: sqlite3.Connection, tmp_path: Path) -> None:
    folder = tmp_path / "night"
    folder.mkdir()
    iterations = [{"context_pct": 40, "compactions": 1, "seconds": 60}, {"context_pct": 60, "seconds": 30}]
    progress = {"completed": ["a", "b"], "remaining": ["c"], "iterations": iterations, "coverage": 0.8}
    (folder / "progress.json").write_text(json.dumps(progress))
    for source in find(folder):
        take(conn, source, Pricer([]))
    found = analyze(conn, "night")
    assert found.completion.value == pytest.approx(2 / 3) and found.per_task(found.active_s) == 45
    assert (found.context.average_pct, found.context.max_pct, found.context.compactions) == (50, 60, 1)
    assert found.tests.coverage == 0.8


def test_coverage_is_what_the_last_run_printed(conn: sqlite3.Connection, tmp_path: Path) -> None:
    lines = [make.asked("go", 0)]
    for n, share in enumerate((70, 85)):
        lines += make.ran(n * 5 + 1, f"t{n}", "pytest --cov", f"TOTAL  100  15  {share}%\n3 passed in 1s")
    assert analysed(conn, tmp_path, lines).tests.coverage == 0.85


def test_the_report_has_its_sections_and_obeys_no_foreign_text(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    evil = "\x1b]0;owned\x07\u202e# Title\n| a | <b>"
    lines = [*make.day_of_work(), {"type": "summary", "summary": evil, "leafUuid": "x"}]
    text = report(analysed(conn, tmp_path, lines))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## Metrics",
        "## Performance",
        "## Pattern Usage",
    ]
    assert "\x1b" not in text and "\u202e" not in text and "\\# Title" in text and "\\<b\\>" in text


def test_two_sessions_side_by_side(conn: sqlite3.Connection, tmp_path: Path) -> None:
    def turns(count: int, tokens: int) -> list[Any]:
        lines: list[Any] = []
        for n in range(count):
            lines.append(make.asked(f"turn {n}", n * 100))
            lines.append(make.answered(n * 100 + 1, f"m{n}", f"r{n}", tokens=(tokens + n, 0, 0, 0)))
            lines += make.ran(n * 100 + 2, f"t{n}", "pytest", "1 passed in 1s")
        return lines

    a, b = (analysed(conn, tmp_path, turns(10, size), f"s-{size}") for size in (100, 500))
    found = compare(a, b)["tokens_per_task"]
    assert found.delta == pytest.approx(400) and found.low is not None and found.high is not None
    assert found.low <= 400 <= found.high
    same = compare(a, a)
    assert all(one.delta == 0 for one in same.values() if one.delta is not None)
    assert "not enough data" in compared(a, b, compare(a, b))
    little = analysed(conn, tmp_path, turns(3, 100), "s-little")
    assert compare(a, little)["tokens_per_task"].low is None


def test_a_trend_needs_sessions_enough(conn: sqlite3.Connection, tmp_path: Path) -> None:
    one = analysed(conn, tmp_path, make.day_of_work())
    assert trend([one] * 4)["tokens"].delta is None
    enough = trend([one] * 10)["tokens"]
    assert enough.delta == 0 and (enough.n_a, enough.n_b) == (5, 5)
    assert "not enough data" in trended([one], trend([one]))


def test_time_is_activity_without_long_pauses() -> None:
    assert active([]) == 0 and active([(5, 5)]) == 0
    assert active([(0, 10), (5, 20), (100, 100)]) == 100
    assert active([(0, 10), (5_000, 5_010)]) == 20
    assert active([(0, 2_000), (2_100, 2_100)]) == 2_100


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e4)), max_size=20))
def test_activity_is_never_negative_nor_longer_than_from_first_to_last(
    given_: list[tuple[float, float]],
) -> None:
    spans = [(start, start + length) for start, length in given_]
    most = max((end for _, end in spans), default=0.0) - min((start for start, _ in spans), default=0.0)
    assert 0 <= active(spans) <= most + 1e-6


def test_intervals_of_rates_are_those_of_the_literature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "_Z", 1.959963984540054)
    found = rates(48, 80, 56, 70)  # Newcombe 1998, table II, example (a), method 10, at 95 %
    assert found.low is not None and found.high is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    assert wilson(0, 10)[0] == 0 and wilson(10, 10)[1] == pytest.approx(1)


def test_a_rate_needs_cases() -> None:
    assert rates(1, 4, 50, 60).low is None and rates(0, 0, 1, 2).delta is None
    with pytest.raises(ValueError, match="no rate"):
        wilson(3, 2)


@given(st.integers(5, 60), st.integers(5, 60), st.data())
def test_the_interval_of_a_difference_holds_the_difference(n_a: int, n_b: int, data: st.DataObject) -> None:
    found = rates(data.draw(st.integers(0, n_a)), n_a, data.draw(st.integers(0, n_b)), n_b)
    assert found.low is not None and found.high is not None and found.delta is not None
    assert -1 <= found.low <= found.delta + 1e-12 and found.delta - 1e-12 <= found.high <= 1


def test_means_differ_or_do_not() -> None:
    apart = means([1.0, 2.0] * 10, [11.0, 12.0] * 10)
    assert apart.low is not None and apart.low > 9 and apart == means([1.0, 2.0] * 10, [11.0, 12.0] * 10)
    assert means([1.0] * 3, [2.0] * 30).low is None and means([], [1.0]).delta is None
