"""What is like an example: the engine and a one-shot command find the same, and never the example itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.integration.engines import Engine
from tui_patterns.api import Examples, Indexer, PatternLibrary
from tui_patterns.api.meaning import example_rows
from tui_patterns.models import Example, Filters, Pattern
from tui_patterns.settings import Settings

TRACEBACK = "Traceback (most recent call last):\n  File \"a.py\", line 3, in order_total\nKeyError: 'price'\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> PatternLibrary:
    folder = tmp_path_factory.mktemp("library")
    library = PatternLibrary(folder / "patterns.db", settings=Settings())
    Indexer(library).index([SAMPLE])
    return library


def one(library: PatternLibrary, qualname: str) -> Pattern:
    return next(pattern for pattern in library.recent(100) if pattern.qualname == qualname)


def examples(library: PatternLibrary) -> list[Example]:
    """One of each kind, and lines from within a function."""
    total = one(library, "order_total")
    lines = "\n".join(total.code.split("\n")[2:5])
    return [
        Example(total.code, "pattern", total.id),
        Example(total.code, "code", total.id),
        Example(lines, "code", total.id),
        Example(TRACEBACK, "error"),
        Example("order_total sums the prices of an order", "words"),
    ]


def test_the_engine_finds_what_a_command_finds(library: PatternLibrary) -> None:
    expected = [example_rows(library, example, Filters()) for example in examples(library)]
    with Engine(library.data_dir, SAMPLE) as engine:
        engine.ready()
        for example, here in zip(examples(library), expected, strict=True):
            there = engine.ask(engine.client.example(example))
            assert there and here
            assert there.fingerprint == here.fingerprint
            nearest = dict(here.rows)
            assert {id for id, _ in there.rows[:5]} <= set(nearest)
            assert all(abs(nearest[id] - cosine) < 1e-3 for id, cosine in there.rows[:5])


def test_an_example_is_no_answer_to_itself_and_near_rows_join(library: PatternLibrary) -> None:
    found = Examples(library)
    for example in examples(library):
        by_words = found.like(example, 5)
        rows = example_rows(library, example, Filters())
        both = found.like(example, 5, semantic=rows)
        assert (by_words.mode, both.mode) == ("lexical", "hybrid")
        assert by_words.hits and len(both.hits) == 5
        assert all(hit.pattern.id != example.pattern for hit in (*by_words.hits, *both.hits))


def test_a_filter_holds_for_examples_too(library: PatternLibrary) -> None:
    total = one(library, "order_total")
    example = Example(total.code, "code", total.id)
    hits = Examples(library).like(example, 20, Filters(pattern_type="class_pattern")).hits
    assert all(hit.pattern.pattern_type == "class_pattern" for hit in hits)
    assert Examples(library).like(example, 20, Filters(min_confidence=0.1)).hits


def test_a_pattern_without_a_vector_is_embedded_as_it_stands(library: PatternLibrary) -> None:
    total = one(library, "order_total")
    rows = example_rows(library, Example(total.code, "pattern", "no-such-id"), Filters())
    assert rows and rows.rows[0][0] == total.id


def test_an_example_of_nothing_finds_nothing(library: PatternLibrary, tmp_path: Path) -> None:
    assert example_rows(library, Example(""), Filters()) is None
    assert not Examples(library).like(Example(""), 5).hits
