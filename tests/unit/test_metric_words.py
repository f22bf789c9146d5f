"""Figures in words: values with their unit and interval, and histories that fit their room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.api import Figure, figure_basis, figure_value, fitted, sparkline
from tui_patterns.learning.figures import BUCKETS, Asked, Period, history, mean

BARS = " ▁▂▃▄▅▆▇█"
values = st.none() | st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Figure("size", "t", "count", 1204.0, 3, "x"), "1,204"),
        (Figure("success", "t", "share", 0.7349, 12, "x", 0.51, 0.894), "73 % (51–89)"),
        (Figure("success", "t", "share", None, 0, "x"), "unknown"),
        (Figure("calls", "t", "share", None, 9, "x"), "not enough data"),
        (Figure("calls", "t", "share", -0.054, 40, "x"), "-5 %"),
        (Figure("lift", "t", "points", 0.12, 40, "x", -0.021, 0.22), "+12 pp (-2 to +22)"),
        (Figure("lift", "t", "points", -0.001, 40, "x", -0.2, 0.2), "0 pp (-20 to +20)"),
        (Figure("time", "t", "seconds", 42.2, 1, "x"), "42 s"),
        (Figure("time", "t", "seconds", 252.0, 1, "x"), "4.2 min"),
        (Figure("time", "t", "seconds", 5400.0, 1, "x"), "1.5 h"),
    ],
)
def test_a_value_has_its_unit_and_its_interval_or_is_not_known(figure: Figure, words: str) -> None:
    assert figure_value(figure) == words
    assert figure_basis(figure).startswith(f"n {figure.n:,} ")


@given(st.lists(values, max_size=40), st.integers(-1, 60))
def test_a_sparkline_fits_and_is_blank_just_where_nothing_is_known(
    series: list[float | None], width: int
) -> None:
    drawn = sparkline(series, width)
    assert len(drawn) <= max(width, 0) and set(drawn) <= set(BARS)
    if drawn and width >= len(series):
        assert [cell == " " for cell in drawn] == [value is None for value in series]
    assert bool(drawn) == (width > 0 and any(value is not None for value in series))


def test_bars_start_at_zero_so_that_a_small_change_looks_small() -> None:
    assert sparkline([100.0, 99.0, 0.0], 10) == "██▁"
    assert sparkline([-1.0, 0.0, 1.0], 10)[0] == "▁"


@given(st.lists(values, min_size=1, max_size=40), st.integers(1, 40))
def test_neighbours_are_drawn_together_without_losing_any(series: list[float | None], width: int) -> None:
    together = fitted(series, width)
    assert len(together) == min(len(series), width)
    known = [value for value in series if value is not None]
    means = [value for value in together if value is not None]
    assert bool(known) == bool(means)
    if known:
        assert min(known) - 1e-3 <= min(means) and max(means) <= max(known) + 1e-3


@given(st.lists(st.tuples(st.floats(-1e12, 1e12), st.floats(0, 1)), max_size=30), st.booleans())
def test_every_moment_is_in_the_history_wherever_the_clock_stood(
    moments: list[tuple[float, float]], whole: bool
) -> None:
    found = history(Asked(Period(0.0, 1e9), 0.0, whole=whole), moments, lambda part: float(len(part)))
    assert len(found["series"]) in (0, BUCKETS)
    assert sum(found["series"]) == len(moments)
    assert mean([]) is None
