"""Poor performers sink and then retire; what is retired is kept, marked, ranked last and can come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary
from tui_patterns.api.evidence import record_outcome
from tui_patterns.learning import confidence, records, retirement
from tui_patterns.learning.evidence import Rules
from tui_patterns.models import Interval
from tui_patterns.prompts.builder import Limits, build
from tui_patterns.settings import Settings
from tui_patterns.store import ratings


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", unit("load_file"), unit("load_page", line=20))
    yield made
    made.close()


@pytest.fixture
def library(stock: Stock) -> Iterator[PatternLibrary]:
    made = PatternLibrary(stock.path, settings=Settings())
    yield made
    made.close()


def fail(library: PatternLibrary, id: str, times: int, start: int = 0) -> None:
    for number in range(start, start + times):
        library.rate(id, 1, f"s{number}")


def test_the_rule_needs_five_outcomes_and_a_bound_below() -> None:
    assert retirement.poor(Interval(0.3, 0.1, 0.6, 5), 70)
    assert not retirement.poor(Interval(0.3, 0.1, 0.6, 4.9), 70)
    assert not retirement.poor(Interval(0.6, 0.4, 0.71, 50), 70)


def test_it_sinks_with_each_failure_and_retires_at_the_fifth(stock: Stock, library: PatternLibrary) -> None:
    id = stock.id("load_file")
    values = [confidence.rank_value(library.rate(id, 1, f"s{number}").confidence) for number in range(4)]
    assert values == sorted(values, reverse=True) and library.pattern(id).retired is None
    assert library.rate(id, 1, "s9").retired is not None
    (found,) = library.retired()
    assert (found.pattern.id, found.source) == (id, "rule")
    assert found.reason and "below 70 %" in found.reason


def test_outcomes_retire_too(stock: Stock, library: PatternLibrary) -> None:
    for number in range(5):
        assert record_outcome(library, None, stock.id("load_file"), False, session=f"s{number}", source="x")
    assert [one.pattern.id for one in library.retired()] == [stock.id("load_file")]


def test_a_retired_pattern_ranks_last_and_goes_into_no_prompt(stock: Stock, library: PatternLibrary) -> None:
    first = library.search("load file").hits[0].pattern
    library.retire(first.id, "slow")
    hits = library.search("load file").hits
    assert hits[-1].pattern.id == first.id and hits[-1].why["retired"] and len(hits) == 2
    assert [hit.pattern.id for hit in library.search("load file", 1).hits] != [first.id]
    settings = {
        "limits": Limits(min_relevance=0.0),
        "belief": confidence,
        "rng": Random(1),
        "injection_id": "i",
    }
    built = build("", "load", hits, **settings)  # type: ignore[arg-type]
    assert [one.hit.pattern.id for one in built.chosen] == [stock.id("load_page")]
    nothing = build("p", "load", hits[-1:], **settings)  # type: ignore[arg-type]
    assert nothing.injection_id is None and "retired" in str(nothing.reason)


def test_it_comes_back_and_only_new_outcomes_retire_it_again(stock: Stock, library: PatternLibrary) -> None:
    id = stock.id("load_file")
    fail(library, id, 6)
    assert library.restore_pattern(id).retired is None and library.retired() == []
    fail(library, id, 4, start=10)
    assert library.pattern(id).retired is None, "the old failures were judged already"
    fail(library, id, 1, start=20)
    assert library.pattern(id).retired is not None


def test_all_of_it_is_in_the_ledger(stock: Stock, library: PatternLibrary) -> None:
    id = stock.id("load_file")
    for _ in range(3):  # a second time says nothing new
        library.retire(id, "by hand")
    library.restore_pattern(id)
    library.restore_pattern(id)
    kinds = [row["kind"] for row in stock.rows("SELECT kind FROM events WHERE kind LIKE 're%' ORDER BY id")]
    assert kinds == ["retire", "restore"]
    assert library.rebuild_evidence() == {}


def test_without_learning_nothing_retires_by_itself(stock: Stock) -> None:
    for number in range(9):
        ratings.save(stock.conn, stock.row("load_file"), f"s{number}", 1)
    id = stock.id("load_file")
    assert not retirement.review(stock.conn, id, Rules(enabled=False))
    assert not retirement.review(stock.conn, id, Rules(min_success_rate=0))
    assert retirement.sweep(stock.conn, Rules()) == [id]
    assert retirement.sweep(stock.conn, Rules()) == []


def test_what_has_faded_retires_nothing(stock: Stock) -> None:
    for number in range(5):
        ratings.save(stock.conn, stock.row("load_file"), f"s{number}", 1)
    (row,) = stock.rows("SELECT MAX(at) AS at FROM events")
    later = row["at"] + 90 * 86_400
    found = records.load(stock.conn, [stock.row("load_file")], at=later)[0]
    assert found.confidence.n == pytest.approx(2.5)
    assert not retirement.review(stock.conn, stock.id("load_file"), Rules(), at=later)


def test_an_unknown_pattern_is_refused_in_one_line(stock: Stock, library: PatternLibrary) -> None:
    for call in (library.retire, library.restore_pattern, library.usage):
        with pytest.raises(LibraryError, match="no pattern has the id"):
            call("deadbeef")
    with pytest.raises(LibraryError, match="no pattern has the id"):
        record_outcome(library, None, "deadbeef", True)
    with pytest.raises(LibraryError, match="no injection has the id"):
        record_outcome(library, "nothing", stock.id("load_file"), True)
