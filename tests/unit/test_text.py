"""Foreign text can neither command a terminal, nor hide from a reader, nor leave its fence."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.text import clean, clean_line, fence

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\x1b\x9b\x9d\x90\x07\x9c[]P^_\\;0123456789mHJ?`~\r\n\t \u202e\u2066\u200b\u061c"),
        st.characters(),
        st.integers(0xD800, 0xDFFF).map(chr),
    )
)
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff]")


@given(HOSTILE)
def test_clean_leaves_nothing_a_terminal_obeys(text: str) -> None:
    cleaned = clean(text)
    assert not FORBIDDEN.search(cleaned)
    cleaned.encode("utf-8")


@given(HOSTILE)
def test_clean_leaves_no_format_characters(text: str) -> None:
    # Prepended marks of a few scripts (U+0600 ...) are of category Cf and visible.
    left = {char for char in clean(text) if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert not left - {"\n", "\t"} - {char for char in left if unicodedata.name(char, "").startswith(VISIBLE)}


VISIBLE = ("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN", "SHORTHAND", "MUSICAL")


@given(HOSTILE)
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(HOSTILE)
def test_clean_keeps_line_numbers(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert clean(text).count("\n") == lines


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_clean_keeps_ordinary_text(text: str) -> None:
    assert clean(text) == text


@given(HOSTILE, st.one_of(st.none(), st.integers(0, 40)))
def test_clean_line_is_one_line_within_its_limit(text: str, limit: int | None) -> None:
    line = clean_line(text, limit)
    assert not FORBIDDEN.search(line)
    assert "\n" not in line and "\t" not in line
    assert limit is None or len(line) <= limit
    assert clean_line(line, limit) == line


@given(HOSTILE, st.text(max_size=12))
def test_no_code_breaks_out_of_its_fence(code: str, language: str) -> None:
    first, *body, last = fence(code, language).split("\n")
    ticks = len(last)
    assert last == "`" * ticks and ticks >= 3
    assert re.fullmatch(rf"`{{{ticks}}}[^`\s]*", first)
    assert not [line for line in body if "`" * ticks in line]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "a\ufffdred\ufffd"),
        ("\x1b]52;c;cm0gLXJm\x07x", "\ufffdx"),
        ("\x1b]0;title\x1b\\x", "\ufffdx"),
        ("\x1bP+q544e\x1b\\x", "\ufffdx"),
        ("\x9b2Jx", "\ufffdx"),
        ("\x1b]unfinished\nnext line", "\ufffd\nnext line"),
        ("if admin\u202e # \u2066check", "if admin\ufffd # \ufffdcheck"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\tkept", "tab\tkept"),
        ("\udcff", "\ufffd"),
    ],
)
def test_clean_by_example(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_fence_is_longer_than_the_backticks_inside() -> None:
    assert fence("a = '````'\n").startswith("`````python\n")
    assert fence("x", "c++`\nrm") == "```c++rm\nx\n```"
