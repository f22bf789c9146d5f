"""Two rankings made one: what both put high comes first, on no common scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.fusion import fuse

RANKINGS = st.lists(st.lists(st.integers(0, 30), unique=True, max_size=12), max_size=3)


def test_scores_are_sums_of_reciprocal_ranks() -> None:
    found = fuse([["a", "b"], ["b", "c"]], 60)
    assert list(found) == ["b", "a", "c"]
    assert found["b"] == pytest.approx(1 / 62 + 1 / 61)
    assert found["a"] == pytest.approx(1 / 61)


def test_equals_keep_the_order_of_the_first_ranking() -> None:
    assert list(fuse([["a"], ["b"]], 60)) == ["a", "b"]


@given(rankings=RANKINGS, k=st.integers(1, 200))
def test_every_key_once_and_best_first(rankings: list[list[int]], k: int) -> None:
    found = fuse(rankings, k)
    assert set(found) == {key for ranking in rankings for key in ranking}
    assert list(found.values()) == sorted(found.values(), reverse=True)


@given(ranking=st.lists(st.integers(), unique=True, max_size=12), k=st.integers(1, 200))
def test_one_ranking_alone_or_twice_stays_as_it_is(ranking: list[int], k: int) -> None:
    assert list(fuse([ranking, []], k)) == list(fuse([ranking, ranking], k)) == ranking
