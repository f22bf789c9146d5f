"""Rate and remaining time are those of the work itself: unknown at first, and pauses are no slowness."""

from __future__ import annotations

import pytest

from tui_patterns.engine.pace import SPAN_S, Pace


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_even_pace_is_told_exactly() -> None:
    clock = Clock()
    pace = Pace(clock)
    for done in range(0, 500, 10):
        pace.note(done)
        clock.now += 0.1
    assert pace.rate == pytest.approx(100.0)
    assert pace.remaining_s(250) == pytest.approx(2.5)


def test_unknown_at_first_and_where_nothing_grows() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.rate is None and pace.remaining_s(5) is None
    pace.note(0)
    clock.now += 0.1
    pace.note(50)
    assert pace.rate is None, "a tenth of a second says nothing"
    clock.now += 9
    pace = Pace(clock)
    pace.note(7)
    clock.now += 9
    pace.note(7)
    assert pace.rate is None


def test_only_the_last_seconds_count() -> None:
    clock = Clock()
    pace = Pace(clock)
    for second in range(100):
        pace.note(second * 10 if second < 50 else 500 + (second - 50) * 100)
        clock.now += 1
    assert pace.rate == pytest.approx(100.0)
    assert SPAN_S < 50


def test_a_pause_begins_anew() -> None:
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.now += 1000
    pace.rest()
    pace.note(10)
    clock.now += 1
    pace.note(60)
    assert pace.rate == pytest.approx(50.0)
