"""What was asked: kinds of query told apart, and what must or must not be there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.query import of_code, of_error, rarest, read

TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/main.py", line 12, in <module>
    load_orders(path)
  File "/srv/app/orders.py", line 40, in load_orders
    return parse_order(text)
KeyError: 'customer_id'
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("wrap text to a given width", "words"),
        ("read", "symbol"),
        ("parse_http_response", "symbol"),
        ("RetryPolicy.execute()", "symbol"),
        ("KeyError: 'customer_id'", "error"),
        ("requests.exceptions.ConnectionError: refused", "error"),
        (TRACEBACK, "error"),
        ("def wrap(text):\n    return text.strip()\n", "code"),
        ("for line in lines:\n    print(line)", "code"),
        ("two lines of plain words\nare no code", "words"),
        ("", "words"),
    ],
)
def test_kinds_are_told_apart(text: str, kind: str) -> None:
    assert read(text).kind == kind


def test_words_are_distinct_and_without_function_words_but_what_is_typed_stays() -> None:
    asked = read("how to wrap a text and a")
    assert (asked.words, asked.typing) == (("wrap", "text", "a"), True)
    asked = read("how to wrap a text and a ")
    assert (asked.words, asked.typing) == (("wrap", "text"), False)


def test_phrases_must_be_there_and_what_has_a_minus_must_not() -> None:
    asked = read('"wrapped text" width -console -"table row"')
    assert asked.phrases == (("wrap", "text"),)
    assert asked.excluded == {"consol", "tabl", "row"}
    assert asked.words == ("wrapped", "text", "width")


def test_a_minus_inside_of_words_excludes_nothing() -> None:
    assert not read("non-blocking back-off x - y -").excluded


def test_a_name_asked_for_is_met_exactly_one_in_a_sentence_is_a_word() -> None:
    assert read("click.Context()").symbols == {"click.Context", "Context"}
    assert read("Session").symbols == {"Session"}
    assert read("how pass_context hands a click.Context on").symbols == frozenset()
    assert read("plain words about sessions").symbols == frozenset()


def test_an_error_is_its_type_its_words_without_values_and_the_functions_it_went_through() -> None:
    asked = of_error(TRACEBACK)
    assert asked.meaning == "KeyError 'customer_id'"
    assert {"key", "error", "load", "orders", "parse"} >= set(asked.words) - {"order"}
    assert "customer" not in asked.words and "module" not in asked.words
    assert asked.symbols == {"load_orders", "KeyError"}


def test_code_is_its_identifiers_in_words_without_keywords() -> None:
    asked = of_code("def fetchAll(urls):\n    return [get(url) for url in urls]\n")
    assert asked.words == ("fetch", "all", "urls", "get", "url")
    assert (asked.kind, asked.typing, asked.symbols) == ("code", False, frozenset())


def test_of_many_words_the_rarest_stay_in_their_order() -> None:
    assert rarest(["a", "b", "c", "d"], {"a": 5, "b": 9, "c": 1, "d": 0}, 2) == ["a", "c"]


def test_what_only_excludes_is_words_as_any() -> None:
    assert read("-wrap") == read("-wrap") and read("-wrap").words == ("wrap",) and not read("-wrap").excluded


@given(st.text(max_size=200))
def test_any_text_is_a_query(text: str) -> None:
    asked = read(text)
    assert len(set(asked.words)) == len(asked.words)
    assert all(word == word.lower() for word in asked.words)
