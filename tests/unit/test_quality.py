"""Quality: the formula, and that what is not known is never counted as zero."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction import quality
from tui_patterns.extraction.complexity import UnitNode
from tui_patterns.extraction.tiers import quality_tier
from tui_patterns.models import Quality

Parts = dict[str, float | None]
PARTS = st.fixed_dictionaries({name: st.none() | st.floats(0, 1) for name in quality.PARTS})
PROFILES = st.sampled_from(sorted(quality.PROFILES))


def node(source: str) -> UnitNode:
    found = ast.parse(source).body[0]
    assert isinstance(found, UnitNode)
    return found


@given(PARTS, PROFILES)
def test_overall_lies_between_the_least_and_the_greatest_known_part(
    parts: Parts, profile: quality.Profile
) -> None:
    known = [value for name in quality.PROFILES[profile] if (value := parts.get(name)) is not None]
    result = quality.combine(parts, profile).overall
    if not known:
        assert result is None
    else:
        assert result is not None
        assert 0.0 <= result <= 1.0
        assert min(known) - 1e-4 <= result <= max(known) + 1e-4


@given(PARTS, PROFILES)
def test_an_unknown_part_shares_its_weight_out(parts: Parts, profile: quality.Profile) -> None:
    known = {name: value for name, value in parts.items() if value is not None}
    assert quality.combine(parts, profile) == quality.combine(known, profile)


@given(PARTS)
def test_the_parts_come_back_as_they_were_given(parts: Parts) -> None:
    assert quality.parts_of(quality.combine(parts)) == parts


EVERYTHING: Parts = {
    "complexity": 1.0,
    "documentation": 0.5,
    "coverage": 0.0,
    "reusability": 0.3,
    "maintainability": 1.0,
}


def test_the_standard_weights_are_those_of_the_design() -> None:
    assert quality.combine(EVERYTHING).overall == pytest.approx(0.30 + 0.10 + 0.045 + 0.15)


def test_the_reuse_profile_counts_reusability_simplicity_coverage_and_performance() -> None:
    measured = {**EVERYTHING, "performance": 0.5}
    assert quality.combine(measured, "reuse").overall == pytest.approx(0.09 + 0.20 + 0.0 + 0.10)


def test_without_benchmarks_the_weight_of_performance_is_shared_out() -> None:
    assert quality.combine(EVERYTHING, "reuse").overall == pytest.approx((0.09 + 0.20) / 0.8, abs=1e-4)


@pytest.mark.parametrize("profile", sorted(quality.PROFILES))
def test_the_weights_of_a_profile_sum_to_one(profile: str) -> None:
    assert sum(quality.PROFILES[profile].values()) == pytest.approx(1.0)


def test_a_part_without_a_meaning_is_refused() -> None:
    with pytest.raises(KeyError):
        quality.combine({"charm": 1.0})


def test_combining_keeps_the_parts() -> None:
    mixed = quality.combine({"complexity": 1.0, "documentation": 0.5})
    assert mixed == Quality(overall=0.8, complexity=1.0, documentation=0.5)


@pytest.mark.parametrize(
    ("overall", "expected"),
    [
        (None, None),
        (1.0, "high"),
        (0.8, "high"),
        (0.7999, "medium"),
        (0.6, "medium"),
        (0.59, "low"),
        (0.0, "low"),
    ],
)
def test_tiers_begin_at_eight_and_six_tenths(overall: float | None, expected: str | None) -> None:
    assert quality_tier(overall) == expected


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
