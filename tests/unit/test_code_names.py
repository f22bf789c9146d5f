"""Names in code that tell what it is for, told from its text alone."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.embedding.code_names import called_names, value_names

CODE = """
@cached(size=3)
def split(self, text, *, width=80):
    lines, self._rest = [], text
    lines[0] += strip(text)
    wide: int = cell_len(text, size=width)
    for at, (line, end) in enumerate(pairs):
        with open(line) as file:
            if found := file.read():
                return self.cells.first
    return wide == width
"""


def test_names_of_values_are_what_is_bound_and_what_is_returned() -> None:
    assert value_names(CODE) == [
        "lines", "_rest", "wide", "at", "line", "end", "file", "found", "first",
    ]  # fmt: skip


def test_keyword_arguments_comparisons_and_defaults_bind_nothing() -> None:
    assert value_names("def f(a=1, *, b: int = 2):\n    g(\n        c=3,\n    )\n    if d == 4: pass") == []
    assert value_names("self = cls = None\nreturn None") == []


def test_called_names_are_not_what_is_defined() -> None:
    assert called_names(CODE) == ["cached", "strip", "cell_len", "enumerate", "open", "read"]
    assert called_names("class A(B):\n    def f(self):\n        super().f()") == ["super", "f"]


@given(names=st.lists(st.from_regex(r"[a-z]{2,8}(_[a-z]{2,5})?", fullmatch=True), max_size=5))
def test_every_plain_assignment_is_met(names: list[str]) -> None:
    code = "\n".join(f"{name} = 1" for name in names)
    try:
        ast.parse(code)
    except SyntaxError:  # a keyword
        return
    assert value_names(code) == list(dict.fromkeys(names))


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(value_names(text) + called_names(text), list)
