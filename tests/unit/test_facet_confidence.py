"""Evidence for facets: told once a source, believed with a prior, and gone with its pattern."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary
from tui_patterns.learning.facets import confidence, confidences, describe_facet
from tui_patterns.settings import Settings
from tui_patterns.store import facet_evidence

counts = st.floats(0.0, 500.0)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", unit("load"))
    yield made
    made.close()


def test_one_success_is_far_from_certain() -> None:
    assert confidence(1, 0).mean == pytest.approx(2 / 3)
    assert confidence(0, 1).mean == pytest.approx(1 / 3)
    assert confidence(3, 0).mean == pytest.approx(4 / 5)
    assert confidence(500, 0).mean < 1.0


@given(good=counts, bad=counts)
def test_confidence_is_the_share_of_successes_drawn_to_a_half(good: float, bad: float) -> None:
    found = confidence(good, bad)
    assert found.mean == pytest.approx((good + 1) / (good + bad + 2))
    assert found.low <= found.mean <= found.high
    assert found.n == good + bad


def test_without_evidence_it_is_not_yet_tried() -> None:
    found = confidences(["logging", "import"], {"logging": (2.0, 1.0)})
    assert list(found) == ["logging", "import"]
    assert {name: describe_facet(each) for name, each in found.items()} == {
        "logging": "60 % n 3",
        "import": "not yet tried",
    }


def test_words_are_never_a_false_nought_or_hundred() -> None:
    assert describe_facet(confidence(900, 0)) == "99 % n 900"
    assert describe_facet(confidence(0, 900)) == "1 % n 900"


def test_evidence_adds_up_by_facet(stock: Stock) -> None:
    row = stock.row("load")
    facet_evidence.add(stock.conn, row, ["logging", "import"], "use-1", success=True)
    facet_evidence.add(stock.conn, row, ["logging"], "use-2", success=False, weight=0.5)
    assert facet_evidence.counts(stock.conn, row) == {"import": (1.0, 0.0), "logging": (1.0, 0.5)}


def test_a_source_that_tells_again_replaces_and_can_take_back(stock: Stock) -> None:
    row = stock.row("load")
    facet_evidence.add(stock.conn, row, ["logging"], "use-1", success=True)
    facet_evidence.add(stock.conn, row, ["logging"], "use-1", success=False)
    assert facet_evidence.counts(stock.conn, row) == {"logging": (0.0, 1.0)}
    facet_evidence.remove(stock.conn, row, "use-1")
    assert facet_evidence.counts(stock.conn, row) == {}


def test_a_weight_is_positive(stock: Stock) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        facet_evidence.add(stock.conn, stock.row("load"), ["logging"], "use-1", success=True, weight=0.0)


def test_evidence_goes_with_its_project(stock: Stock) -> None:
    facet_evidence.add(stock.conn, stock.row("load"), ["logging"], "use-1", success=True)
    stock.conn.execute("DELETE FROM projects")
    assert stock.rows("SELECT * FROM facet_evidence") == []


def test_the_library_tells_of_the_facets_that_a_pattern_has(stock: Stock) -> None:
    stock.put("app.py", replace(unit("load"), facets={"logging": {"levels": {}}, "import": {"used": {}}}))
    facet_evidence.add(stock.conn, stock.row("load"), ["logging", "execution"], "use-1", success=True)
    library = PatternLibrary(stock.path, settings=Settings())
    found = library.facet_confidence(stock.id("load"))
    assert {name: each.n for name, each in found.items()} == {"logging": 1.0, "import": 0.0}
