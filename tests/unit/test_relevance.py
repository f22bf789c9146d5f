"""Relevance: a share in 0..1 that grows with what was observed, and with nothing else."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.relevance import coverage, named, relevance, weights_of

COSINES = st.floats(-1.0, 1.0)
SHARES = st.floats(0.0, 1.0)
WORDS = st.sampled_from(["read", "file", "wrap", "text", "width"])


@given(cosine=st.none() | COSINES, share=SHARES)
def test_it_is_a_share(cosine: float | None, share: float) -> None:
    assert 0.0 <= relevance(cosine, share) <= 1.0


@given(low=COSINES, high=COSINES, share=SHARES, other=SHARES)
def test_nearer_or_better_covered_is_never_less_relevant(
    low: float, high: float, share: float, other: float
) -> None:
    low, high = sorted((low, high))
    share, other = sorted((share, other))
    assert relevance(low, share) <= relevance(high, other) <= relevance(high, other, 0.5)
    assert relevance(None, share) <= relevance(None, other)


def test_all_words_found_are_relevant_and_none_are_not() -> None:
    assert relevance(None, 1.0, 0.5) > 0.6 > relevance(None, 0.5) > relevance(None, 0.0)
    assert relevance(0.8, 1.0) > 0.9 and relevance(0.05, 0.0) < 0.1
    assert relevance(None, 0.3, 0.5) < 0.6  # one word met by chance, a name though it is


@pytest.mark.parametrize(
    ("query", "name", "share"),
    [
        (["wrap", "text"], ["wrap", "text"], 2 / 3),
        (["wrapping", "texts"], ["wrap", "text"], 2 / 3),
        (["stop", "nosebleed"], ["stop"], 1 / 2),
        (["wrap"], ["read", "file"], 0.0),
        (["wrap"], [], 0.0),
    ],
)
def test_a_longer_name_that_is_said_tells_more(query: list[str], name: list[str], share: float) -> None:
    assert math.isclose(named(query, name), share)


def test_any_form_of_a_word_counts() -> None:
    telling = {"wrapped": 1.0, "lines": 1.0}
    assert coverage(["wrapped", "lines"], ["wraps", "line"], telling) == 1.0


@given(
    query=st.lists(WORDS, min_size=1, max_size=5, unique=True),
    found=st.frozensets(WORDS),
    total=st.integers(0, 99),
)
def test_coverage_is_a_share(query: list[str], found: frozenset[str], total: int) -> None:
    telling = weights_of({word: len(word) for word in query}, total)
    share = coverage(query, found, telling)
    assert 0.0 <= share <= 1.0 + 1e-9
    if total:
        assert (share == 0.0) == (not set(query) & found)
        assert math.isclose(share, 1.0) == (set(query) <= found)


def test_a_telling_word_counts_for_more_than_a_common_one() -> None:
    telling = weights_of({"get": 900, "backoff": 2}, 1000)
    rare, common = (coverage(["get", "backoff"], frozenset([word]), telling) for word in ("backoff", "get"))
    assert rare > 0.8 and common < 0.2


def test_the_word_being_typed_counts_by_its_beginning() -> None:
    telling = {"retry": 1.0, "back": 1.0}
    assert coverage(["retry", "back"], frozenset(["retry", "backoff"]), telling) == 1.0
    assert coverage(["back", "retry"], frozenset(["retry", "backoff"]), telling) == 0.5


def test_words_that_tell_nothing_cover_nothing() -> None:
    assert coverage(["a"], frozenset(["a"]), {"a": 0.0}) == 0.0
