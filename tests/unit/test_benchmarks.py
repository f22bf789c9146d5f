"""The arithmetic of the benchmarks: percentiles, ratios, tables, and probabilities that keep their word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibrate import settled
from benchmarks.figures import Figure, amount, markdown, percentile, plain, ratio
from benchmarks.logistic import brier, cross_validated, fit, predict, reliability
from benchmarks.observations import Observation
from benchmarks.pairs import collect

VALUES = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60)


def test_a_percentile_is_a_measured_value() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert (percentile(values, 0.95), percentile(values, 0.5), percentile(values, 1.0)) == (95.0, 50.0, 100.0)
    assert percentile([7.0], 0.95) == 7.0


@given(values=VALUES, share=st.floats(0.01, 1.0))
def test_the_share_of_values_does_not_exceed_the_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 0.0), ([1.0], 1.5)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)


def test_a_ratio_is_of_medians() -> None:
    assert ratio([2.0, 3.0, 100.0], [1.0, 2.0, 2.0]) == 1.5
    with pytest.raises(ValueError, match="yardstick"):
        ratio([1.0], [0.0])


def test_tables_say_what_is_over() -> None:
    figures = [
        Figure("start", 1.31, "×", 1.2, "a | b"),
        Figure("memory", 75.4, "MB", 80, "resident"),
        Figure("told", 3.0, "s", None, "no target"),
    ]
    assert [figure.ok for figure in figures] == [False, True, None]
    rows = markdown(figures).splitlines()
    assert rows[2] == "| start | 1.31 × | ≤ 1.2 × | **over** | a \\| b |"
    assert rows[3].startswith("| memory | 75.4 MB | ≤ 80 MB | ok |") and rows[4].startswith(
        "| told | 3 s |  |  |"
    )
    assert plain(figures).splitlines()[0].split() == ["start", "1.31", "×", "≤", "1.2", "×", "over"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1149, "0.115 ×"), (1.1849, "1.18 ×"), (43.21, "43.2 ×"), (1234.5, "1,234 ×"), (2.0, "2 ×")],
)
def test_an_amount_has_about_three_digits(value: float, text: str) -> None:
    assert amount(value, "×") == text


def test_a_fit_finds_the_odds_that_made_the_data() -> None:
    chance = np.random.default_rng(1)
    rows = chance.uniform(-1, 1, (20_000, 2))
    likely = predict(rows, np.array([-0.5, 2.0, -1.0]))
    outcomes = (chance.uniform(size=len(rows)) < likely).astype(float)
    weights = np.ones(len(rows))
    assert fit(rows, outcomes, weights) == pytest.approx([-0.5, 2.0, -1.0], abs=0.1)
    folds = np.arange(len(rows)) % 5
    held_out = cross_validated(rows, outcomes, weights, folds)
    assert brier(held_out, outcomes, weights) < brier(np.full(len(rows), outcomes.mean()), outcomes, weights)
    for _, count, predicted, observed in reliability(held_out, outcomes, weights):
        assert count < 200 or predicted == pytest.approx(observed, abs=0.06)


def test_what_can_be_told_apart_still_has_finite_odds() -> None:
    rows, outcomes = np.array([[0.0], [1.0]]), np.array([0.0, 1.0])
    assert np.isfinite(fit(rows, outcomes, np.ones(2))).all()


def test_a_hit_that_nobody_documented_counts_as_those_that_were_not_asked_for_and_have_a_docstring() -> None:
    def hit(words: float, *, exact: bool, relevant: bool | None, project: str = "p") -> Observation:
        return Observation("lexical", project, "q", 0.0, words, exact, relevant)

    known = [hit(0.5, exact=False, relevant=number % 4 == 0) for number in range(40)]
    asked = [hit(0.5, exact=True, relevant=True) for _ in range(60)]
    others = [hit(0.5, exact=False, relevant=None), hit(0.5, exact=False, relevant=False, project="")]
    seen = [*known, *asked, *others]
    outcomes = settled(seen, np.array([[one.words] for one in seen]))
    assert outcomes[-2] == pytest.approx(0.25, abs=0.01) and outcomes[-1] == 0.0
    assert outcomes[:40].sum() == 10 and outcomes[40:100].all()


def test_questions_come_from_docstrings_that_the_copy_no_longer_has(tmp_path: Path) -> None:
    source = tmp_path / "project"
    source.mkdir()
    (source / "app.py").write_text(
        '"""About the module."""\n\n\nclass Shop:\n    """Keeps what can be sold."""\n\n'
        '    def price(self, item):\n        """Find the price of one item. And more."""\n'
        "        return item.price\n\n"
        '    def stub(self):\n        """Does nothing at all yet."""\n'
    )
    (source / "test_app.py").write_text('def test_it():\n    """Is left out of it all."""\n')
    corpus = collect(source, tmp_path / "copy")
    assert [(pair.query, pair.qualname) for pair in corpus.pairs] == [
        ("Find the price of one item.", "Shop.price"),
        ("Does nothing at all yet.", "Shop.stub"),
    ]
    copied = (tmp_path / "copy" / "app.py").read_text()
    assert '"""' not in copied and "return item.price" in copied and len(copied.splitlines()) == 12
    compile(copied, "app.py", "exec")
    assert not (tmp_path / "copy" / "test_app.py").exists()
