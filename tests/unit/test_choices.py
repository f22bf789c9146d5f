"""What the list can be narrowed to: counts are those of a search with that filter."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary, filter_values
from tui_patterns.models import Filters, Label


@pytest.fixture
def library(tmp_path: Path) -> PatternLibrary:
    stock = Stock(tmp_path / "patterns.db")
    for number in range(12):
        made = unit(
            f"work_{number}", f"pkg/m{number}.py",
            tags=("async", "context-manager") if number % 3 else ("async_",),
            category="io" if number % 2 else "concurrency",
            subcategory="files" if number % 2 else None,
            component_type="route" if number == 4 else None,
            framework="flask" if number < 5 else None,
            complexity=number * 3,
            quality=number / 12,
            labels=(Label("retry", 0.9, (1,)),) if number < 2 else (),
        )  # fmt: skip
        stock.put(made.path, made)
    return PatternLibrary(tmp_path / "patterns.db")


def test_every_count_is_that_of_the_list_narrowed_so(library: PatternLibrary) -> None:
    values = filter_values(library)
    known = {one.name for one in fields(Filters)}
    assert {"tag", "complexity_range", "min_quality", "label", "subcategory"} <= set(values) <= known
    for field, counts in values.items():
        for value, count in counts.items():
            wanted: dict[str, Any] = {field: float(value) if field == "min_quality" else value}
            assert len(library.recent(100, Filters(**wanted))) == count, (field, value)


def test_an_empty_library_offers_nothing(tmp_path: Path) -> None:
    Stock(tmp_path / "patterns.db")
    values = filter_values(PatternLibrary(tmp_path / "patterns.db"))
    assert not any(count for counts in values.values() for count in counts.values())
