"""What often comes together, counted over files, classes and prompts."""

from __future__ import annotations

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.learning.combinations import lift, together
from tui_patterns.models import Combination, Label
from tui_patterns.store import injections, sessions

RETRY, BREAKER, CACHE = Label("retry", 0.9), Label("circuit_breaker", 0.9), Label("cache", 0.9)


def found(stock: Stock, qualname: str) -> dict[tuple[str, str], Combination]:
    return {(one.where, one.name): one for one in together(stock.conn, stock.row(qualname))}


def test_copies_that_stand_in_the_same_files(stock: Stock) -> None:
    for path in ("a.py", "b.py"):
        stock.put(path, unit("first", path, line=1), unit("second", path, line=20))
    stock.put("c.py", unit("second", "c.py"), unit("third", "c.py", line=20))
    stock.put("d.py", unit("fourth", "d.py"))
    one = found(stock, "first")[("file", "Second")]
    assert (one.support, one.baskets, one.id) == (2, 4, stock.id("second"))
    assert one.lift == pytest.approx(lift(2, 2, 3, 4)) == pytest.approx(4 / 3)
    assert not together(stock.conn, stock.row("third")), "seen together once is no habit"


def test_what_lies_inside_is_no_company(stock: Stock) -> None:
    for path in ("a.py", "b.py"):
        inner = unit("Outer.inner", path, line=2)
        stock.put(path, unit("Outer", path, line=1, kind="class"), inner)
    stock.put("c.py", unit("other", "c.py"))
    assert not together(stock.conn, stock.row("Outer"))


def test_labels_in_the_same_files_and_classes(stock: Stock) -> None:
    for number in range(3):
        path = f"a{number}.py"
        stock.put(
            path,
            unit(f"One{number}.call", path, labels=(RETRY,), body=f"r{number}"),
            unit(f"One{number}.guard", path, line=20, labels=(BREAKER,), body=f"b{number}"),
            unit(f"store{number}", path, line=40, labels=(CACHE,), body=f"c{number}"),
        )
    for number in range(6):
        stock.put(
            f"b{number}.py", unit(f"store_b{number}", f"b{number}.py", labels=(CACHE,), body=f"d{number}")
        )
    company = found(stock, "One0.call")
    breaker = next(one for (_, name), one in company.items() if name == "circuit_breaker")
    assert (breaker.support, breaker.id) == (3, None)
    assert breaker.lift == pytest.approx(3.0)
    assert ("file", "cache") not in company, "it is everywhere: no more than chance"


def test_patterns_that_prompts_got_together(stock: Stock) -> None:
    stock.put("a.py", unit("first", "a.py"))
    stock.put("b.py", unit("second", "b.py"))
    stock.put("c.py", unit("third", "c.py"))
    for number in range(4):
        inject(stock, f"i{number}", ["first", "second"] if number < 2 else ["third"])
    one = found(stock, "first")[("prompt", "Second")]
    assert (one.support, one.baskets) == (2, 4)
    assert one.lift == pytest.approx(2.0)


def inject(stock: Stock, id: str, names: list[str]) -> None:
    sessions.start(stock.conn, "s", "test")
    rows = []
    for rank, name in enumerate(names, 1):
        version = stock.rows("SELECT version_id FROM patterns WHERE id = ?", stock.row(name))[0]["version_id"]
        rows.append(injections.InjectedRow(stock.id(name), version, rank, 1.0, 0.9, 1.0, 10, {}))
    injections.record(stock.conn, injections.NewInjection(id, "s", None, "manual", "h", 10, 100), rows)
