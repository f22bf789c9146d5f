"""Numbers come back as they were, those of vectors nearly so."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.store.numbers import (
    halve,
    merge,
    pack_hashes,
    pack_keys,
    pack_refs,
    shrink,
    shrink_half,
    signed,
    size,
    unpack_hashes,
    unpack_keys,
    unpack_refs,
    widen,
    widened,
    without,
)

LOWS = st.sets(st.integers(0, 255))
VECTORS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=400).filter(any)


def vector(numbers: list[float]) -> bytes:
    return array("f", numbers).tobytes()


def like_a_models(seed: int) -> list[float]:
    drawn = random.Random(seed)
    numbers = [drawn.gauss(0, 1) for _ in range(384)]
    length = math.hypot(*numbers)
    return [one / length for one in numbers]


@given(VECTORS)
def test_no_number_moves_by_more_than_its_share_of_a_step(numbers: list[float]) -> None:
    if (most := max(map(abs, numbers))) < 1e-30:
        return
    small = shrink(vector(numbers))
    back = array("f", widen(small))
    assert len(small) == size(len(numbers)) == 4 + len(numbers)
    assert math.hypot(*back) == pytest.approx(math.hypot(*numbers), rel=1e-5), "it is as long as it was"
    stretch = math.hypot(*back) / math.hypot(*(round(one / most * 127) * most / 127 for one in numbers))
    for old, new in zip(numbers, back, strict=True):
        assert abs(old * stretch - new) <= stretch * most * 0.502 / 127
    assert array("b", shrink(widen(small))[4:]) == array("b", small[4:]), "once is as good as twice"


def test_a_cosine_of_a_models_vectors_moves_by_less_than_a_two_hundredth() -> None:
    made = [like_a_models(seed) for seed in range(20)]
    back = [array("f", widen(shrink(vector(one)))) for one in made]
    for one, new in zip(made, back, strict=True):
        assert sum(a * b for a, b in zip(one, new, strict=True)) > 0.9998
        for other, other_new in zip(made, back, strict=True):
            told, kept = (
                sum(a * b for a, b in zip(*pair, strict=True)) for pair in ((one, other), (new, other_new))
            )
            assert abs(told - kept) < 0.005


def test_what_was_of_half_precision_becomes_the_same() -> None:
    numbers = vector(like_a_models(1))
    half = array("b", shrink_half(halve(numbers))[4:])
    assert all(abs(a - b) <= 1 for a, b in zip(half, array("b", shrink(numbers)[4:]), strict=True))
    assert array("f", widen(shrink_half(halve(vector([1e9, 0.0]))))).tolist() == [65504.0, 0.0]


@pytest.mark.parametrize("numbers", [[math.nan, 1.0], [math.inf, 1.0]])
def test_what_is_not_finite_stays_so(numbers: list[float]) -> None:
    assert all(map(math.isnan, array("f", widen(shrink(vector(numbers))))))


def test_nothing_stays_nothing() -> None:
    assert widen(shrink(vector([0.0, 0.0]))) == vector([0.0, 0.0])
    assert bytes(widened([])) == b""


def test_vectors_are_read_alike_with_and_without_numpy_one_by_one_or_together() -> None:
    small = [shrink(vector(like_a_models(seed))) for seed in range(3)]
    program = (
        "import sys; from tui_patterns.store.numbers import widen; "
        "sys.stdout.write(widen(bytes.fromhex(sys.argv[1])).hex()); assert 'numpy' not in sys.modules"
    )
    plain = subprocess.run([sys.executable, "-c", program, small[0].hex()], capture_output=True, check=True)
    import numpy as np

    joined = np.frombuffer(bytes(widened(small)), "<f4").reshape(3, -1)
    assert np.allclose(np.frombuffer(bytes.fromhex(plain.stdout.decode()), "<f4"), joined[0], rtol=1e-6)
    assert widen(small[2]) == joined[2].tobytes()
    with pytest.raises(ValueError):
        widened([small[0], small[1][:-1]])


@given(st.sets(st.integers(0, 2**24 - 1)))
def test_hashes_come_back_in_their_order(hashes: set[int]) -> None:
    packed = pack_hashes(sorted(hashes))
    assert unpack_hashes(packed) == tuple(sorted(hashes)) and len(packed) == 3 * len(hashes)


@given(st.dictionaries(st.integers(0, 2**40), st.sets(st.sampled_from("abcdipru"), min_size=1)))
def test_references_come_back_by_path(kinds: dict[int, set[str]]) -> None:
    told = {path: "".join(sorted(letters)) for path, letters in kinds.items()}
    assert unpack_refs(pack_refs(told)) == sorted(told.items())


def test_references_within_a_file_take_two_bytes_each() -> None:
    assert len(pack_refs(dict.fromkeys(range(900, 1000), "c"))) == 2 * 100 + 1


@given(st.sets(st.integers(0, 2**32 - 1).map(signed)), LOWS, LOWS)
def test_sets_of_numbers_stay_sets(keys: set[int], one: set[int], other: set[int]) -> None:
    assert set(unpack_keys(pack_keys(keys))) == keys
    both = merge(bytes(sorted(one)), bytes(sorted(other)))
    assert both == bytes(sorted(one | other))
    assert all(set(without(both, number)) == (one | other) - {number} for number in one)
