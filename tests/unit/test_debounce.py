"""Batches wait for quiet, never longer than the maximum wait, and lose nothing."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.engine.debounce import Changes, Debouncer, common_folder


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def debouncer(max_paths: int = 1000) -> tuple[Debouncer, Clock]:
    clock = Clock()
    return Debouncer(0.1, 1.0, clock=clock, max_paths=max_paths), clock


def test_nothing_is_due_without_a_change() -> None:
    gathered, clock = debouncer()
    clock.now += 100
    assert gathered.due() is None
    assert gathered.take() is None
    assert gathered.take(early=True) is None


def test_a_batch_comes_after_a_moment_of_quiet() -> None:
    gathered, clock = debouncer()
    assert gathered.touch("a.py")
    clock.now += 0.09
    assert not gathered.touch("a.py")
    clock.now += 0.09
    assert gathered.take() is None
    clock.now += 0.02
    assert gathered.take() == Changes(frozenset({"a.py"}), frozenset(), settled=True)
    assert gathered.due() is None


def test_steady_writes_cannot_starve_a_batch() -> None:
    gathered, clock = debouncer()
    taken = []
    for _ in range(6000):  # every 10 ms for a minute
        gathered.touch("a.py")
        clock.now += 0.01
        changes = gathered.take()
        if changes is not None:
            taken.append(clock.now)
            assert not changes.settled
    waits = [later - earlier for earlier, later in pairwise(taken)]
    assert max(waits) < 1.05
    assert len(taken) >= 58


def test_a_burst_is_one_batch() -> None:
    gathered, clock = debouncer(max_paths=5000)
    for number in range(5000):
        gathered.touch(f"m{number}.py")
    clock.now += 0.11
    changes = gathered.take()
    assert changes is not None
    assert len(changes.paths) == 5000
    assert not changes.trees


def test_too_many_paths_become_a_look_at_everything() -> None:
    gathered, clock = debouncer(max_paths=3)
    for name in ("a", "b", "c", "a", "d"):
        gathered.touch(name)
    clock.now += 0.2
    assert gathered.take() == Changes(frozenset(), frozenset({""}), settled=True)


def test_folders_to_look_through_come_down_to_the_one_above_them() -> None:
    gathered, clock = debouncer()
    gathered.touch_tree("src/a/x")
    gathered.touch_tree("src/ab")
    gathered.touch("top.py")
    clock.now += 0.2
    changes = gathered.take()
    assert changes is not None
    assert changes.prefix == "src"
    assert changes.paths == {"top.py"}


def test_an_unsettled_batch_is_followed_by_one_that_is_settled() -> None:
    gathered, clock = debouncer()
    gathered.touch("a.py")
    gathered.add_tree("src")
    assert gathered.take(early=True) == Changes(frozenset({"a.py"}), frozenset({"src"}), settled=False)
    assert gathered.take() is None
    clock.now += 0.11
    assert gathered.take() == Changes(frozenset(), frozenset(), settled=True)
    assert gathered.due() is None


names = st.text("ab", min_size=1, max_size=2)
events = st.lists(st.tuples(names, st.floats(0, 0.4), st.booleans()), max_size=60)


@given(events, st.integers(1, 6))
def test_every_change_comes_out_in_time(changes: list[tuple[str, float, bool]], max_paths: int) -> None:
    gathered, clock = debouncer(max_paths)
    waiting: dict[str, float] = {}
    for name, pause, is_tree in [*changes, ("last", 2.0, False)]:
        waiting.setdefault(name, clock.now)
        if is_tree:
            gathered.touch_tree(name)
        else:
            gathered.touch(name)
        until = clock.now + pause
        while (due := gathered.due()) is not None and due <= until:
            clock.now = max(clock.now, due)
            taken = gathered.take()
            assert taken is not None
            for seen in list(waiting):
                if seen in taken.paths or seen in taken.trees or "" in taken.trees:
                    assert clock.now - waiting.pop(seen) <= 1.0 + 1e-6
        clock.now = until
    assert not waiting


folders = st.lists(st.lists(names, max_size=4).map("/".join), min_size=1, max_size=5)


@given(folders)
def test_the_common_folder_holds_all_and_is_the_deepest(names: list[str]) -> None:
    common = common_folder(names)
    parts = [name.split("/") if name else [] for name in names]
    depth = len(common.split("/")) if common else 0
    assert all(part[:depth] == (common.split("/") if common else []) for part in parts)
    deeper = {tuple(part[: depth + 1]) for part in parts}
    assert len(deeper) > 1 or any(len(part) == depth for part in parts)
