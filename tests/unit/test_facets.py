"""All facets together: no shift moves them, odd code does not break them, and none is there in vain."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.faceted import ALL, OPERATOR, facet, units
from tui_patterns.extraction import facets
from tui_patterns.extraction.python import extract_source


def test_a_facet_that_does_not_apply_is_absent() -> None:
    found = units("def add(a, b):\n    total = a + b\n    return total\n")["add"].facets
    assert list(found) == ["structural", "parameter_ordering"]


def test_only_kept_units_have_facets() -> None:
    parsed = extract_source(b"def f(a):\n    return a\n", "app.py")
    assert [(unit.reason is None, unit.facets) for unit in parsed.units] == [(False, {})]


def test_a_test_that_may_become_a_pattern_has_its_facets_already() -> None:
    source = (
        b"import pytest\n@pytest.mark.parametrize('a', [1, 2])\ndef test_f(a):\n    b = f(a)\n    assert b\n"
    )
    (unit,) = extract_source(source, "tests/test_app.py", ALL).units
    assert unit.reason == "test_not_known_to_pass"
    assert unit.facets["validation"]["checks"][0]["raises"] == "AssertionError"


@given(blank=st.integers(0, 40), indent=st.booleans())
def test_a_shift_changes_nothing(blank: int, indent: bool) -> None:
    text = dedent(OPERATOR)
    if indent:
        text = "if True:\n" + "\n".join("    " + line for line in text.split("\n"))
    moved = units("#\n" * blank + text)["Load"]
    assert moved.facets == units(OPERATOR)["Load"].facets


def test_the_order_of_facets_and_of_their_text_is_always_the_same() -> None:
    first, second = (json.dumps(units(OPERATOR)["Load"].facets) for _ in range(2))
    assert first == second
    assert list(json.loads(first)) == [name for name in facets.FACETS if name in json.loads(first)]


def test_lines_lie_within_the_unit() -> None:
    for unit in units(OPERATOR).values():
        assert all(0 <= line <= unit.end_line - unit.line for line in lines_in(unit.facets)), unit.qualname


def lines_in(value: Any) -> list[int]:
    """Every ``line`` anywhere in a facet."""
    if isinstance(value, dict):
        own = [value["line"]] if isinstance(value.get("line"), int) else []
        return own + [line for part in value.values() for line in lines_in(part)]
    return [line for part in value for line in lines_in(part)] if isinstance(value, list) else []


def test_a_facet_that_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(subject: Any) -> dict[str, Any]:
        raise RecursionError

    monkeypatch.setitem(facets.FACETS, "logging", broken)
    found = units(OPERATOR)["Load"].facets
    assert "logging" not in found
    assert "initialization" in found


@pytest.mark.parametrize(
    "source",
    [
        "def f(a=" + "[" + "1," * 5000 + "]" + "):\n    return a or 1\n",
        "def f(a='\\ud800', b=1e999, c=b'x', d=10**9, e=12345678901234567890):\n    return a or b\n",
        "def f(a):\n    größe = a or 'ü' * 3; raise ValueError(größe) if a else None\n",
        "def f(a):\n    if not ("
        + " and ".join(["a"] * 300)
        + "):\n        raise ValueError\n    return a\n",
        "def f(a):\n    try:\n        g()\n    except* ValueError as e:\n        raise\n",
        "def f(a):\n    match a:\n        case {1: 1, **b} if b: return a\n        case P(x=1): return 2\n",
        "class C:\n    if X:\n        def f(self, a={}): return a or self.b\n    x: int\n    y = z = 3\n",
    ],
    ids=[
        "enormous literal",
        "values JSON lacks",
        "not ASCII",
        "long condition",
        "except*",
        "match",
        "under if",
    ],
)
def test_odd_code_gives_plain_json_of_bounded_size(source: str) -> None:
    for unit in units(source).values():
        text = json.dumps(unit.facets, allow_nan=False, ensure_ascii=False)
        text.encode("utf-8")
        assert json.loads(text) == unit.facets
        assert len(text) < 4000
        assert "structural" in unit.facets


def test_text_of_code_that_is_not_ascii_is_cut_at_characters() -> None:
    found = facet("validation", "def f(ü):\n    if not ü:\n        raise ValueError('ß')\n    return ü\n")
    assert found["checks"][0]["expression"] == "not ü"
