"""Patterns for a prompt: a long one finds what a short question does, what is off topic stays below."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tests.unit.test_searcher import PRINT, turned
from tui_patterns.models import SearchResult, SemanticRows
from tui_patterns.prompts.render import why_line
from tui_patterns.search import prompted, searcher
from tui_patterns.search.clauses import clauses
from tui_patterns.search.explain import why_lines
from tui_patterns.search.relevance import prompt_log_odds, seen_for_prompt

LEAST = 0.6
MAILS = ("mail", "report", "note")
PASSING = ("thanks, looks good", "continue", "commit this and push", "what's the weather")
LONG = (
    "The importer reads orders from a folder every night, which takes longer and longer. "
    "Please let retry_request wait between its attempts, and wrap the text of mails to the given width. "
    "Keep the style of the module, and add a test for each of these."
)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("text.py", unit("wrap_text_to_width", "text.py", docstring="Wrap text to a width."))
    made.put("net.py", unit("retry_request", "net.py", docstring="Send again after a pause."))
    made.put("mail.py", *(unit(f"send_{what}", "mail.py", line=n) for n, what in enumerate(MAILS)))
    yield made
    made.close()


def near(stock: Stock, prompt: str, cosines: dict[str, int]) -> list[SemanticRows]:
    """The same rows for each clause; the query's vector is (1, 0)."""
    rows = tuple((stock.id(name), cosine / 100) for name, cosine in cosines.items())
    return [SemanticRows(rows, "exact", PRINT, turned(100)) for _ in clauses(prompt)]


def names(result: SearchResult) -> list[str]:
    return [hit.pattern.qualname for hit in result.hits]


def test_a_long_prompt_finds_what_its_clauses_are_about(stock: Stock) -> None:
    semantic = near(stock, LONG, {"retry_request": 70, "wrap_text_to_width": 70, "send_note": 5})
    found = prompted.search(stock.conn, LONG, 5, semantic)
    assert (found.mode, found.index) == ("hybrid", "exact")
    assert set(names(found)[:2]) == {"retry_request", "wrap_text_to_width"}
    assert all(hit.relevance >= LEAST for hit in found.hits[:2])
    as_question = searcher.search(stock.conn, LONG, 5, semantic=semantic[0])
    assert all(hit.relevance < LEAST for hit in as_question.hits)


def test_why_says_which_clause_a_pattern_answers(stock: Stock) -> None:
    found = {hit.pattern.qualname: hit.why for hit in prompted.search(stock.conn, LONG, 5).hits}
    assert "wait between its attempts" in found["retry_request"]["clause"]["text"]
    assert "wrap the text of mails" in found["wrap_text_to_width"]["clause"]["text"]
    assert why_lines(found["retry_request"])[0].startswith("clause: let retry_request wait")
    assert why_line(found["retry_request"]).startswith("for 'let retry_request wait")


def test_a_prompt_of_one_clause_is_never_less_relevant_than_the_question(stock: Stock) -> None:
    for text in ("wrap text to width", "retry request", "send a mail"):
        asked, prompt = searcher.search(stock.conn, text, 1), prompted.search(stock.conn, text, 1)
        assert names(asked) == names(prompt) and prompt.hits[0].relevance >= asked.hits[0].relevance - 0.02
        assert "clause" not in prompt.hits[0].why


def test_a_name_written_as_the_code_writes_it_counts() -> None:
    plain = seen_for_prompt(0.4, 0.3, 0.0, 10)
    named = seen_for_prompt(0.4, 0.3, 1.0, 10)
    assert prompt_log_odds(named, plain, hybrid=True) > prompt_log_odds(plain, plain, hybrid=True)


def test_of_two_prompts_met_alike_the_longer_one_is_met_better() -> None:
    short, long = seen_for_prompt(0.4, 0.3, 0.0, 3), seen_for_prompt(0.4, 0.3, 0.0, 20)
    assert long > short and seen_for_prompt(None, 0.3, 0.0, 20) > seen_for_prompt(None, 0.3, 0.0, 3)


@pytest.mark.parametrize("text", PASSING)
def test_what_asks_for_nothing_gets_nothing(stock: Stock, text: str) -> None:
    semantic = near(stock, text, {"send_mail": 15, "retry_request": 10})
    assert all(hit.relevance < LEAST for hit in prompted.search(stock.conn, text, 5, semantic).hits)
    assert all(hit.relevance < LEAST for hit in prompted.search(stock.conn, text, 5).hits)


def test_a_prompt_that_says_nothing_finds_nothing(stock: Stock) -> None:
    assert prompted.search(stock.conn, "", 5) == SearchResult("", "lexical", None, ())


def test_rows_of_another_prompt_are_left_aside(stock: Stock) -> None:
    other = near(stock, "send mail", {"send_mail": 99})
    assert len(other) != len(clauses(LONG))
    assert prompted.search(stock.conn, LONG, 5, other).hits == prompted.search(stock.conn, LONG, 5).hits
