"""Quality: the formula, and that what is not known is never counted as zero."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction import quality
from tui_patterns.extraction.complexity import UnitNode
from tui_patterns.models import Quality

PARTS = st.fixed_dictionaries({name: st.none() | st.floats(0, 1) for name in quality.WEIGHTS})


def node(source: str) -> UnitNode:
    found = ast.parse(source).body[0]
    assert isinstance(found, UnitNode)
    return found


@given(PARTS)
def test_overall_lies_between_the_least_and_the_greatest_known_part(parts: dict[str, float | None]) -> None:
    known = [value for value in parts.values() if value is not None]
    result = quality.overall(parts)
    if not known:
        assert result is None
    else:
        assert result is not None
        assert 0.0 <= result <= 1.0
        assert min(known) - 1e-4 <= result <= max(known) + 1e-4


@given(PARTS)
def test_an_unknown_part_shares_its_weight_out(parts: dict[str, float | None]) -> None:
    known = {name: value for name, value in parts.items() if value is not None}
    assert quality.overall(parts) == quality.overall(known)


def test_the_weights_are_those_of_the_design() -> None:
    assert sum(quality.WEIGHTS.values()) == pytest.approx(1.0)
    everything = {
        "complexity": 1.0,
        "documentation": 0.5,
        "coverage": 0.0,
        "reusability": 0.3,
        "maintainability": 1.0,
    }
    assert quality.overall(everything) == pytest.approx(0.30 + 0.10 + 0.045 + 0.15)


def test_a_part_without_a_weight_is_refused() -> None:
    with pytest.raises(KeyError):
        quality.overall({"charm": 1.0})


def test_with_overall_keeps_the_parts() -> None:
    mixed = quality.with_overall(Quality(complexity=1.0, documentation=0.5))
    assert mixed == Quality(overall=0.8, complexity=1.0, documentation=0.5)


@pytest.mark.parametrize(("complexity", "score"), [(1, 1.0), (9, 1.0), (10, 0.7), (20, 0.7), (21, 0.4)])
def test_complexity_in_three_steps(complexity: int, score: float) -> None:
    assert quality.complexity_score(complexity) == score


@pytest.mark.parametrize(("files", "score"), [(1, 0.3), (2, 0.6), (5, 0.6), (6, 1.0)])
def test_reusability_by_the_files_it_is_found_in(files: int, score: float) -> None:
    assert quality.reusability_score(files) == score


@pytest.mark.parametrize(
    ("source", "documented", "score"),
    [
        ("def f(a: int, *b: int, c: int = 1) -> int: ...", True, 1.0),
        ("def f(a: int, b): ...", False, 0.1667),
        ("def f(self, a): ...", True, 0.5),
        ("class A:\n    x: int = 1\n    y = 2\n    def f(self) -> int: ...", False, 0.3333),
        ("class A: pass", True, 0.5),
    ],
)
def test_documentation_is_docstring_and_types(source: str, documented: bool, score: float) -> None:
    assert quality.documentation_score(node(source), documented) == score
