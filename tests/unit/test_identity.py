"""Which pattern a unit is: the surest reason wins, one to one."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import unit
from tui_patterns.engine import identity
from tui_patterns.extraction.fingerprint import similarity
from tui_patterns.models import Unit
from tui_patterns.store.candidates import Candidate


def candidate(
    pattern: int, one: Unit, *, gone: float | None = None, shingles: Sequence[int] | None = None
) -> Candidate:
    kept = one.shingles if shingles is None else tuple(shingles)
    return Candidate(pattern, one.path, one.qualname, one.structure_hash, kept, gone)


def decide(
    units: Sequence[Unit], candidates: Sequence[Candidate], elsewhere: dict[str, int] | None = None
) -> list[int | None]:
    """The pattern of each unit, in order; ``None`` is a new one."""
    groups = identity.classes(units)
    found = identity.assign(groups, elsewhere or {}, candidates, similarity)
    return [found.get(one.structure_hash) for one in units]


def test_units_of_one_structure_are_one_class() -> None:
    units = [unit("b", "z.py", body="same"), unit("a", "a.py", body="same"), unit("c", "a.py", line=9)]
    groups = identity.classes(units)
    assert [len(group.units) for group in groups] == [2, 1]
    assert groups[0].units[0].path == "a.py"


def test_an_edit_in_place_keeps_the_pattern_however_much_changed() -> None:
    assert decide([unit("load", body="new")], [candidate(1, unit("load", body="old"))]) == [1]


def test_a_move_is_known_by_structure_and_a_rename_by_likeness() -> None:
    shingles = tuple(range(100))
    edited = (*(one for one in shingles if one % 12), *range(500, 505))
    moved = unit("load", "other.py", body="same")
    renamed = unit("fetch", "other.py", body="edited", shingles=edited)
    old = [
        candidate(1, unit("load", body="same")),
        candidate(2, unit("get", body="old", line=9), shingles=shingles),
    ]
    assert decide([moved, renamed], old) == [1, 2]


def test_half_alike_is_enough_only_under_the_same_name() -> None:
    old = unit("load", body="old", shingles=tuple(range(100)))
    half = tuple(range(30, 100))
    assert decide([unit("load", "x.py", body="n", shingles=half)], [candidate(1, old)]) == [1]
    assert decide([unit("other", "x.py", body="n", shingles=half)], [candidate(1, old)]) == [None]


def test_what_stands_elsewhere_already_is_that_pattern() -> None:
    copy = unit("load", body="copied")
    assert decide([copy], [candidate(1, unit("load", body="old"))], {copy.structure_hash: 7}) == [7]


def test_a_tie_goes_to_the_pattern_that_was_on_disk() -> None:
    same = unit("load", "new.py", body="same")
    ghost = candidate(1, unit("load", "old.py", body="same"), gone=5.0)
    live = candidate(2, unit("load", "app.py", body="same"))
    assert decide([same], [ghost, live]) == [2]


def test_swapped_names_stay_with_their_places() -> None:
    old = [candidate(1, unit("a", body="one")), candidate(2, unit("b", body="two", line=9))]
    assert decide([unit("a", body="two"), unit("b", body="one", line=9)], old) == [1, 2]


def test_a_young_copy_is_the_successor_of_what_vanished() -> None:
    lost = candidate(1, unit("load", body="x", shingles=tuple(range(100))))
    near = candidate(2, unit("load", "b.py", body="y", shingles=tuple(range(10, 105))))
    nearer = candidate(3, unit("load", "c.py", body="z", shingles=tuple(range(2, 101))))
    far = candidate(4, unit("load", "d.py", body="w", shingles=tuple(range(900, 990))))
    found = identity.successor(lost, [near, nearer, far], similarity)
    assert found is not None and found.pattern == 3
    assert identity.successor(lost, [far, lost], similarity) is None


UNITS = st.lists(
    st.builds(
        unit,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["x.py", "y.py"]),
        line=st.integers(1, 50),
        body=st.sampled_from(["one", "two", "three", "four"]),
        shingles=st.sampled_from([tuple(range(k, k + 40)) for k in (0, 4, 200)]),
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(old=UNITS, new=UNITS)
def test_no_pattern_is_given_to_two_structures(old: list[Unit], new: list[Unit]) -> None:
    candidates = [candidate(number, one) for number, one in enumerate(old)]
    groups = identity.classes(new)
    decided = identity.assign(groups, {}, candidates, similarity)
    assert len(set(decided.values())) == len(decided)
    assert set(decided) <= {group.structure_hash for group in groups}
    # What is unchanged is never given away to another.
    known = {(one.path, one.qualname, one.structure_hash) for one in candidates}
    for one in new:
        if (one.path, one.qualname, one.structure_hash) in known:
            assert one.structure_hash in decided
