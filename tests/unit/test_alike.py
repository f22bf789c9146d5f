"""Likeness: copies are found under other names, different code under the same name is not one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.models import Interval, Pattern, Quality, RatingSummary
from tui_patterns.prompts.alike import ALIKE, alike, similarity

TOTAL = "def total(items):\n    amount = 0\n    for item in items:\n        amount += item.price()\n"
SAVE = "def save(db, row):\n    with db.begin() as tx:\n        tx.insert(row)\n        tx.flush()\n"
PATTERN = Pattern(
    id="a", version=1, name="Total", kind="function", pattern_type="function_pattern", category=None,
    language="python", framework=None, project="shop", root="/r", path="a.py", qualname="total", line=10,
    end_line=20, code=TOTAL, signature="def total(items)", docstring=None, complexity=3, labels=(), tags=(),
    dependencies=(), quality=Quality(), confidence=Interval(0.5, 0.1, 0.9, 0), ratings=RatingSummary(),
    facets={}, sites=1, updated=0.0,
)  # fmt: skip
OTHER = dataclasses.replace(
    PATTERN, id="b", name="Save", code=SAVE, signature="def save(db, row)", path="b.py", line=1, end_line=4
)


def test_other_local_names_and_comments_change_nothing() -> None:
    renamed = TOTAL.replace("amount", "result").replace("item", "row")
    documented = TOTAL.replace(":\n    amount = 0", ':\n    """Sum."""\n    amount = 0  # start', 1)
    assert similarity(TOTAL, renamed) == similarity(TOTAL, documented) == 1.0


def test_what_is_called_makes_a_difference() -> None:
    assert similarity(TOTAL, TOTAL.replace("price", "weight")) < 1.0
    assert similarity(TOTAL, SAVE) < 0.1


@given(st.text(max_size=200), st.text(max_size=200))
def test_similarity_is_a_symmetric_share(one: str, other: str) -> None:
    assert 0.0 <= similarity(one, other) == similarity(other, one) <= 1.0


def test_too_short_to_tell_is_not_alike() -> None:
    assert similarity("", TOTAL) == similarity("x", "x") == 0.0


@pytest.mark.parametrize(
    ("line", "end_line", "expected"),
    [(10, 20, True), (12, 14, True), (1, 99, True), (21, 30, False), (15, 25, False)],
)
def test_a_class_and_its_method_repeat_each_other(line: int, end_line: int, expected: bool) -> None:
    there = dataclasses.replace(OTHER, path="a.py", line=line, end_line=end_line)
    assert alike(PATTERN, there) == alike(there, PATTERN) == expected
    assert not alike(PATTERN, dataclasses.replace(there, path="b.py"))
    assert not alike(PATTERN, dataclasses.replace(there, root="/elsewhere"))


def test_identity_and_namesakes() -> None:
    assert alike(PATTERN, dataclasses.replace(OTHER, id="a"))
    namesake = dataclasses.replace(OTHER, name="Total", signature="def total(items)")
    assert not alike(PATTERN, namesake), "namesakes that do different things are two patterns"
    edited = TOTAL.replace("amount += item.price()", "amount += item.price() * item.count() - discount(item)")
    assert similarity(TOTAL, edited) < ALIKE
    assert alike(PATTERN, dataclasses.replace(namesake, code=edited))
