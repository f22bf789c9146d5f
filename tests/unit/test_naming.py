"""Names in words: readable, three to seven words where the code offers them, never a file's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction.naming import MOST, readable_name
from tui_patterns.models import Kind


@pytest.mark.parametrize(
    ("qualname", "kind", "traits", "parameters", "name"),
    [
        ("fetch_user_with_retry", "function", ["async"], [], "Async Fetch User with Retry"),
        ("HTTPClientPool", "class", [], [], "HTTP Client Pool Class"),
        ("Console.print", "method", [], ["text"], "Console Print Method"),
        ("Cache.get_or_compute", "method", [], [], "Get or Compute"),
        ("wrap", "function", [], ["text", "width"], "Wrap Text Function"),
        ("Pool.__init__", "method", [], ["size"], "Pool Initializer Method"),
        ("Lock.__aenter__", "method", ["async"], [], "Async Lock Context Entry"),
        ("parseXMLFile2", "function", [], [], "Parse XML File 2"),
        ("Settings", "class", ["dataclass"], [], "Settings Dataclass"),
        ("user_id", "method", ["property"], [], "User ID Property"),
        ("opened", "function", ["context-manager"], ["path"], "Opened Context Manager"),
        ("Outer.Inner.on_click", "method", ["async"], [], "Async on Click"),
        ("_", "function", [], [], "Anonymous Function"),
        ("größe_messen_und_merken", "function", [], [], "Größe Messen Und Merken"),
        ("LOAD_ALL_DATA", "function", [], [], "Load All Data"),
    ],
)
def test_names_read_like_titles(
    qualname: str, kind: Kind, traits: list[str], parameters: list[str], name: str
) -> None:
    assert readable_name(qualname, kind, traits, parameters) == name


@given(
    st.text(max_size=60),
    st.sampled_from(["function", "method", "class"]),
    st.lists(st.text(max_size=9), max_size=3),
)
def test_every_unit_gets_a_short_name_on_one_line(qualname: str, kind: Kind, parameters: list[str]) -> None:
    name = readable_name(qualname, kind, (), parameters)
    assert name
    assert "\n" not in name
    assert len(name.split()) <= MOST + 1
