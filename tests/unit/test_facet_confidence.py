"""Evidence for facets: told once a source, believed with a prior, and gone with its pattern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary
from tui_patterns.learning.facets import confidence, confidences, describe_facet
from tui_patterns.learning.ledger import What
from tui_patterns.learning.recording import record_outcome
from tui_patterns.settings import Settings
from tui_patterns.store import facet_evidence, injections, ledger
from tui_patterns.store.migrate import migrations, statements

counts = st.floats(0.0, 500.0)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", unit("load"))
    yield made
    made.close()


def test_one_success_is_far_from_certain() -> None:
    assert confidence(1, 0).mean == pytest.approx(2 / 3)
    assert confidence(0, 1).mean == pytest.approx(1 / 3)
    assert confidence(3, 0).mean == pytest.approx(4 / 5)
    assert confidence(500, 0).mean < 1.0


@given(good=counts, bad=counts)
def test_confidence_is_the_share_of_successes_drawn_to_a_half(good: float, bad: float) -> None:
    found = confidence(good, bad)
    assert found.mean == pytest.approx((good + 1) / (good + bad + 2))
    assert found.low <= found.mean <= found.high
    assert found.n == good + bad


def test_without_evidence_it_is_not_yet_tried() -> None:
    found = confidences(["logging", "import"], {"logging": (2.0, 1.0)})
    assert list(found) == ["logging", "import"]
    assert {name: describe_facet(each) for name, each in found.items()} == {
        "logging": "60 % n 3",
        "import": "not yet tried",
    }


def test_words_are_never_a_false_nought_or_hundred() -> None:
    assert describe_facet(confidence(900, 0)) == "99 % n 900"
    assert describe_facet(confidence(0, 900)) == "1 % n 900"


def use(stock: Stock, injection: str, facets: list[str], success: bool, what: What = "test") -> None:
    """A use of ``load`` whose lines cover these facets, and how it went."""
    ((version,),) = stock.rows("SELECT version_id FROM patterns WHERE gone IS NULL")
    if injections.one(stock.conn, injection) is None:
        row = injections.InjectedRow(stock.id("load"), version, 1, 0.5, 0.5, 0.5, 10, {})
        entry = injections.NewInjection(injection, "s", None, "manual", "h", 10, 100)
        injections.record(stock.conn, entry, [row])
    record_outcome(
        stock.conn, injection, stock.id("load"), success, what=what, source=what, detail={"facets": facets}
    )


def counts_of(stock: Stock) -> dict[str, tuple[float, float]]:
    assert ledger.rebuild(stock.conn) == {}
    return facet_evidence.counts(stock.conn, stock.row("load"))


def test_evidence_adds_up_by_facet(stock: Stock) -> None:
    use(stock, "i", ["logging", "import"], True)
    use(stock, "j", ["logging"], False)
    assert counts_of(stock) == {"import": (1.0, 0.0), "logging": (1.0, 1.0)}


def test_a_test_that_tells_again_replaces_what_it_said(stock: Stock) -> None:
    use(stock, "i", ["logging"], True)
    use(stock, "i", ["logging"], False)
    assert counts_of(stock) == {"logging": (0.0, 1.0)}


def test_only_tests_say_it_of_single_lines(stock: Stock) -> None:
    use(stock, "i", ["logging"], True, what="git")
    assert counts_of(stock) == {}


def test_evidence_goes_with_its_project(stock: Stock) -> None:
    use(stock, "i", ["logging"], True)
    stock.conn.execute("DELETE FROM projects")
    assert stock.rows("SELECT * FROM facet_evidence") == []


def test_what_was_told_before_the_ledger_named_facets_stays(stock: Stock) -> None:
    use(stock, "i", ["import", "logging"], True)
    stock.conn.execute("UPDATE events SET data = json_remove(data, '$.detail.facets')")
    sql = next(script for number, script in migrations() if number == 24)
    for statement in statements(sql):
        stock.conn.execute(statement)
    assert counts_of(stock) == {"import": (1.0, 0.0), "logging": (1.0, 0.0)}


def test_the_library_tells_of_the_facets_that_a_pattern_has(stock: Stock) -> None:
    stock.put("app.py", replace(unit("load"), facets={"logging": {"levels": {}}, "import": {"used": {}}}))
    use(stock, "i", ["logging", "execution"], True)
    library = PatternLibrary(stock.path, settings=Settings())
    found = library.facet_confidence(stock.id("load"))
    assert {name: each.n for name, each in found.items()} == {"logging": 1.0, "import": 0.0}
