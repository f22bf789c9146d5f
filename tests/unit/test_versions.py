"""Versions: what tells one from another, and that each has one title."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.stock import Stock, unit


def shown(stock: Stock) -> list[str]:
    rows = stock.rows(
        "SELECT v.name FROM patterns p JOIN versions v ON v.id = p.version_id WHERE p.gone IS NULL"
    )
    return [row["name"] for row in rows]


@pytest.mark.parametrize("files", [("a.py", "b.py"), ("b.py", "a.py")])
def test_one_text_in_two_classes_keeps_the_title_of_each(stock: Stock, files: tuple[str, str]) -> None:
    first = replace(unit("A.f", files[0], body="x"), name="A Reading", code="def f(): x", code_hash="c")
    second = replace(first, path=files[1], qualname="B.f", name="B Reading")
    stock.put(files[0], first)
    stock.put(files[1], second)
    assert shown(stock) == ["A Reading"]
    stock.drop(files[0])
    assert shown(stock) == ["B Reading"]


def test_the_same_text_in_the_same_class_elsewhere_is_the_same_version(stock: Stock) -> None:
    first = unit("A.f", "a.py", body="x")
    stock.put("a.py", first)
    stock.put("b.py", replace(first, path="b.py"))
    assert len(stock.rows("SELECT id FROM versions")) == 1
