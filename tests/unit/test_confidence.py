"""Confidence: the Beta distribution is right to 1e-8, and doubt never shuts a pattern out."""

from __future__ import annotations

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning import beta
from tui_patterns.learning.confidence import (
    Prior,
    describe,
    left_out,
    posterior,
    prior_for,
    rank_value,
    thompson,
    tier,
)
from tui_patterns.models import Interval

EVEN = Prior(0.5)
parameters = st.floats(0.05, 5_000)
shares = st.floats(0.0, 1.0)
counts = st.floats(0.0, 500.0)


def test_beta_agrees_with_scipy() -> None:
    oracle = pytest.importorskip("scipy.stats").beta
    rng = Random(11)
    for _ in range(400):
        a, b = (10 ** rng.uniform(-1.3, 5) for _ in range(2))
        p = rng.random()
        x = float(oracle.ppf(p, a, b))
        assert beta.quantile(p, a, b) == pytest.approx(x, abs=1e-8)
        assert beta.cdf(x, a, b) == pytest.approx(float(oracle.cdf(x, a, b)), abs=1e-8)


@given(parameters, parameters, shares, shares)
def test_cdf_is_monotone_and_a_probability(a: float, b: float, x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert 0.0 <= beta.cdf(low, a, b) <= beta.cdf(high, a, b) + 1e-12 <= 1.0 + 1e-12


@given(parameters, parameters, shares, shares)
def test_quantile_is_monotone_and_a_share(a: float, b: float, p: float, q: float) -> None:
    low, high = sorted((p, q))
    assert 0.0 <= beta.quantile(low, a, b) <= beta.quantile(high, a, b) + 1e-12 <= 1.0 + 1e-12


@given(st.floats(0.5, 500), st.floats(0.5, 500), st.floats(0.001, 0.999))
def test_quantile_inverts_cdf(a: float, b: float, p: float) -> None:
    assert beta.cdf(beta.quantile(p, a, b), a, b) == pytest.approx(p, abs=1e-9)


def test_beta_ends_and_wrong_parameters() -> None:
    assert (beta.cdf(-1, 2, 3), beta.cdf(2, 2, 3)) == (0.0, 1.0)
    assert (beta.quantile(0, 2, 3), beta.quantile(1, 2, 3)) == (0.0, 1.0)
    for a, b in ((0.0, 1.0), (1.0, -1.0), (float("nan"), 1.0), (float("inf"), 1.0)):
        with pytest.raises(ValueError, match="positive"):
            beta.cdf(0.5, a, b)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        beta.quantile(1.5, 1, 1)


@given(counts, counts, st.floats(0.05, 0.95))
def test_interval_is_ordered_and_holds_its_weight(successes: float, failures: float, mean: float) -> None:
    interval = posterior(successes, failures, Prior(mean))
    assert 0.0 <= interval.low <= interval.high <= 1.0
    assert 0.0 < interval.mean < 1.0
    assert interval.n == successes + failures


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_success_raises_and_a_failure_lowers(successes: int, failures: int) -> None:
    now = posterior(successes, failures, EVEN)
    assert rank_value(posterior(successes + 1, failures, EVEN)) > rank_value(now)
    assert rank_value(posterior(successes, failures + 1, EVEN)) < rank_value(now)


def test_a_long_record_outranks_a_lucky_one() -> None:
    assert rank_value(posterior(27, 3, EVEN)) > rank_value(posterior(2, 0, EVEN))


def test_known_posterior() -> None:
    interval = posterior(7, 1, EVEN)  # Beta(9, 3)
    assert (interval.mean, interval.n) == (0.75, 8)
    assert interval.low == pytest.approx(0.5299132, abs=1e-6)
    assert interval.high == pytest.approx(0.9211800, abs=1e-6)


def test_quality_nudges_the_prior_gently() -> None:
    assert prior_for(None, 0.6) == Prior(0.6)
    assert prior_for(1.0).mean == pytest.approx(0.6)
    assert prior_for(0.0).mean == pytest.approx(0.4)
    assert prior_for(1.0, 1.0).mean == 0.95
    assert prior_for(0.0, 0.0).mean == 0.05
    assert prior_for(0.5, strength=9).strength == 9
    best, worst = posterior(0, 1, prior_for(1.0)), posterior(1, 0, prior_for(0.0))
    assert worst.mean > best.mean, "one outcome outweighs any quality"


def test_impossible_input_is_refused() -> None:
    with pytest.raises(ValueError, match="mean"):
        Prior(1.0)
    with pytest.raises(ValueError, match="strength"):
        Prior(0.5, 0)
    with pytest.raises(ValueError, match="counts"):
        posterior(-1, 0, EVEN)


@pytest.mark.parametrize(
    ("mean", "n", "expected"),
    [(0.95, 4.9, "new"), (0.9, 5, "high"), (0.89, 5, "medium"), (0.7, 50, "medium"), (0.69, 5, "low")],
)
def test_tiers(mean: float, n: float, expected: str) -> None:
    assert tier(Interval(mean, 0.0, 1.0, n)) == expected


def test_describe() -> None:
    assert describe(Interval(0.73, 0.51, 0.89, 12)) == "73 % (51–89) n 12"
    assert describe(Interval(0.73, 0.51, 0.89, 2.44)) == "73 % (51–89) n 2.4"
    assert describe(Interval(0.73, 0.51, 0.89, 11.7)) == "73 % (51–89) n 12"
    assert describe(Interval(0.73, 0.51, 0.89, 4.97)) == "73 % (51–89) n 5"
    assert describe(Interval(0.5, 0.05, 0.95, 0.001)) == "50 % (5–95) n <0.1", "tried once, long ago"
    assert describe(posterior(0, 0, EVEN)) == "not yet tried"


def test_only_sure_failures_are_left_out() -> None:
    assert not left_out(posterior(0, 0, EVEN), 70), "never tried: stays in"
    assert not left_out(posterior(0, 1, EVEN), 70), "one failure proves little"
    assert left_out(posterior(1, 20, EVEN), 70)
    assert not left_out(Interval(0.5, 0.3, 0.7, 9), 70), "the upper end counts, and it is not below"


def test_thompson_draws_follow_the_posterior() -> None:
    interval, rng = posterior(7, 1, EVEN), Random(5)
    draws = [thompson(interval, rng) for _ in range(4000)]
    assert all(0.0 <= draw <= 1.0 for draw in draws)
    assert sum(draws) / len(draws) == pytest.approx(interval.mean, abs=0.01)
    inside = sum(interval.low <= draw <= interval.high for draw in draws) / len(draws)
    assert inside == pytest.approx(0.9, abs=0.02)


def test_scipy_is_not_imported() -> None:
    code = "import tui_patterns.learning.confidence, sys; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
