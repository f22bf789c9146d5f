"""Nearest patterns under filters: what asking for more gives is what a scan of all admitted ones gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.models import Filters, Label
from tui_patterns.search import narrowed
from tui_patterns.search.exact import ExactIndex
from tui_patterns.search.narrowed import nearest
from tui_patterns.search.vectors import Match
from tui_patterns.store import patterns, vectors

COUNT, LIMIT = 120, 2
PRINT = "model"
QUERY = np.array([1.0, 0.0], np.float32)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    made = Stock(tmp_path_factory.mktemp("stock") / "patterns.db")
    made.put("app.py", *(unit(f"f{n}", line=10 * n, quality=n / COUNT, category="rare" if n == 3 else "usual",
                              subcategory="eighth" if n % 8 == 7 else None,
                              labels=[Label("twelfth", 0.9, (), "")] if n % 12 == 0 else [])
                         for n in range(COUNT)))  # fmt: skip
    rows = dict(
        made.conn.execute("SELECT p.uuid, v.doc_hash FROM patterns p JOIN versions v ON v.id = p.version_id")
    )
    ids, directions = placed(made)
    vectors.save(
        made.conn, PRINT, [(rows[id], row.tobytes()) for id, row in zip(ids, directions, strict=True)]
    )
    yield made
    made.close()


def placed(stock: Stock) -> tuple[list[str], np.ndarray]:
    """Ids, and a vector for each: the better, the nearer."""
    angles = np.linspace(1.5, 0.0, COUNT)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    return [stock.id(f"f{n}") for n in range(COUNT)], rows


class Index:
    """An exact index that counts how it was asked."""

    def __init__(self, stock: Stock) -> None:
        self.exact = ExactIndex(*placed(stock))
        self.listed: list[int | None] = []

    def ask(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None) -> list[Match] | None:
        self.listed.append(None if allowed is None else len(allowed))
        return self.exact.query(vector, limit, allowed)


FILTERS = [
    (Filters(), [None]),
    (Filters(category="usual"), [None]),
    (Filters(min_quality=0.5), [None]),
    (Filters(subcategory="eighth"), [None, None]),
    (Filters(label="twelfth"), [None]),
    (Filters(category="rare"), [None]),
    (Filters(category="unheard of"), [None]),
]


def same(found: list[Match] | None, expected: list[Match]) -> bool:
    """Whether both name the same patterns, as near as vectors are stored."""
    assert found is not None
    return [id for id, _ in found] == [id for id, _ in expected] and [near for _, near in found] == (
        pytest.approx([near for _, near in expected], abs=5e-3)
    )


@pytest.mark.parametrize(("filters", "listed"), FILTERS)
def test_what_is_admitted_is_found_without_listing_it_to_the_index(
    stock: Stock, filters: Filters, listed: list[int | None]
) -> None:
    index = Index(stock)
    found = nearest(stock.conn, index.ask, QUERY, LIMIT, filters, PRINT)
    assert same(found, index.exact.query(QUERY, LIMIT, patterns.allowed(stock.conn, filters)))
    assert index.listed == listed


@pytest.mark.parametrize(
    ("filters", "listed"), [(Filters(label="twelfth"), [None, 10]), (Filters(category="rare"), [None, 1])]
)
def test_more_than_a_few_are_listed_to_the_index(
    stock: Stock, filters: Filters, listed: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowed, "FEW", 0)
    index = Index(stock)
    found = nearest(stock.conn, index.ask, QUERY, LIMIT, filters, PRINT)
    assert same(found, index.exact.query(QUERY, LIMIT, patterns.allowed(stock.conn, filters)))
    assert index.listed == listed


@pytest.mark.parametrize("filters", [one for one, _ in FILTERS])
def test_a_few_pass_the_same_filters_as_all(stock: Stock, filters: Filters) -> None:
    ids = [stock.id(f"f{n}") for n in range(0, COUNT, 3)]
    allowed = patterns.allowed(stock.conn, filters)
    expected = {id for id in ids if allowed is None or id in allowed}
    assert set(patterns.admitted(stock.conn, ids, filters)) == expected


def test_an_index_that_cannot_tell_is_not_asked_twice(stock: Stock) -> None:
    assert nearest(stock.conn, lambda *_: None, QUERY, LIMIT, Filters(category="usual"), PRINT) is None
