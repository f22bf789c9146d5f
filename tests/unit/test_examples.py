"""An example is told apart by how it looks, and a contract is read for what it says."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.api import PatternLibrary, search_example
from tui_patterns.models import SearchResult
from tui_patterns.search.contract import said
from tui_patterns.search.example import example_of

CONTRACT = {
    "version": 2,
    "inputs": [{"path": "where it lies"}],
    "name": "load_settings",
    "description": "Reads settings from a file.",
}
YAML = "# how\nname: load_settings\ndescription: >\n  Reads settings from a file.\ninputs:\n  - path: str\n"


class Library:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        def ask(text: str, *rest: Any, **named: Any) -> Any:
            self.asked.append((name, text))
            return SearchResult(text, "lexical", None, ()) if name == "search" else []

        return ask


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("def fold(text): ...", "search_code"),
        ("x = 1\ny = f(x)\n", "search_code"),
        ("Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nKeyError: 'a'", "search_error"),
        ("ValueError: no such width", "search_error"),
        (json.dumps(CONTRACT), "search"),
        (YAML, "search"),
        ("@dataclass\nclass A:\n    x: int\n    y: str\n", "search_code"),
        ("{not json", "search_code"),
        ("\x00", "search_code"),
    ],
)
def test_what_an_example_is_decides_how_it_is_asked(text: str, asked: str) -> None:
    library = Library()
    search_example(cast(PatternLibrary, library), text, 3)
    assert library.asked[-1][0] == asked


def test_a_contract_says_its_name_and_description_first() -> None:
    for text in (json.dumps(CONTRACT), YAML):
        found = said(text) or ""
        assert found.startswith("load_settings") and "path" in found and "Reads settings" in found
    assert len(said(json.dumps({"name": "x" * 90_000})) or "") == 1_000
    assert said("[1, 2]") is said("{}") is said("") is None


def test_a_contract_of_any_depth_is_read_or_left() -> None:
    assert said('{"a":' * 40_000 + "1" + "}" * 40_000) is None
    assert said('{"a":' * 30 + '"deep"' + "}" * 30) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = said(text)
    assert found is None or 0 < len(found) <= 1_000


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("def fold(text):\n    return text\n", "code"),
        ("    delay *= 2\n    await sleep(delay)\n", "code"),  # from within a function
        ("ValueError: no such width", "error"),
        (json.dumps(CONTRACT), "words"),
        ("retry\nbackoff\n", None),
        ("retry a request\nwith backoff", None),
        ("fetch(url)", None),  # one line is searched for as it stands
        ("(" * 5_000 + "\n", None),
        ("x" * 200_000 + "\ny", None),
    ],
)
def test_code_errors_and_contracts_are_told_from_words(text: str, kind: str | None) -> None:
    found = example_of(text)
    assert (found.kind if found else None) == kind


@given(st.text(max_size=200))
def test_any_text_is_an_example_or_words(text: str) -> None:
    found = example_of(text)
    assert found is None or found.text
