"""Nearest patterns under filters: what asking for more gives is what a scan of all admitted ones gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.models import Filters
from tui_patterns.search.exact import ExactIndex
from tui_patterns.search.narrowed import MORE, nearest
from tui_patterns.search.vectors import Match
from tui_patterns.store import patterns

COUNT, LIMIT = 120, 2
QUERY = np.array([1.0, 0.0], np.float32)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    made = Stock(tmp_path_factory.mktemp("stock") / "patterns.db")
    made.put("app.py", *(unit(f"f{n}", line=10 * n, quality=n / COUNT, category="rare" if n == 3 else "usual")
                         for n in range(COUNT)))  # fmt: skip
    yield made
    made.close()


class Index:
    """An exact index, the best quality nearest, that counts how it was asked."""

    def __init__(self, stock: Stock) -> None:
        angles = np.linspace(1.5, 0.0, COUNT)
        rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
        self.exact = ExactIndex([stock.id(f"f{n}") for n in range(COUNT)], rows)
        self.listed: list[int | None] = []

    def ask(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None) -> list[Match] | None:
        self.listed.append(None if allowed is None else len(allowed))
        return self.exact.query(vector, limit, allowed)


@pytest.mark.parametrize(
    ("filters", "listed"),
    [
        (Filters(), [None]),
        (Filters(category="usual"), [None]),
        (Filters(min_quality=0.5), [None]),
        (Filters(category="rare"), [None] * len(MORE) + [1]),
        (Filters(category="unheard of"), [None] * len(MORE) + [0]),
    ],
)
def test_only_what_admits_little_of_what_is_near_is_listed(
    stock: Stock, filters: Filters, listed: list[int | None]
) -> None:
    index = Index(stock)
    found = nearest(stock.conn, index.ask, QUERY, LIMIT, filters)
    assert found == index.exact.query(QUERY, LIMIT, patterns.allowed(stock.conn, filters))
    assert index.listed == listed


def test_an_index_that_cannot_tell_is_not_asked_twice(stock: Stock) -> None:
    assert nearest(stock.conn, lambda *_: None, QUERY, LIMIT, Filters(category="usual")) is None
