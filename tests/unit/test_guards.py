"""A guard is accepted only on enough failures, and only where it spares the code that works."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning.guards import (
    LEAST_FAILURES,
    MOST_PASSING,
    Context,
    code_context,
    mine,
    series_of,
    task_context,
    text_context,
)
from tui_patterns.prompts.fit import Target
from tui_patterns.prompts.requirements import Requirements


def contexts(*names: str) -> list[Context]:
    return [frozenset(name.split()) for name in names]


PASSING = contexts(*["language:python"] * 95, *["language:python word:upload"] * 5)


def test_three_failures_in_a_rare_context_are_a_guard() -> None:
    failed = contexts(*["language:python word:upload async"] * 3)
    (guard,) = mine(failed, [], PASSING)
    assert guard.condition == ("async",) and (guard.failures, guard.passing, guard.population) == (3, 0, 100)
    assert guard.holds({"async", "word:other"}) and not guard.holds({"word:upload"})


def test_two_failures_are_none() -> None:
    assert mine(contexts("async", "async"), [], PASSING) == []


def test_what_passing_code_shares_guards_against_nothing() -> None:
    failed = contexts(*["language:python"] * 50)
    assert mine(failed, [], PASSING) == []
    at_the_limit = contexts(*["word:upload"] * 3)
    (guard,) = mine(at_the_limit, [], PASSING)
    assert guard.passing == 5
    assert mine(at_the_limit, [], [*PASSING[1:], frozenset({"word:upload"})]) == []


def test_a_context_in_which_it_also_worked_is_none() -> None:
    failed = contexts(*["async"] * 3)
    assert mine(failed, contexts("async"), PASSING) == []


def test_two_conditions_together_may_tell_what_one_cannot() -> None:
    passing = contexts(*["a"] * 50, *["b"] * 50)
    (guard,) = mine(contexts("a b", "a b", "a b", "a b"), [], passing)
    assert guard.condition == ("a", "b")


def test_little_passing_code_says_nothing() -> None:
    assert mine(contexts(*["async"] * 9), [], PASSING[:19]) == []


conditions = st.frozensets(st.sampled_from("abcdefgh"), max_size=5)


@given(
    st.lists(conditions, max_size=12), st.lists(conditions, max_size=12), st.lists(conditions, max_size=60)
)
def test_every_guard_keeps_the_rule_and_counts_right(
    failed: list[Context], worked: list[Context], passing: list[Context]
) -> None:
    for guard in mine(failed, worked, passing):
        assert guard.failures == sum(map(guard.holds, failed)) >= LEAST_FAILURES
        assert guard.passing == sum(map(guard.holds, passing)) <= MOST_PASSING * len(passing)
        assert guard.successes == sum(map(guard.holds, worked)) <= MOST_PASSING * len(worked)
        assert guard.population == len(passing)
    assert mine(failed, worked, passing) == mine(failed, worked, passing)


def test_tasks_and_names_speak_the_same_words() -> None:
    assert text_context("Uploading widgets") & text_context("upload_widget") == {"word:upload", "word:widget"}
    assert "async" in text_context("an asyncio worker")
    assert "async" in code_context(is_async=True)


def test_a_version_counts_by_its_series() -> None:
    assert [series_of(one) for one in ("2.7.1", "0.27.2", "1", "x", "0.0.3")] == [
        "2",
        "0.27",
        "1",
        None,
        "0.0.3",
    ]
    code = code_context(uses=("httpx",), versions={"httpx": "0.27.2"})
    assert code == {"uses:httpx", "with:httpx 0.27"}
    where = Target(frozenset({"/r"}), asked=(Requirements(installed={"httpx": "0.27.0"}),))
    assert {"uses:httpx", "with:httpx 0.27", "in:/r"} <= task_context("x", where, ["httpx", "absent"])
    assert "uses:absent" not in task_context("x", where, ["httpx", "absent"])
