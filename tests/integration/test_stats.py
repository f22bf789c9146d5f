"""What the library says of itself: each number is counted from what is really there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternInjector, PatternLibrary, bar, stat_tables
from tui_patterns.models import Label
from tui_patterns.settings import Settings


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put(
        "text.py",
        unit("wrap_text", "text.py", quality=0.9, category="ui", labels=[Label("pure", 0.9)]),
        unit("fold_text", "text.py", quality=0.7, category="ui", labels=[Label("pure", 0.7)], line=20),
    )
    made.put("mail.py", unit("send_mail", "mail.py", framework="flask", kind="method", quality=0.2))
    made.put("unknown.py", unit("guess", "unknown.py"))
    yield made
    made.close()


@pytest.fixture
def library(stock: Stock) -> PatternLibrary:
    return PatternLibrary(stock.path, settings=Settings())


def test_shares_are_those_of_the_patterns_in_the_code(library: PatternLibrary) -> None:
    found = library.stats()
    assert found.by_type == {"function_pattern": 4}
    assert found.by_label == {"pure": 2}
    assert found.average_label_confidence == pytest.approx(0.8)
    assert found.by_category == {"ui": 2}
    assert found.by_tier == {"high": 1, "low": 1, "medium": 1, "unknown": 1}
    assert found.average_quality == pytest.approx(0.6)
    assert found.by_framework == {"flask": 1}


def test_without_a_use_nothing_is_claimed_of_success(library: PatternLibrary) -> None:
    found = library.stats()
    assert (found.tried, found.average_confidence, found.most_used, found.by_source) == (0, None, (), {})


def test_the_average_is_that_of_what_was_tried_and_equals_each_patterns_own(
    library: PatternLibrary, stock: Stock
) -> None:
    library.rate(stock.id("wrap_text"), 5, library.start_session("tui"))
    library.rate(stock.id("send_mail"), 1, library.start_session("cli"))
    found = library.stats()
    own = [library.pattern(stock.id(name)).confidence.mean for name in ("wrap_text", "send_mail")]
    assert found.tried == 2
    assert found.average_confidence == pytest.approx(sum(own) / 2)


def test_most_used_counts_as_the_pattern_itself_does_and_says_by_whom(
    library: PatternLibrary, stock: Stock
) -> None:
    mail, wrap = stock.id("send_mail"), stock.id("wrap_text")
    for source in ("tui", "cli", "codex"):
        library.rate(mail, 4, library.start_session(source))
    library.rate(wrap, 4, library.start_session("tui"))
    best, second = library.stats().most_used
    assert (best.id, best.uses, best.ratings, best.injected) == (mail, 3, 3, 0)
    assert best.by == library.usage(mail).by == {"person": 2, "codex": 1}
    assert best.uses == library.usage(mail).uses
    assert second.id == wrap
    assert library.stats().by_source == {"person": 3, "codex": 1}


def test_an_injection_is_a_use_only_once_it_was_used(library: PatternLibrary, stock: Stock) -> None:
    injector, session = PatternInjector(library), library.start_session("tui")
    wrap = stock.id("wrap_text")
    built = injector.preview("Wrap it.", "wrap", picked=[wrap])
    injector.record(built, prompt="Wrap it.", task="wrap", session=session)
    assert built.injection_id
    (open_,) = (one for one in library.stats().most_used if one.id == wrap)
    assert (open_.uses, open_.injected, open_.used, open_.by) == (0, 1, 0, {})
    assert library.stats().uses["open"] >= 1
    library.outcome(built.injection_id, wrap, True)
    (used,) = (one for one in library.stats().most_used if one.id == wrap)
    assert (used.uses, used.injected, used.used, used.by) == (1, 1, 1, {"person": 1})
    assert used.uses == library.usage(wrap).uses


def test_a_rating_taken_back_is_no_use_any_more(library: PatternLibrary, stock: Stock) -> None:
    session = library.start_session("tui")
    library.rate(stock.id("guess"), 5, session)
    assert library.stats().most_used
    library.unrate(stock.id("guess"), session)
    assert library.stats().most_used == ()


def test_tables_add_up_and_say_what_is_not_known(library: PatternLibrary) -> None:
    tables = {
        table.title: {row.name: row.count for row in table.rows} for table in stat_tables(library.stats())
    }
    assert tables["by category"] == {"ui": 2, "not known": 2}
    assert tables["by framework"] == {"flask": 1, "none": 3}
    assert list(tables["by quality"]) == ["high", "medium", "low", "unknown"]
    assert "after injection" not in tables


def test_a_bar_is_never_longer_than_its_room_and_never_hides_what_is_there() -> None:
    assert bar(1.0, 10) == "█" * 10
    assert bar(0.0, 10) == ""
    assert bar(0.0001, 10) == "▏"
    assert max(len(bar(share / 100, 10)) for share in range(101)) == 10
