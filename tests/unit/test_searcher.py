"""A whole search: words and meaning fused, filtered, never what is gone, each with a relevance."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary, SearchInterrupted
from tui_patterns.models import Filters, SearchResult, SemanticRows
from tui_patterns.search import lexical, searcher
from tui_patterns.settings import Settings
from tui_patterns.store import vectors
from tui_patterns.store.sqlite import connect

NAMES = ("wrap_text", "fold_lines", "read_config", "load_orders", "send_mail")
PRINT = "model"


def turned(degrees: int) -> bytes:
    """A unit vector of two numbers, ``degrees`` of its hundredths away from the query's."""
    cosine = degrees / 100
    return array("f", [cosine, (1 - cosine * cosine) ** 0.5]).tobytes()


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", *(unit(name, line=10 * n, quality=n / 10) for n, name in enumerate(NAMES, start=1)))
    yield made
    made.close()


def rows(stock: Stock, *near: tuple[str, float]) -> SemanticRows:
    """What a vector index would answer, by name; the query's vector is (1, 0)."""
    found = tuple((stock.id(name), cosine) for name, cosine in near)
    return SemanticRows(found, "chroma", PRINT, turned(100))


def names(result: SearchResult) -> list[str]:
    return [hit.pattern.qualname for hit in result.hits]


def test_by_words_alone_the_mode_is_lexical(stock: Stock) -> None:
    result = searcher.search(stock.conn, "wrap text", 5)
    assert (result.mode, result.index, names(result)) == ("lexical", None, ["wrap_text"])
    why = result.hits[0].why
    assert why["bm25"] > 0 and 0.9 < why["match"] < 1.0
    assert (why["words"], why["meaning"], why["cosine"], why["coverage"]) == (1, None, None, 1.0)
    assert why["fields"]["title"] == why["fields"]["names"] == 1.0


def test_what_both_put_high_comes_first_and_meaning_adds_its_own(stock: Stock) -> None:
    semantic = rows(stock, ("fold_lines", 0.9), ("wrap_text", 0.8), ("send_mail", 0.1))
    result = searcher.search(stock.conn, "wrap text", 5, semantic=semantic)
    assert (result.mode, result.index) == ("hybrid", "chroma")
    assert names(result) == ["wrap_text", "fold_lines", "send_mail"]
    relevances = [hit.relevance for hit in result.hits]
    assert relevances[0] > relevances[1] > relevances[2]
    assert result.hits[1].why["words"] is None and result.hits[1].why["meaning"] == 1


def test_a_hit_by_words_alone_is_compared_in_meaning_too(stock: Stock) -> None:
    (doc_hash,) = {row[0] for row in stock.rows("SELECT doc_hash FROM versions WHERE name = 'Wrap Text'")}
    vectors.save(stock.conn, PRINT, [(doc_hash, turned(40))])
    result = searcher.search(stock.conn, "wrap text", 5, semantic=rows(stock, ("send_mail", 0.2)))
    by_name = dict(zip(names(result), result.hits, strict=True))
    assert by_name["wrap_text"].why["cosine"] == pytest.approx(0.4, abs=0.005)  # a byte a number


def test_order_and_relevance_are_one(stock: Stock) -> None:
    semantic = rows(stock, ("fold_lines", 0.9), ("send_mail", 0.5), ("wrap_text", 0.4), ("load_orders", 0.1))
    hits = searcher.search(stock.conn, "wrap text", 5, semantic=semantic).hits
    relevances = [hit.relevance for hit in hits]
    assert len(hits) == 4 and relevances == sorted(relevances, reverse=True)


def test_phrases_and_exclusions_hold_for_meaning_too(stock: Stock) -> None:
    semantic = rows(stock, ("fold_lines", 0.9), ("send_mail", 0.5), ("wrap_text", 0.4))
    assert names(searcher.search(stock.conn, '"wrap text"', 5, semantic=semantic)) == ["wrap_text"]
    assert names(searcher.search(stock.conn, "wrap -lines", 5, semantic=semantic)) == [
        "wrap_text",
        "send_mail",
    ]
    assert searcher.search(stock.conn, '"text wrap"', 5).hits == ()


def test_the_project_that_asks_comes_first_among_equals(stock: Stock) -> None:
    plain = searcher.search(stock.conn, "wrap text", 5).hits[0]
    own = searcher.search(stock.conn, "wrap text", 5, home=(plain.pattern.root,)).hits[0]
    assert own.score > plain.score and own.relevance == plain.relevance
    assert own.why["prior"]["project"] > 0


def test_an_example_goes_through_the_same_ranking(stock: Stock) -> None:
    code = "def wrap_text(value):\n    return value.wrap()\n"
    found = searcher.like(
        stock.conn, 5, code=code, semantic=rows(stock, ("fold_lines", 0.9), ("wrap_text", 0.9))
    )
    assert names(found)[:2] == ["wrap_text", "fold_lines"] and found.mode == "hybrid"
    error = 'File "a.py", line 3, in send_mail\nOSError: refused'
    assert names(searcher.like(stock.conn, 5, error=error)) == ["send_mail"]
    for wrong in ({}, {"code": "x", "error": "y"}):
        with pytest.raises(ValueError, match="example"):
            searcher.like(stock.conn, 5, **wrong)  # type: ignore[arg-type]


def test_what_is_gone_is_not_found_even_if_an_index_still_holds_it(stock: Stock) -> None:
    semantic = rows(stock, ("wrap_text", 0.9), ("fold_lines", 0.8))
    stock.drop("app.py")
    assert searcher.search(stock.conn, "wrap text", 5, semantic=semantic).hits == ()
    library = PatternLibrary(stock.path, settings=Settings())
    gone = library.pattern(semantic.rows[0][0])
    assert gone.gone and library.recent() == [] and library.count() == 0


def test_ids_that_nobody_knows_are_passed_over(stock: Stock) -> None:
    strange = SemanticRows((("no-such-id", 0.99),), "exact", PRINT, turned(100))
    result = searcher.search(stock.conn, "wrap", 5, semantic=strange)
    assert names(result) == ["wrap_text"] and result.index == "exact"


def test_filters_hold_for_meaning_as_for_words(stock: Stock) -> None:
    semantic = rows(stock, ("fold_lines", 0.9), ("send_mail", 0.8), ("wrap_text", 0.7))
    found = searcher.search(stock.conn, "wrap text", 5, Filters(min_quality=0.3), semantic)
    assert names(found) == ["send_mail"]
    assert searcher.search(stock.conn, "wrap", 5, Filters(project="elsewhere"), semantic).hits == ()


def test_a_query_without_words_may_still_mean_something(stock: Stock) -> None:
    assert searcher.search(stock.conn, "", 5).hits == ()
    result = searcher.search(stock.conn, "***", 5, semantic=rows(stock, ("wrap_text", 0.9)))
    assert names(result) == ["wrap_text"] and result.hits[0].why["coverage"] == 0.0


@settings(max_examples=40)
@given(
    query=st.text(alphabet="wrap textfoldlines_", max_size=20) | st.text(max_size=10),
    near=st.lists(
        st.tuples(st.sampled_from(NAMES), st.floats(-1, 1)), max_size=4, unique_by=lambda one: one[0]
    ),
    limit=st.integers(1, 6),
)
def test_relevance_is_a_share_and_scores_fall(
    stock: Stock, query: str, near: Sequence[tuple[str, float]], limit: int
) -> None:
    found = searcher.search(stock.conn, query, limit, semantic=rows(stock, *near)).hits
    assert len(found) <= limit and len({hit.pattern.id for hit in found}) == len(found)
    assert all(0.0 <= hit.relevance <= 1.0 for hit in found)
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)


def test_what_is_deleted_during_a_search_breaks_nothing(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = lexical.search

    def then_deleted(*arguments: object) -> object:
        found = honest(*arguments)  # type: ignore[arg-type]
        other = connect(stock.path)
        other.execute("DELETE FROM patterns")
        other.close()
        return found

    monkeypatch.setattr(lexical, "search", then_deleted)
    assert names(searcher.search(stock.conn, "wrap text", 5)) == ["wrap_text"]
    assert not stock.conn.in_transaction
    assert names(searcher.search(stock.conn, "wrap text", 5)) == []


def test_an_interrupted_search_leaves_the_library_as_it_was(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = PatternLibrary(stock.path, settings=Settings())
    honest = lexical.search

    def interrupted(*arguments: object) -> object:
        found = honest(*arguments)  # type: ignore[arg-type]
        arguments[0].create_function("now", 0, library.interrupt)  # type: ignore[attr-defined]
        arguments[0].execute("SELECT now() FROM versions, versions, versions").fetchall()  # type: ignore[attr-defined]
        return found

    monkeypatch.setattr(lexical, "search", interrupted)
    with pytest.raises(SearchInterrupted):
        library.search("wrap text")
    monkeypatch.setattr(lexical, "search", honest)
    assert names(library.search("wrap text")) == ["wrap_text"]
    assert library.rate(stock.id("wrap_text"), 5, "s").ratings.last == 5
    library.interrupt()  # nothing runs: nothing happens
    assert names(library.search("wrap text")) == ["wrap_text"]
