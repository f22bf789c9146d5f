"""An order: by what was observed, with priors that order equals and bury nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.samples import make_pattern
from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Hit, Interval, Quality
from tui_patterns.search.explain import why_lines
from tui_patterns.search.files import by_file
from tui_patterns.search.parameters import AFFINITY, EXACT, PRIOR
from tui_patterns.search.ranking import Evidence, exactness, explain, order, prior
from tui_patterns.search.scoring import WordMatch

SHARES = st.floats(0.0, 1.0)


@given(st.lists(st.tuples(SHARES, st.floats(-1, 1)), max_size=12))
def test_a_better_hit_never_shows_less_relevance(seen: list[tuple[float, float]]) -> None:
    found = order(Evidence(at, WordMatch(words), cosine) for at, (words, cosine) in enumerate(seen))
    relevances = [one.relevance for one in found]
    assert relevances == sorted(relevances, reverse=True) and len(found) == len(seen)


@pytest.mark.parametrize(
    ("name", "symbols", "exact"),
    [
        ("Session", {"Session"}, 1.0),
        ("requests.Session", {"Session"}, 1.0),
        ("Session.get", {"Session.get", "get"}, 1.0),
        ("session", {"Session"}, 0.5),
        ("SessionPool", {"Session"}, 0.0),
        ("", set(), 0.0),
    ],
)
def test_names_are_met_exactly_or_but_for_case(name: str, symbols: set[str], exact: float) -> None:
    assert exactness(name, symbols) == exact


def test_a_name_met_exactly_adds_to_the_odds() -> None:
    assert Evidence(1, exact=1.0).odds - Evidence(1).odds == pytest.approx(EXACT)


@given(quality=st.none() | SHARES, low=SHARES, n=st.integers(0, 50))
def test_priors_are_bounded_and_an_unknown_quality_counts_as_middling(
    quality: float | None, low: float, n: int
) -> None:
    pattern = replace(
        make_pattern(0), quality=Quality(overall=quality), confidence=Interval(low, low, 1.0, n)
    )
    believed = prior(pattern, {pattern.root})
    assert abs(sum(believed.values())) <= PRIOR + AFFINITY
    assert ("quality" in believed) == (quality not in (None, 0.5))
    assert prior(pattern, ()).get("project") is None


@given(pool=st.floats(0.2, 0.8), successes=st.integers(0, 20), failures=st.integers(0, 20))
def test_a_success_lifts_a_pattern_and_a_failure_lowers_it_from_the_first_on(
    pool: float, successes: int, failures: int
) -> None:
    def place(successes: int, failures: int) -> float:
        believed = posterior(successes, failures, Prior(pool))
        return sum(prior(replace(make_pattern(0), confidence=believed), ()).values())

    assert place(successes, failures + 1) < place(successes, failures) < place(successes + 1, failures)


def test_even_odds_without_an_outcome_add_nothing() -> None:
    untried = replace(make_pattern(0), quality=Quality(), confidence=posterior(0, 0, Prior(0.5)))
    assert sum(prior(untried, ()).values()) == pytest.approx(0.0, abs=1e-5)


def test_files_rank_by_all_that_was_found_in_them() -> None:
    scores = {"a.py": (0.80,), "b.py": (0.78, 0.75, 0.7), "c.py": (0.1, 0.1)}
    hits = [
        Hit(replace(make_pattern(0), path=path), score, score, {})
        for path, own in scores.items()
        for score in own
    ]
    files = by_file(sorted(hits, key=lambda hit: -hit.score))
    assert [file.path for file in files] == ["b.py", "a.py", "c.py"]
    assert all(0.0 <= file.score <= 1.0 for file in files) and len(files[0].hits) == 3
    assert files[1].score == pytest.approx(0.80)
    assert by_file([]) == []


def test_every_part_is_told_in_words() -> None:
    match = WordMatch(0.71, 1.0, (("title", 0.5), ("body", 1.0)))
    one = Evidence(1, match, 0.52, 1.0, by_words=2, by_meaning=1, bm25=9.0)
    told = why_lines(explain(one, {"quality": 0.04}))
    assert told == [
        "words: rank 2, 71% of the most they could score; of the query in title 50%, body 100%",
        "meaning: rank 1, cosine 0.52",
        "name: written in the query",
        "priors: quality +0.040 log-odds",
        f"together: log-odds {one.odds:+.2f}",
    ]
    assert why_lines(explain(Evidence(1), {}))[:2] == ["words: none of the query's", "meaning: not known"]
    assert why_lines({}) == ["words: none of the query's", "meaning: not known"]
