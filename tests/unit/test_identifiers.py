"""Identifiers and free text give the same words, however they are written."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.embedding.identifiers import split_identifier, words

NAMES = st.text(string.ascii_letters + string.digits + "_", max_size=40)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parseHTTPResponse_v2", ["parse", "http", "response", "v2"]),
        ("snake_case_name", ["snake", "case", "name"]),
        ("SCREAMING_SNAKE", ["screaming", "snake"]),
        ("__init__", ["init"]),
        ("getUserIDs", ["get", "user", "ids"]),
        ("URLs", ["urls"]),
        ("sha256sum", ["sha256", "sum"]),
        ("HTTP2Server", ["http2", "server"]),
        ("X", ["x"]),
        ("3d", ["3", "d"]),
        ("Console.print_json", ["console", "print", "json"]),
        ("größeÄndern", ["größe", "ändern"]),
        ("折り返す_width", ["折り返す", "width"]),
        ("", []),
        ("___", []),
    ],
)
def test_split_identifier(name: str, expected: list[str]) -> None:
    assert split_identifier(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wrap text to a given width.", ["wrap", "text", "to", "a", "given", "width"]),
        ("don't use parseXML; it's slow", ["do", "use", "parse", "xml", "it", "slow"]),
        ("the user’s `file_path`", ["the", "user", "file", "path"]),
    ],
)
def test_words_of_free_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(NAMES)
def test_no_letter_or_digit_of_an_identifier_is_lost(name: str) -> None:
    assert "".join(split_identifier(name)) == name.replace("_", "").lower()


@given(NAMES)
def test_a_word_splits_no_further(name: str) -> None:
    for word in split_identifier(name):
        assert "".join(split_identifier(word)) == word


@given(st.text())
def test_any_text_gives_plain_lower_case_words(text: str) -> None:
    for word in words(text):
        assert word
        assert word == word.lower()
        assert not set(word) & set(" \t\n_.-'\"\x1b")
