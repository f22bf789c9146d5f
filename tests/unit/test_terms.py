"""Words as a search compares them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.terms import content, stem


@pytest.mark.parametrize(
    "forms",
    [
        ("wrap", "wraps", "wrapped", "wrapping", "wrapper"),
        ("parse", "parses", "parser", "parsing", "parsed"),
        ("connect", "connects", "connection", "connections", "connected"),
        ("query", "queries", "queried"),
        ("cache", "caches", "caching", "cached"),
    ],
)
def test_forms_of_a_word_are_one(forms: tuple[str, ...]) -> None:
    assert len(set(map(stem, forms))) == 1


def test_different_words_stay_apart() -> None:
    words = ["read", "red", "file", "fill", "text", "test", "get", "set", "sort", "store", "list", "last"]
    assert len(set(map(stem, words))) == len(words)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), max_size=20))
def test_a_stem_begins_its_word(word: str) -> None:
    assert word.startswith(stem(word))


def test_function_words_say_nothing_unless_they_are_all_there_is() -> None:
    assert content(["how", "to", "wrap", "a", "text"]) == ["wrap", "text"]
    assert content(["to", "be"]) == ["to", "be"]
    assert content([]) == []
