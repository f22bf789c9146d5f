"""The simulation: repeatable, played by the product's own choosing, and near its targets even when small."""

from __future__ import annotations

from random import Random

import pytest

from tui_patterns.learning.player import LIMITS, Player
from tui_patterns.learning.simulate import simulate
from tui_patterns.learning.worlds import make
from tui_patterns.prompts import builder


def test_the_same_seed_gives_the_same_figures() -> None:
    heard: list[tuple[int, int]] = []
    first = simulate(3, 60, 4, lambda done, count: heard.append((done, count)))
    assert first == simulate(3, 60, 4) and first != simulate(3, 60, 5)
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert (first.worlds, first.injections) == (3, 60)


def test_even_a_small_simulation_is_near_the_targets() -> None:
    found = simulate(12, 300, 9)
    assert 0.82 <= found.coverage90 <= 0.97 and found.intervals > 200
    assert found.regret_ratio <= 0.45 and 0.0 < found.regret < found.regret_random
    assert found.new_best_in_top3 >= 0.7
    assert found.false_winners <= 0.1


def test_the_figures_depend_on_the_products_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A product that ranked by failure would be found out."""
    good = simulate(3, 150, 2).regret_ratio
    monkeypatch.setattr(builder, "RECORD", -0.9)
    monkeypatch.setattr(builder, "LEAST_CHANCE", 0.1)
    assert simulate(3, 150, 2).regret_ratio > good + 0.15


def test_a_newcomer_is_truly_best_and_no_more_relevant_than_that_takes() -> None:
    for seed in range(30):
        world = make(Random(seed))
        best = max(truth.worth(0) for truth in world.patterns)
        new = world.newcomer(0)
        assert new.worth(0) > best
        assert new.relevance[0] <= max(LIMITS.min_relevance + 0.02, 1.06 * best / new.rate)


def test_fading_forgets_and_learning_moves_belief() -> None:
    world = make(Random(1))
    player = Player(world, LIMITS)
    before = player.believed(0)
    for _ in range(20):
        player.learn(0, success=True)
    assert player.believed(0).low > before.low and player.believed(0).n == 20.0
    player.decay(0.5)
    assert player.believed(0).n == 10.0 and player.believed(0).mean < 1.0


def test_no_worlds_are_refused() -> None:
    for worlds, injections in ((0, 5), (5, 0), (-1, 1)):
        with pytest.raises(ValueError, match="at least one"):
            simulate(worlds, injections)
