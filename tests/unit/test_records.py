"""Patterns with what is believed of them: ratings and outcomes weigh as they should, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.learning import confidence, recording, records
from tui_patterns.models import Pattern, RatingSummary
from tui_patterns.store import injections, ratings


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", unit("load", quality=0.5), unit("save", line=20), unit("Shop", line=40, kind="class"))
    yield made
    made.close()


def pattern(stock: Stock, name: str) -> Pattern:
    return records.load(stock.conn, [stock.row(name)])[0]


def rate(stock: Stock, name: str, *values: int) -> None:
    for number, value in enumerate(values):
        ratings.save(stock.conn, stock.row(name), f"{name}{number}", value)


def test_the_order_asked_for_is_kept_and_unknown_rows_left_out(stock: Stock) -> None:
    wanted = [stock.row("save"), 999, stock.row("load")]
    assert [one.qualname for one in records.load(stock.conn, wanted)] == ["save", "load"]
    assert records.load(stock.conn, []) == []


def test_without_evidence_it_is_not_yet_tried(stock: Stock) -> None:
    found = pattern(stock, "load")
    assert found.ratings == RatingSummary() and found.confidence.n == 0
    assert (
        confidence.describe(found.confidence) == "not yet tried"
        and confidence.tier(found.confidence) == "new"
    )


def test_four_and_five_are_successes_one_and_two_failures_three_neither(stock: Stock) -> None:
    rate(stock, "load", 5, 4, 3, 2, 1)
    found = pattern(stock, "load")
    assert found.ratings == RatingSummary(usage_count=5, success_count=2, average=3.0, last=1)
    assert found.confidence.n == 4
    assert found.confidence.mean == pytest.approx(0.5)
    assert found.confidence.low < 0.5 < found.confidence.high


def test_more_of_the_same_evidence_is_believed_more(stock: Stock) -> None:
    rate(stock, "load", 5)
    once = pattern(stock, "load").confidence
    rate(stock, "load", *[5] * 12)
    often = pattern(stock, "load").confidence
    assert often.mean > once.mean and often.low > once.low
    assert often.high - often.low < once.high - once.low


def test_a_kind_that_does_well_lends_its_next_pattern_some_of_it(stock: Stock) -> None:
    before = pattern(stock, "save").confidence
    rate(stock, "load", *[5] * 30)
    after = pattern(stock, "save").confidence
    assert after.n == 0 and before.mean < after.mean < 0.9
    assert pattern(stock, "Shop").confidence.mean == pytest.approx(before.mean)


def test_an_outcome_counts_once_however_often_it_is_said(stock: Stock) -> None:
    load = pattern(stock, "load")
    injections.record(
        stock.conn,
        injections.NewInjection("i", "s", None, "manual", "hash", 10, 100),
        [injections.InjectedRow(load.id, load.version, 1, 0.5, 0.5, 1.0, 10, {})],
    )
    for success in (True, True, False):
        recording.record_outcome(stock.conn, "i", load.id, success)
    found = pattern(stock, "load").confidence
    assert found.n == 1 and found.mean < 0.5
    (row,) = injections.patterns_of(stock.conn, "i")
    assert (row["state"], row["success"]) == ("used", 0)


def test_quality_that_is_not_known_stays_unknown(stock: Stock) -> None:
    assert pattern(stock, "save").quality.overall is None
    assert pattern(stock, "load").quality.overall == 0.5
    assert pattern(stock, "load").quality.coverage is None
