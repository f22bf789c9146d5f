"""Packed texts come back as they were, whatever they are; numbers in half precision nearly so."""

from __future__ import annotations

import hashlib
import math
from array import array
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.store.packing import (
    BEGINS,
    beginnings,
    halve,
    merge,
    pack,
    pack_keys,
    pack_lines,
    unpack,
    unpack_keys,
    unpack_lines,
    widen,
)

CODE = "def load(path: Path) -> str:\n    with path.open() as file:\n        return file.read()\n"
FOREIGN = st.text(st.one_of(st.characters(), st.integers(0xD800, 0xDFFF).map(chr)))


@given(st.lists(st.one_of(st.none(), FOREIGN), min_size=1))
def test_texts_come_back_as_they_were(texts: list[str | None]) -> None:
    assert list(unpack(pack(*texts))) == texts


@given(st.lists(st.text(st.characters(exclude_characters="\n")), min_size=1))
def test_lines_come_back_as_they_were(lines: list[str]) -> None:
    assert unpack_lines(pack_lines(*lines)) == lines
    with pytest.raises(ValueError):
        unpack_lines(b"\xff" + pack_lines(*lines))


def test_code_is_packed_to_little_and_noise_to_no_more_than_it_is() -> None:
    assert len(pack(CODE, None, "", "{}")) < 0.75 * len(CODE)
    noise = hashlib.sha256(b"noise").hexdigest()
    assert len(pack(noise)) <= len(noise) + 4


def test_the_dictionary_is_part_of_the_format() -> None:
    given = files("tui_patterns.store").joinpath("packing-1.txt").read_bytes()
    assert hashlib.sha256(given).hexdigest()[:16] == "18ac2e39f1e3e84d"


@pytest.mark.parametrize("damaged", [b"", b"\1", b"\7abc", b"\1\xff\xff\xff", b"\0no length"])
def test_what_is_damaged_is_said_to_be(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(damaged)


@given(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=400).filter(any))
def test_half_precision_moves_a_cosine_by_less_than_a_two_thousandth(numbers: list[float]) -> None:
    length = math.sqrt(sum(one * one for one in numbers))
    if length < 1e-6:
        return
    unit = array("f", (one / length for one in numbers))
    back = array("f", widen(halve(unit.tobytes())))
    assert abs(sum(a * b for a, b in zip(unit, back, strict=True)) - 1.0) < 0.0005
    assert len(halve(unit.tobytes())) == 2 * len(numbers)
    assert halve(back.tobytes()) == halve(unit.tobytes()), "once is as good as twice"


def test_no_number_is_too_large() -> None:
    assert array("f", widen(halve(array("f", [1e9, -1e9]).tobytes()))).tolist() == [65504.0, -65504.0]


def test_beginnings_are_of_every_word_and_no_longer_than_they_are_looked_up() -> None:
    found = beginnings("wrap wrap_text", "Öl")
    assert set(found.split()) == {BEGINS + one for one in ("w", "wr", "wra", "t", "te", "tex", "ö", "öl")}


@given(st.sets(st.integers(0, 2**32 - 1)), st.sets(st.integers(0, 255)), st.sets(st.integers(0, 255)))
def test_sets_of_numbers_stay_sets(keys: set[int], one: set[int], other: set[int]) -> None:
    assert set(unpack_keys(pack_keys(keys))) == keys
    assert merge(bytes(sorted(one)), bytes(sorted(other))) == bytes(sorted(one | other))
