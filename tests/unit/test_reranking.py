"""A reranker moves hits a little and never over the line; what it does not know stays as it was."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.samples import make_pattern
from tui_patterns.models import Hit, SearchResult
from tui_patterns.search.explain import why_lines
from tui_patterns.search.parameters import RERANK, RERANKED
from tui_patterns.search.relevance import odds_of, share
from tui_patterns.search.reranking import applies, passage, reranked

LEAST = 0.6
SHARES = st.floats(0.001, 0.999)


def result_of(*relevances: float) -> SearchResult:
    """Hits of these relevances, best first."""
    ordered = sorted(relevances, reverse=True)
    hits = [Hit(make_pattern(n), share, share, {"odds": odds_of(share)}) for n, share in enumerate(ordered)]
    return SearchResult("some words", "hybrid", "exact", tuple(hits))


def names(result: SearchResult) -> list[str]:
    return [hit.pattern.id for hit in result.hits]


def test_what_the_reranker_prefers_comes_first_among_equals() -> None:
    before = result_of(0.3, 0.3, 0.3)
    scores = dict(zip(names(before), (-2.0, 0.0, 2.0), strict=True))
    after = reranked(before, scores, LEAST)
    assert names(after) == names(before)[::-1]
    assert after.hits[1].relevance == pytest.approx(0.3)
    assert after.hits[0].relevance == pytest.approx(share(odds_of(0.3) + RERANK * math.tanh(1.0)))
    assert after.hits[0].why["reranker"] == {
        "score": 2.0, "rank": 1, "of": 3, "moved": round(RERANK * math.tanh(1.0), 4)
    }  # fmt: skip


@given(st.lists(st.tuples(SHARES, st.floats(-50, 50)), min_size=2, max_size=30))
def test_no_hit_is_moved_far_or_over_the_line_and_none_is_lost(given_: list[tuple[float, float]]) -> None:
    before = result_of(*(relevance for relevance, _ in given_))
    scores = {id: score for id, (_, score) in zip(names(before), given_, strict=True)}
    after = reranked(before, scores, LEAST)
    old = {hit.pattern.id: hit.relevance for hit in before.hits}
    assert sorted(names(after)) == sorted(names(before))
    assert [hit.score for hit in after.hits] == sorted((hit.score for hit in after.hits), reverse=True)
    for hit in after.hits:
        was = old[hit.pattern.id]
        assert (hit.relevance >= LEAST) == (was >= LEAST)
        assert abs(odds_of(hit.relevance) - odds_of(was)) <= RERANK + 1e-6
        assert 0.0 <= hit.relevance <= 1.0


@given(st.lists(st.tuples(st.floats(0.1, 0.5), st.floats(-5, 5)), min_size=2, max_size=RERANKED))
def test_a_constant_added_to_all_scores_changes_nothing(given_: list[tuple[float, float]]) -> None:
    before = result_of(*(relevance for relevance, _ in given_))
    scores = {id: score for id, (_, score) in zip(names(before), given_, strict=True)}
    one = reranked(before, scores, LEAST)
    other = reranked(before, {id: score + 3.0 for id, score in scores.items()}, LEAST)
    found = {hit.pattern.id: hit.relevance for hit in other.hits}
    assert all(found[hit.pattern.id] == pytest.approx(hit.relevance, abs=1e-6) for hit in one.hits)


def test_hits_without_a_score_or_beyond_the_best_stay_as_they_were() -> None:
    before = result_of(*(0.5 - n / 100 for n in range(RERANKED + 3)))
    scores = {id: float(n) for n, id in enumerate(names(before))}
    del scores[names(before)[3]]
    after = {hit.pattern.id: hit for hit in reranked(before, scores, LEAST).hits}
    for at in (3, RERANKED, RERANKED + 2):
        assert after[names(before)[at]] == before.hits[at]


def test_without_two_scores_there_is_nothing_to_compare() -> None:
    before = result_of(0.4, 0.3)
    assert reranked(before, {}, LEAST) is before
    assert reranked(before, {names(before)[0]: 9.0}, LEAST) is before


def test_what_is_retired_stays_last() -> None:
    before = result_of(0.5, 0.4)
    retired = replace(before.hits[1], pattern=replace(before.hits[1].pattern, retired=1.0))
    before = replace(before, hits=(before.hits[0], retired))
    scores = dict(zip(names(before), (-9.0, 9.0), strict=True))
    assert names(reranked(before, scores, LEAST)) == names(before)


def test_its_part_is_told_and_the_sum_is_the_new_one() -> None:
    before = result_of(0.3, 0.3)
    after = reranked(before, dict(zip(names(before), (1.0, -1.0), strict=True)), LEAST)
    said = why_lines(after.hits[0].why)
    moved = RERANK * math.tanh(0.5)
    assert f"reranker: rank 1 of 2, score +1.00; {moved:+.2f} log-odds" in said
    assert f"together: log-odds {odds_of(0.3) + moved:+.2f}" in said


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("retry with backoff", True), ("parse a date", True), ("wrap_text", False), ("x = 1\ny = f(x)", False),
     ("ValueError: no such width", False)],
)  # fmt: skip
def test_only_plain_words_are_reranked(query: str, wanted: bool) -> None:
    assert applies(query) is wanted


def test_a_pattern_is_read_by_name_words_and_code() -> None:
    row = {"name": "Wrap", "docstring": "Fold it.\n\nMore.", "signature": "wrap(x)", "code": "c" * 9_000}
    text = passage(row)
    assert text.startswith("Wrap\nFold it.\nwrap(x)\nccc")
    assert len(text) < 2_100
