"""``metrics`` on the command line: the figures of the app, unknown as null, and the events behind each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Said
from tests.unit.stock import Stock, unit
from tui_patterns.api import FIGURES, Metrics, PatternLibrary, measured_json
from tui_patterns.models import Event
from tui_patterns.settings import load_settings
from tui_patterns.store import ledger, ratings


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("a.py", unit("wrap_text", "a.py"), unit("fold_text", "a.py", line=30))
    yield made
    made.close()


def test_without_anything_it_says_what_is_not_known(said: Said) -> None:
    code, out, err = said("metrics")
    assert (code, err) == (0, "") and out.count("unknown") >= 4 and out.count("not enough data") == 2
    assert said("metrics", "--events", "success")[1] == "Nothing stands behind this figure yet.\n"


def test_json_is_what_the_app_is_given(said: Said, stock: Stock) -> None:
    ratings.save(stock.conn, stock.row("wrap_text"), "s", 5)
    shape = json.loads(said("metrics", "--json")[1])
    library = PatternLibrary(stock.path, settings=load_settings())
    own = json.loads(json.dumps(measured_json(Metrics(library).measure())))
    library.close()
    assert [one["key"] for one in shape["figures"]] == list(FIGURES)
    for one, other in zip(shape["figures"], own["figures"], strict=True):
        for key in ("key", "title", "unit", "value", "n", "of", "low", "high", "note"):
            assert one[key] == other[key]
    by_key = {one["key"]: one for one in shape["figures"]}
    assert by_key["decisions"]["value"] is None and by_key["success"]["n"] == 1
    assert shape["days"] is None and json.loads(said("metrics", "--days", "7", "--json")[1])["days"] == 7


def test_events_are_lines_for_a_person_and_objects_for_a_program(said: Said, stock: Stock) -> None:
    ratings.save(stock.conn, stock.row("wrap_text"), "s", 2, None, "bad \x1b[31m words")
    (one,) = json.loads(said("metrics", "--events", "success", "--json")[1])
    assert (one["kind"], one["good"], one["pattern"]) == ("rating", False, stock.id("wrap_text"))
    assert one["event"] is not None and one["session"] == "s"
    line = said("metrics", "--events", "success")[1]
    assert "rated 2 of 5: Wrap Text" in line and "\x1b" not in line and line.count("\n") == 1
    assert len(json.loads(said("metrics", "--events", "patterns", "--limit", "1", "--json")[1])) == 1


@pytest.mark.parametrize(
    "argv", [("--events", "opn"), ("--days", "0"), ("--days", "x"), ("--limit", "0")], ids=" ".join
)
def test_what_cannot_be_is_one_line_and_exit_code_2(said: Said, stock: Stock, argv: tuple[str, ...]) -> None:
    code, out, err = said("metrics", *argv)
    assert (code, out) == (2, "") and err.count("\n") == 1


def test_a_foreign_event_is_told_plainly(said: Said, stock: Stock) -> None:
    """An event of a later version, or with less in it than today's, does not stop the list."""
    data = {"patterns": [], "arm": "auto", "prompt_hash": "h", "tokens": 0, "budget": 0}
    ledger.append(stock.conn, Event("injection", 1.0, "s", "i", key="injection:i", data=data))
    ledger.append(stock.conn, Event("decision", 2.0, "s", key="decision:x", data={}))
    for figure in FIGURES:
        code, _, err = said("metrics", "--events", figure)
        assert (code, err) == (0, "")
