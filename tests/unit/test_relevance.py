"""Relevance: a share in 0..1 that grows with what was observed, and with nothing else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.relevance import log_odds, relevance, share

COSINES = st.floats(-1.0, 1.0)
SHARES = st.floats(0.0, 1.0)


@given(cosine=st.none() | COSINES, words=SHARES)
def test_it_is_a_share(cosine: float | None, words: float) -> None:
    assert 0.0 < relevance(cosine, words) < 1.0


@given(low=COSINES, high=COSINES, words=SHARES, other=SHARES)
def test_nearer_or_better_met_by_words_is_never_less_relevant(
    low: float, high: float, words: float, other: float
) -> None:
    low, high = sorted((low, high))
    words, other = sorted((words, other))
    assert relevance(low, words) <= relevance(high, other)
    assert relevance(None, words) <= relevance(None, other)


def test_all_words_in_the_name_are_relevant_and_none_are_not() -> None:
    assert relevance(None, 0.9) > 0.6 > relevance(None, 0.4) > relevance(None, 0.0)
    assert relevance(0.7, 0.9) > 0.9 and relevance(0.1, 0.0) < 0.1


@pytest.mark.parametrize("odds", [-1e6, -3.0, 0.0, 3.0, 1e6])
def test_log_odds_of_any_size_are_a_share(odds: float) -> None:
    assert 0.0 <= share(odds) <= 1.0
    if abs(odds) < 10:
        assert math.log(share(odds) / (1.0 - share(odds))) == pytest.approx(odds)


@given(cosine=COSINES, words=SHARES)
def test_relevance_orders_as_log_odds_do(cosine: float, words: float) -> None:
    assert relevance(cosine, words) == share(log_odds(cosine, words))
