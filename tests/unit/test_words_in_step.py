"""The full-text index holds the words of the patterns that stand, after any edits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.embedding.stems import stem
from tui_patterns.store import fts


def in_step(stock: Stock) -> bool:
    """Whether the full-text index holds just the words of ``search_docs``, by SQLite's own check."""
    stock.conn.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    docs = {row["pattern_id"] for row in stock.rows("SELECT pattern_id FROM search_docs")}
    return docs == {row["id"] for row in stock.rows("SELECT id FROM patterns WHERE gone IS NULL")}


def test_words_follow_a_pattern_through_its_life(stock: Stock) -> None:
    def found(word: str) -> list[str]:
        return [hit.id for hit in fts.match(stock.conn, f'"{stem(word)}"', 5)]

    stock.put("app.py", unit("load_orders", body="same", docstring="Reads them."))
    first = stock.id("load_orders")
    assert found("orders") == found("reads") == [first] and in_step(stock)
    stock.put("app.py", unit("fetch_orders", body="same", docstring="Gets them."))
    assert found("fetch") == found("gets") == [first]
    assert found("load") == found("reads") == [] and in_step(stock)
    stock.drop("app.py")
    assert found("fetch") == [] and in_step(stock)
    stock.put("back.py", unit("fetch_orders", "back.py", body="same"))
    assert found("fetch") == found("back") == [first] and in_step(stock)


FILES = st.dictionaries(
    st.sampled_from(["a.py", "b.py"]),
    st.none() | st.lists(st.sampled_from(["load", "save", "send"]), max_size=3, unique=True),
    min_size=1,
)


@settings(max_examples=15)
@given(steps=st.lists(FILES, min_size=1, max_size=5))
def test_words_are_in_step_after_any_edits(
    steps: list[dict[str, list[str] | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("steps") / "patterns.db")
    for step in steps:
        for path, names in step.items():
            if names is None:
                stock.drop(path)
            else:
                stock.put(path, *(unit(name, path, line=10 * n) for n, name in enumerate(names)))
    assert in_step(stock)
    stock.close()
