"""``simulate``, ``experiment`` and ``decisions`` on the command line: contracts and plain words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.conftest import Said
from tests.unit.stock import Stock, unit


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("a.py", unit("wrap_text", "a.py"))
    made.put("b.py", unit("fold_text", "b.py"))
    yield made
    made.close()


def test_simulate_keeps_its_contract_and_needs_no_library(said: Said, tmp_path: Path) -> None:
    code, out, err = said("simulate", "--worlds", "2", "--injections", "30", "--seed", "5", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "") and found["worlds"] == 2 and found["injections"] == 30
    keys = ("coverage90", "regret_ratio", "new_best_in_top3", "false_winners")
    assert all(isinstance(found[key], float) for key in keys)
    assert list(tmp_path.iterdir()) == []
    assert "90 % intervals" in said("simulate", "--worlds", "1", "--injections", "10")[1]
    assert said("simulate", "--worlds", "0")[0] == 2


def test_an_experiment_from_start_to_stop(said: Said, stock: Stock) -> None:
    a, b = stock.id("wrap_text"), stock.id("fold_text")
    assert "No experiment yet" in said("experiment", "list")[1]
    code, planned, _ = said("experiment", "start", a[:8], b[:8], "--plan")
    assert code == 0 and "Sessions with a known result" in planned
    assert json.loads(said("experiment", "start", a, b, "--plan", "--json")[1])["expected"]
    assert "No experiment yet" in said("experiment", "list")[1], "a plan begins nothing"
    code, out, _ = said("experiment", "start", a[:8], b[:8])
    assert out.startswith(planned), "said before it begins"
    assert code == 0 and "Sessions with a known result that it takes:" in out
    listed = said("experiment", "list")[1]
    assert "Not enough data" in listed and "Lift of injecting: not enough data" in listed
    shape = json.loads(said("experiment", "list", "--json")[1])
    assert shape["experiments"][0]["enough"] is False and shape["lift"]["difference"] is None
    code, out, err = said("experiment", "start", a, a)
    assert (code, out) == (1, "") and err.count("\n") == 1
    assert said("experiment", "stop", "1")[0] == 0
    assert said("experiment", "stop", "1")[0] == 1


def test_decisions_without_any_say_so(said: Said, stock: Stock) -> None:
    assert "no outcome yet" in said("decisions")[1]
    shape = json.loads(said("decisions", "--json")[1])
    assert shape["kinds"]["inject"]["weight"] == 0.5 and not shape["kinds"]["inject"]["retired"]
