"""How well words are met: a share that depends on the query and the pattern alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.parameters import FIELDS
from tui_patterns.search.query import read
from tui_patterns.search.scoring import NOTHING, WordMatch, admits, score, telling
from tui_patterns.store import words

WORD = st.sampled_from(["wrap", "text", "width", "line", "cell", "fold"])
TEXTS = st.lists(st.lists(WORD, max_size=6).map(" ".join), min_size=len(FIELDS), max_size=len(FIELDS))


def fields(**texts: str) -> tuple[str, ...]:
    return tuple(texts.get(field, "") for field in FIELDS)


def met(query: str, counts: dict[str, int] | None = None, **texts: str) -> WordMatch:
    asked = read(query)
    found = telling(asked, {word: (counts or {}).get(word, 10) for word in asked.words}, 1_000)
    return score(found, fields(**texts))


def test_the_fields_are_those_that_are_stored() -> None:
    assert tuple(FIELDS) == words.FIELDS


def test_a_name_says_more_than_code_and_all_words_more_than_some() -> None:
    name, body = met("wrap text ", title="wrap text", names="wrap text"), met("wrap text ", body="wrap text")
    half = met("wrap text ", title="wrap", names="wrap")
    assert 1.0 > name.share > body.share > 0.0 and name.share > half.share
    assert (name.covered, half.covered, body.covered) == (1.0, 0.5, 1.0)
    assert dict(half.fields) == {"title": 0.5, "names": 0.5}


def test_words_are_met_in_any_form_and_without_diacritics() -> None:
    assert met("wrapping ", names="wrap").covered == 1.0
    assert met("naïve ", names="naiv").covered == met("naive ", names="naïv").covered == 1.0


def test_a_rare_word_counts_for_more_than_a_common_one() -> None:
    counts = {"wrap": 3, "cell": 800}
    assert met("wrap cell ", counts, names="wrap").share > 5 * met("wrap cell ", counts, names="cell").share


def test_one_rare_word_does_not_outweigh_the_rest_of_a_sentence() -> None:
    counts = {"fold": 1, "wrap": 60, "text": 60}
    rest = met("fold wrap text ", counts, names="wrap text")
    assert rest.share > met("fold wrap text ", counts, names="fold").share


def test_what_is_being_typed_may_begin_a_word_of_a_name_but_not_of_other_fields() -> None:
    assert met("wra", names="wrap").covered == 1.0
    assert met("wra ", names="wrap") == met("wra", prose="wrap") == WordMatch(0.0, 0.0, ())


def test_long_documents_are_worth_a_little_less() -> None:
    assert (
        met("wrap ", names="wrap").share
        > met("wrap ", names="wrap", body=" ".join(f"w{n}" for n in range(300))).share
    )


def test_without_words_nothing_is_met() -> None:
    assert score([], fields(title="wrap")) == NOTHING


@given(query=st.lists(WORD, min_size=1, max_size=4).map(" ".join), texts=TEXTS, more=WORD)
def test_it_is_a_share_and_a_word_more_in_a_name_never_hurts_by_itself(
    query: str, texts: list[str], more: str
) -> None:
    asked = read(query + " ")
    found = telling(asked, dict.fromkeys(asked.words, 10), 1_000)
    before = score(found, texts)
    assert 0.0 <= before.share <= before.covered <= 1.0 + 1e-9
    if any(word.stem == more for word in found):
        assert score(found, [f"{texts[0]} {more}", *texts[1:]]).covered >= before.covered


@pytest.mark.parametrize(
    ("phrases", "excluded", "admitted"),
    [
        ([("wrap", "text")], frozenset(), True),
        ([("text", "wrap")], frozenset(), False),
        ([("text", "line")], frozenset(), False),
        ([], frozenset({"line"}), False),
        ([], frozenset({"lin"}), True),
    ],
)
def test_phrases_stand_side_by_side_in_one_field(
    phrases: list[tuple[str, ...]], excluded: frozenset[str], *, admitted: bool
) -> None:
    assert admits(fields(title="wrap text", body="line"), phrases, excluded) is admitted
