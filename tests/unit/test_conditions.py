"""Narrowing a search: each filter admits what it names, and the belief in SQL is that in Python."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.learning import records
from tui_patterns.models import COMPLEXITY_LIMITS, Filters, complexity_range
from tui_patterns.store import patterns, ratings


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    made = Stock(tmp_path_factory.mktemp("conditions") / "patterns.db")
    made.put(
        "app.py",
        unit("load", category="io", subcategory="files", tags=("async", "a_b"), complexity=5, quality=0.9),
        unit("list_users", line=20, category="api", component_type="route", complexity=6, quality=0.2),
        unit("save", line=40, category="io", tags=("axb", 'a"b'), complexity=20),
        unit("Shop", line=60, kind="class", complexity=21, quality=1.0),
    )
    for name, values in {"load": (5, 5, 4), "save": (1,), "Shop": (5, 2, 3)}.items():
        for number, value in enumerate(values):
            ratings.save(made.conn, made.row(name), f"{name}{number}", value)
    made.conn.execute(
        "INSERT INTO outcomes (pattern_id, kind, success, weight, source, created) "
        "VALUES (?, 'use', 1, 0.5, 'test', 0)",
        (made.row("save"),),
    )
    yield made
    made.close()


def admitted(stock: Stock, filters: Filters) -> set[str]:
    rows = patterns.recent(stock.conn, 50, filters)
    return {one.qualname for one in records.load(stock.conn, rows)}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(category="io"), {"load", "save"}),
        (Filters(category="io", subcategory="files"), {"load"}),
        (Filters(component_type="route"), {"list_users"}),
        (Filters(tag="async"), {"load"}),
        (Filters(tag="a_b"), {"load"}),
        (Filters(tag="asyn"), set()),
        (Filters(tag="%"), set()),
        (Filters(tag='a"b'), {"save"}),
        (Filters(complexity_range="low"), {"load"}),
        (Filters(complexity_range="medium"), {"list_users"}),
        (Filters(complexity_range="high"), {"save"}),
        (Filters(complexity_range="very_high"), {"Shop"}),
        (Filters(category="nowhere"), set()),
    ],
)
def test_a_filter_admits_what_it_names(stock: Stock, filters: Filters, names: set[str]) -> None:
    assert admitted(stock, filters) == names


@pytest.mark.parametrize("strength", [1.0, 4.0, 9.0])
@pytest.mark.parametrize("least", [0.0, 0.3, 0.45, 0.5, 0.6, 0.75, 1.0])
def test_the_least_confidence_is_the_mean_that_is_shown(stock: Stock, least: float, strength: float) -> None:
    everything = records.load(stock.conn, patterns.recent(stock.conn, 50), strength)
    expected = {one.qualname for one in everything if one.confidence.mean >= least}
    assert admitted(stock, Filters(min_confidence=least, prior_strength=strength)) == expected


def test_every_complexity_has_one_range() -> None:
    assert complexity_range(None) is None
    assert [complexity_range(each) for each in (0, 1, 5, 6, 10, 11, 20, 21, 900)] == [
        "low", "low", "low", "medium", "medium", "high", "high", "very_high", "very_high",
    ]  # fmt: skip
    assert list(COMPLEXITY_LIMITS) == ["low", "medium", "high", "very_high"]
