"""Filtering afterwards gives what filtering beforehand gives, or says that it cannot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.chroma_filter import MOST_FETCHED, fetched_wide
from tui_patterns.search.vectors import Match

TOTAL = 400
ORDER: list[Match] = [(f"p{row}", 1.0 - row / TOTAL) for row in range(TOTAL)]


@given(limit=st.integers(1, 60), allowed=st.sets(st.integers(0, TOTAL - 1), min_size=1))
def test_the_same_as_asking_for_the_allowed_alone(limit: int, allowed: set[int]) -> None:
    ids = {f"p{row}" for row in allowed}
    found = fetched_wide(lambda count: ORDER[:count], limit, ids, TOTAL)
    if found is not None:
        assert found == [one for one in ORDER if one[0] in ids][:limit]


def test_a_filter_that_admits_little_is_left_to_chroma() -> None:
    def never(count: int) -> list[Match]:
        raise AssertionError(f"{count} were asked for")

    assert fetched_wide(never, 50, {"p1"}, 50 * MOST_FETCHED) is None
    assert fetched_wide(never, 50, set(), TOTAL) is None


def test_what_is_far_from_the_question_is_left_to_chroma() -> None:
    last = {one for one, _ in ORDER[TOTAL // 2 :]}
    assert fetched_wide(lambda count: ORDER[:count], 30, last, TOTAL) is None
