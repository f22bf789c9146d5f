"""How trials count: they fade by half-life, count in full at home, and move a prior elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning.confidence import Prior, left_out, posterior
from tui_patterns.learning.evidence import BORROWED, Tally, believed, borrow, tally
from tui_patterns.store.fading import DAY_S, fade
from tui_patterns.store.patterns import Trial

NOW = 2_000_000_000.0
EVEN = Prior(0.5)
HERE, THERE, OWN = "/here", "/there", "/own"


def trial(days: float = 0, success: bool = True, project: str | None = None, weight: float = 1.0) -> Trial:
    return Trial(NOW - days * DAY_S, success, weight, project)


@pytest.mark.parametrize(("days", "left"), [(0, 1.0), (0.9, 1.0), (90, 0.5), (180, 0.25), (-4000, 1.0)])
def test_a_trial_fades_by_half_in_ninety_days_and_a_clock_set_back_adds_nothing(
    days: float, left: float
) -> None:
    assert fade(NOW - days * DAY_S, NOW, 90) == pytest.approx(left)
    assert tally([trial(days)], OWN, NOW).successes == pytest.approx(left)


def test_the_half_life_can_be_set() -> None:
    assert tally([trial(10, success=False)], OWN, NOW, half_life_days=10).failures == pytest.approx(0.5)


def test_strength_and_age_multiply() -> None:
    assert tally([trial(90, weight=0.7)], OWN, NOW).successes == pytest.approx(0.35)


def test_without_a_home_all_of_it_counts() -> None:
    found = tally([trial(project=HERE), trial(project=THERE, success=False), trial()], OWN, NOW)
    assert (found.successes, found.failures, found.successes_elsewhere) == (2.0, 1.0, 0.0)
    assert found.worked_in == {HERE, OWN}


def test_what_names_no_project_happened_in_the_patterns_own() -> None:
    assert tally([trial()], OWN, NOW, home={OWN}).successes == 1.0
    assert tally([trial()], OWN, NOW, home={HERE}).successes_elsewhere == 1.0


def test_before_it_is_general_other_projects_only_move_the_prior() -> None:
    found = tally([trial(project=THERE)] * 30, OWN, NOW, home={HERE})
    here = believed(found, EVEN)
    assert here.n == 0, "nothing was tried here"
    assert 0.5 < here.mean <= (0.5 + BORROWED) / (1 + BORROWED)
    assert here.low < 0.5, "and nothing is sure"


def test_failures_elsewhere_never_shut_a_pattern_out_here() -> None:
    found = tally([trial(project=THERE, success=False)] * 500, OWN, NOW, home={HERE})
    assert not left_out(believed(found, EVEN), 70)


def test_once_it_worked_in_two_projects_it_counts_everywhere() -> None:
    trials = [trial(project=THERE), trial(project=OWN), trial(project=THERE, success=False)]
    found = tally(trials, OWN, NOW, home={HERE})
    assert found.general and (found.successes, found.failures) == (2.0, 1.0)


def test_a_failure_in_a_second_project_does_not_make_it_general() -> None:
    found = tally([trial(project=THERE), trial(project=OWN, success=False)], OWN, NOW, home={HERE})
    assert not found.general and found.successes == found.failures == 0.0


@given(st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0.05, 0.95), st.floats(0.5, 50))
def test_what_is_borrowed_is_a_weak_prior(good: float, bad: float, mean: float, strength: float) -> None:
    prior = Prior(mean, strength)
    moved = borrow(Tally(successes_elsewhere=good, failures_elsewhere=bad), prior)
    assert moved.strength == strength and 0 < moved.mean < 1
    assert abs(moved.mean - mean) <= BORROWED / (1 + BORROWED) + 1e-9


def test_one_success_on_a_weak_prior_shuts_nothing_out() -> None:
    for mean in (0.05, 0.3, 0.5):
        assert not left_out(posterior(1, 0, Prior(mean, 1.0)), 70)


def test_bad_ratings_shut_a_pattern_out_only_where_the_bound_says_so() -> None:
    one, two = posterior(0, 1, EVEN), posterior(0, 2, EVEN)
    assert not left_out(one, 70) and one.high > 0.7
    assert left_out(two, 70) == (two.high < 0.7)
    assert not left_out(posterior(0, 2, Prior(0.7)), 70), "a kind that does well is given more time"
