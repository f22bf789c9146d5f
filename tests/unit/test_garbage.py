"""When the app looks for garbage: in moments without keys, and not among what start-up made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tui_patterns.tui.garbage import DUE, LONG_RESTED_S, MIDDLING, OVERDUE, RESTED_S, WHOLE_S, YOUNG, Garbage


@dataclass
class World:
    """A clock that is set by hand, and a collector that only notes what it is told."""

    monkeypatch: pytest.MonkeyPatch
    now: float = 100.0
    due: int = 0
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("collect", "freeze", "unfreeze", "enable"):
            self.monkeypatch.setattr(gc, name, lambda name=name: self.told.append(name))
        self.monkeypatch.setattr(gc, "set_threshold", lambda *_: self.told.append("threshold"))
        self.monkeypatch.setattr(gc, "get_count", lambda: (0, 0, self.due))

    def looked(self, at: Garbage) -> list[str]:
        """What a look has the collector do."""
        self.told.clear()
        at.look()
        return self.told


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


@pytest.fixture
def kept(world: World) -> Garbage:
    return Garbage(lambda: world.now)


@pytest.fixture
def thresholds() -> Iterator[None]:
    before, enabled = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*before)
    gc.enable() if enabled else gc.disable()
    gc.unfreeze()


def test_what_start_up_made_is_set_aside(world: World, kept: Garbage) -> None:
    kept.begin()
    assert world.told == ["enable", "threshold", "collect", "freeze"]


def test_between_keys_nothing_is_collected(world: World, kept: Garbage) -> None:
    world.due = OVERDUE - 1
    for _ in range(20):
        kept.touched()
        world.now += RESTED_S / 10
        assert not world.looked(kept)


def test_in_a_moment_without_keys_what_is_new_is_collected(world: World, kept: Garbage) -> None:
    kept.touched()
    world.now, world.due = world.now + RESTED_S, DUE
    assert world.looked(kept) == ["collect"]


def test_a_rest_in_which_nothing_was_made_is_left_alone(world: World, kept: Garbage) -> None:
    kept.touched()
    world.now, world.due = world.now + RESTED_S, DUE - 1
    assert not world.looked(kept)


def test_keys_without_end_do_not_put_it_off_for_ever(world: World, kept: Garbage) -> None:
    kept.touched()
    world.due = OVERDUE
    assert world.looked(kept) == ["collect"]


def test_after_a_long_rest_everything_is_looked_at_once(world: World, kept: Garbage) -> None:
    kept.touched()
    world.now += max(WHOLE_S, LONG_RESTED_S)
    assert world.looked(kept) == ["unfreeze", "collect", "freeze"]
    world.now += LONG_RESTED_S
    assert not world.looked(kept)


def test_no_full_collection_runs_by_itself(thresholds: None) -> None:
    Garbage().begin()
    full = gc.get_stats()[2]["collections"]
    kept = [[number] for number in range(400_000)]
    assert len(kept) // YOUNG // MIDDLING >= 20  # so many of the middling: more than the default of 10
    assert gc.get_stats()[2]["collections"] == full
