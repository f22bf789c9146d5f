"""Packed texts come back as they were, whatever they are."""

from __future__ import annotations

import hashlib
import zlib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.store.packing import BEGINS, beginnings, pack, pack_words, unpack, unpack_words

CODE = "def load(path: Path) -> str:\n    with path.open() as file:\n        return file.read()\n"
FOREIGN = st.text(st.one_of(st.characters(), st.integers(0xD800, 0xDFFF).map(chr)))


@given(st.lists(st.one_of(st.none(), FOREIGN), min_size=1))
def test_texts_come_back_as_they_were(texts: list[str | None]) -> None:
    assert list(unpack(pack(*texts))) == texts


@given(st.lists(st.text(st.characters(exclude_characters="\n")), min_size=1))
def test_words_come_back_as_they_were(fields: list[str]) -> None:
    packed = pack_words(*fields)
    assert unpack_words(packed) == fields
    for damaged in (b"\xff" + packed, packed[:-1]):
        with pytest.raises(ValueError):
            unpack_words(damaged)


def test_stems_that_all_projects_have_cost_little() -> None:
    stems = "return valu of function with path nam"
    assert len(pack_words(stems)) < 0.7 * len(zlib.compress(stems.encode(), wbits=-15))


def test_code_is_packed_to_little_and_noise_to_no_more_than_it_is() -> None:
    assert len(pack(CODE, None, "", "{}")) < 0.75 * len(CODE)
    noise = hashlib.sha256(b"noise").hexdigest()
    assert len(pack(noise)) <= len(noise) + 4


@pytest.mark.parametrize(
    ("name", "digest"), [("packing-1.txt", "18ac2e39f1e3e84d"), ("words-1.txt", "ef4556bcde5421a8")]
)
def test_the_dictionaries_are_part_of_the_format(name: str, digest: str) -> None:
    given = files("tui_patterns.store").joinpath(name).read_bytes()
    assert hashlib.sha256(given).hexdigest()[:16] == digest


@pytest.mark.parametrize("damaged", [b"", b"\1", b"\7abc", b"\1\xff\xff\xff", b"\0no length"])
def test_what_is_damaged_is_said_to_be(damaged: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(damaged)


def test_beginnings_are_of_every_word_and_no_longer_than_they_are_looked_up() -> None:
    found = beginnings("wrap wrap_text", "Öl")
    assert set(found.split()) == {BEGINS + one for one in ("w", "wr", "wra", "t", "te", "tex", "ö", "öl")}
