"""A prompt is taken apart into few queries: code and errors as such, prose as a whole and by clause."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.clauses import MOST, clauses

LONG = (
    "Write a function that fetches a report and retries when the server is busy; "
    "keep our logging style, and add a test"
)
HEAD = "Traceback (most recent call last):"
ERROR = (
    "Can you fix this?\n\nTraceback (most recent call last):\n"
    '  File "app.py", line 3, in send_it\n    go()\nValueError: bad timeout 3\n\nIt happens on every request.'
)
CODE = "Make this asynchronous please:\n\n```python\ndef load(path):\n    return open(path).read()\n```\n"


def kinds(prompt: str) -> list[str]:
    return [one.query.kind for one in clauses(prompt)]


def test_a_long_prompt_is_asked_as_a_whole_and_by_clause() -> None:
    whole, *each = clauses(LONG)
    assert whole.said == "" and "fetches" in whole.query.words and "logging" in whole.query.words
    assert [one.said for one in each] == [
        "Write a function that fetches a report and retries when the server is busy",
        "keep our logging style, and add a test",
    ]


def test_a_prompt_of_one_clause_is_asked_once() -> None:
    assert len(clauses("add retries to the client")) == 1
    assert len(clauses("Please, can you add retries to the client? Thanks!")) == 1


def test_an_error_and_code_are_queries_of_their_own_kind() -> None:
    assert sorted(kinds(ERROR)) == ["error", "words"]
    assert "traceback" not in clauses(ERROR)[0].query.words
    assert kinds(CODE) == ["words", "code"]
    assert "open" not in clauses(CODE)[0].query.words


def test_a_prompt_that_is_nothing_but_an_error_or_code_is_asked_as_such() -> None:
    assert kinds("ValueError: bad timeout") == ["error"]
    assert kinds("def load(path):\n    return open(path).read()\n") == ["code"]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("rename `wrap` in the text module", "wrap"),
        ("let wrap_text keep blank lines", "wrap_text"),
        ("Response.iter_lines must not join lines", "Response.iter_lines"),
        ("close() is called twice on errors", "close"),
        ("make HTTPAdapter retry on resets", "HTTPAdapter"),
    ],
)
def test_names_as_code_writes_them_are_met_exactly(prompt: str, name: str) -> None:
    assert name in clauses(prompt)[0].query.symbols


@pytest.mark.parametrize("prompt", ["Fix the parser. It fails", "see src/read_file.py for more", "use JSON"])
def test_words_and_paths_are_no_names(prompt: str) -> None:
    assert not clauses(prompt)[0].query.symbols


def test_what_would_exclude_or_require_words_in_a_search_does_not_in_a_prompt() -> None:
    asked = clauses('run it with -verbose and print "not found" once')[0].query
    assert not asked.excluded and not asked.phrases


def test_politeness_is_not_asked_for() -> None:
    assert clauses("Hi, could you please parse the dates")[0].query.words == ("parse", "dates")


@pytest.mark.parametrize("prompt", ["", "  \n", "```\n```", "?!", "- \n- \n"])
def test_a_prompt_that_says_nothing_has_no_clause(prompt: str) -> None:
    assert clauses(prompt) == ()


@given(st.text(max_size=400))
def test_whatever_is_written_there_are_few_clauses_and_each_asks_for_something(prompt: str) -> None:
    found = clauses(prompt)
    assert len(found) <= MOST and all(one.query.words for one in found)
    assert found == clauses(prompt)


@pytest.mark.parametrize("piece", ["a, and ", "`a ", "```\n", f"{HEAD}\n ", "a_", "A.", "- a\n"])
def test_a_huge_prompt_takes_no_time(piece: str) -> None:
    started = time.process_time()
    clauses(piece * 50_000)
    assert time.process_time() - started < 2.0
