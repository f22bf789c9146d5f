"""One rating a session and pattern, from 1 to 5, of the version that was rated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary
from tui_patterns.settings import Settings
from tui_patterns.store import ratings


def test_rating_again_in_a_session_replaces(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    row = stock.row("load")
    for rating in (5, 1, 4):
        ratings.save(stock.conn, row, "one", rating, task="t", note=f"n{rating}")
    ratings.save(stock.conn, row, "two", 2)
    found = stock.rows("SELECT session_id, rating, task, note FROM ratings ORDER BY session_id")
    assert [tuple(one) for one in found] == [("one", 4, "t", "n4"), ("two", 2, None, None)]
    assert ratings.in_session(stock.conn, row, "one") == 4
    ratings.remove(stock.conn, row, "one")
    assert ratings.in_session(stock.conn, row, "one") is None


def test_a_rating_without_task_or_note_keeps_those_said_before(stock: Stock) -> None:
    stock.put("app.py", unit("load"))
    ratings.save(stock.conn, stock.row("load"), "s", 5, "the task", "the note")
    ratings.save(stock.conn, stock.row("load"), "s", 3)
    (found,) = stock.rows("SELECT rating, task, note FROM ratings")
    assert tuple(found) == (3, "the task", "the note")


@settings(max_examples=15)
@given(rated=st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 5)), max_size=12))
def test_counts_are_those_of_the_last_rating_in_each_session(
    rated: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("rated") / "patterns.db")
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    last: dict[str, int] = {}
    news: int | None = None  # a session that says again what it said before says nothing new
    for session, rating in rated:
        library.rate(stock.id("load"), rating, session)
        news = rating if last.get(session) != rating else news
        last[session] = rating
    found = library.pattern(stock.id("load")).ratings
    assert found.usage_count == len(last)
    assert found.success_count == sum(rating >= 4 for rating in last.values())
    assert found.average == (pytest.approx(sum(last.values()) / len(last)) if last else None)
    assert found.last == news
    library.close()
    stock.close()


@pytest.mark.parametrize("rating", [0, 6, -1, True, 4.5, "5", None])
def test_only_whole_numbers_from_one_to_five_are_ratings(stock: Stock, rating: object) -> None:
    stock.put("app.py", unit("load"))
    library = PatternLibrary(stock.path, settings=Settings())
    with pytest.raises(LibraryError, match="whole number from 1 to 5"):
        library.rate(stock.id("load"), rating, "s")  # type: ignore[arg-type]
    assert stock.rows("SELECT * FROM ratings") == []


def test_a_rating_belongs_to_the_version_that_was_rated(stock: Stock) -> None:
    stock.put("app.py", unit("load", body="first"))
    ratings.save(stock.conn, stock.row("load"), "s", 5)
    stock.put("app.py", unit("load", body="second"))
    (found,) = stock.rows("SELECT r.version_id = p.version_id AS current FROM ratings r JOIN patterns p "
                          "ON p.id = r.pattern_id")  # fmt: skip
    assert found["current"] == 0
