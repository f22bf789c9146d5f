"""Experiments: sticky arms in blocks, a test that may be looked at any time, lift only with enough data."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning.experiments import (
    EProcess,
    Trial,
    assigned,
    expected_sessions,
    first_results,
    held_out,
    judge,
    winner,
)
from tui_patterns.learning.lift import LEAST, lift, wilson


def trials(rng: Random, a: float, b: float, count: int) -> list[Trial]:
    return [Trial("ab"[i % 2], rng.random() < (a, b)[i % 2]) for i in range(count)]


@given(st.text(max_size=20), st.integers(0, 500))
def test_every_block_holds_each_arm_once(experiment: str, block: int) -> None:
    assert {assigned(experiment, 2 * block), assigned(experiment, 2 * block + 1)} == {"a", "b"}
    assert assigned(experiment, block) == assigned(experiment, block)


def test_the_order_within_blocks_varies() -> None:
    firsts = Counter(assigned("7", 2 * block) for block in range(200))
    assert 60 < firsts["a"] < 140


def test_the_e_process_is_an_e_process() -> None:
    """Under one common rate the next block's factor has expectation 1 at most, whatever came before."""
    rng = Random(4)
    for _ in range(50):
        process = EProcess()
        for _ in range(rng.randrange(12)):
            process.add(rng.random() < 0.5, rng.random() < 0.5)
        before, successes, blocks = process.log_e, list(process.successes), process.blocks
        for rate in (0.1, 0.5, 0.9):
            mean = 0.0
            for a in (False, True):
                for b in (False, True):
                    copy = EProcess()
                    copy.log_e, copy.successes, copy.blocks = before, list(successes), blocks
                    copy.add(a, b)
                    chance = (rate if a else 1 - rate) * (rate if b else 1 - rate)
                    mean += chance * 2.718281828459045 ** (copy.log_e - before)
            assert mean <= 1.0 + 1e-9


def test_equal_arms_seldom_have_a_winner_and_different_ones_do() -> None:
    rng = Random(11)
    false = sum(winner(trials(rng, rate, rate, 400)) is not None for rate in [0.4, 0.7, 0.9] * 100)
    assert false <= 15, "5 % of 300"
    found = Counter(winner(trials(rng, 0.5, 0.8, 300)) for _ in range(60))
    assert found["b"] >= 50 and found["a"] == 0


def test_a_winner_stays_the_winner_and_few_results_name_none() -> None:
    won = trials(Random(1), 0.05, 0.95, 80)
    assert judge(won).winner == "b"
    after = judge([*won, *trials(Random(2), 0.95, 0.05, 400)])
    assert after.winner == "b" and after.peak >= after.e
    few = judge([Trial("a", True), Trial("a", True), Trial("b", False)])
    assert few.winner is None and few.blocks == 1 and few.counts == {"a": (2, 2), "b": (1, 0)}
    assert judge([]).counts == {"a": (0, 0), "b": (0, 0)}


def test_a_session_is_one_trial() -> None:
    rows = [("s", "a", False), ("s", "a", True), ("t", "b", True)]
    assert first_results(rows) == [Trial("a", False), Trial("b", True)]


def test_expected_sessions_are_those_it_takes() -> None:
    large, small = expected_sessions(0.5, 0.4), expected_sessions(0.5, 0.2)
    assert large is not None and small is not None and large[0] < small[0] and large[0] <= large[1]
    assert expected_sessions(0.5, 0.01) is None
    stricter = expected_sessions(0.5, 0.4, 60.0)
    assert stricter is not None and stricter[0] > large[0]
    with pytest.raises(ValueError, match="no two rates"):
        expected_sessions(0.9, 0.2)


def test_the_holdout_is_sticky_and_of_the_size_asked_for() -> None:
    sessions = [f"session {number}" for number in range(4000)]
    out = {one for one in sessions if held_out(one, 0.1)}
    assert 320 <= len(out) <= 480 and out == {one for one in sessions if held_out(one, 0.1)}
    assert out <= {one for one in sessions if held_out(one, 0.2)}, "a larger share adds to a smaller"
    assert not any(held_out(one, 0.0) for one in sessions) and all(held_out(one, 1.0) for one in sessions)


def test_lift_needs_data_and_its_interval_holds_the_truth() -> None:
    few = lift((LEAST - 1, 5), (100, 50))
    assert (few.difference, few.low, few.high, few.enough) == (None, None, None, False)
    rng, inside = Random(3), 0
    for _ in range(400):
        treated, control = (sum(rng.random() < rate for _ in range(60)) for rate in (0.8, 0.6))
        found = lift((60, treated), (60, control))
        assert found.low is not None and found.high is not None
        inside += found.low <= 0.2 <= found.high
    assert 0.86 <= inside / 400 <= 0.95
    with pytest.raises(ValueError, match="successes"):
        lift((3, 4), (5, 1))


@given(st.integers(1, 500), st.data())
def test_wilson_is_an_interval(seen: int, data: st.DataObject) -> None:
    rate, low, high = wilson(seen, data.draw(st.integers(0, seen)))
    assert -1e-12 <= low <= rate <= high <= 1.0 + 1e-12
