"""Names that glue words together."""

from __future__ import annotations

import pytest

from tui_patterns.embedding.compounds import parts_of_compound


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("getitem", ("get", "item")),
        ("todict", ("to", "dict")),
        ("filename", ("file", "name")),
        ("startswith", ("starts", "with")),
        ("readlines", ("read", "lines")),
    ],
)
def test_what_was_put_together_is_taken_apart(word: str, parts: tuple[str, ...]) -> None:
    assert parts_of_compound(word) == parts


@pytest.mark.parametrize(
    "word",
    ["", "to", "set", "item", "reset", "setting", "island", "issue", "today", "listen", "getter", "append"],
)
def test_one_word_stays_whole(word: str) -> None:
    assert parts_of_compound(word) == ()
