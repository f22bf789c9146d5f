"""What cannot be is no event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.ledgered import dumped, inject, stocked
from tests.unit.stock import Stock
from tui_patterns.learning.ledger import Event, LedgerError
from tui_patterns.learning.recording import (
    record_outcome,
)
from tui_patterns.store import ledger
from tui_patterns.store.sql import now


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = stocked(tmp_path / "patterns.db")
    yield made
    made.close()


GOOD: dict[str, Any] = {"what": "test", "success": True, "weight": 1.0, "source": "x"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "rumour"}, "no event has the kind"),
    ({"key": ""}, "needs a key"),
    ({"at": float("nan")}, "a time is"),
    ({"at": float("inf")}, "a time is"),
    ({"at": -1.0}, "a time is"),
    ({"at": now() + 10 * 365 * 86_400}, "in the future"),
    ({"pattern": "0" * 36}, "no pattern has the id"),
    ({"pattern": None}, "names its pattern"),
    ({"injection": "nobody"}, "no injection has the id"),
    ({"pattern": "save"}, "holds no pattern"),
    ({"data": {**GOOD, "weight": float("nan")}}, "not finite"),
    ({"data": {**GOOD, "weight": 0}}, "weight"),
    ({"data": {**GOOD, "weight": 7.0}}, "weight"),
    ({"data": {**GOOD, "success": 2}}, "true, false or unknown"),
    ({"data": {**GOOD, "source": ""}}, "its source"),
    ({"data": {**GOOD, "detail": {"seconds": [float("inf")]}}}, "not finite"),
    ({"kind": "use", "data": {"similarity": 1.5}}, "similarity"),
    ({"kind": "retract", "data": {}}, "by its source"),
    ({"kind": "retract", "injection": None, "data": {"source": "a"}}, "names its injection"),
    ({"kind": "rating", "session": "s", "data": {"rating": 0}}, "from 1 to 5"),
    ({"kind": "rating", "session": "s", "data": {"rating": 6}}, "from 1 to 5"),
    ({"kind": "rating", "session": "s", "data": {"rating": float("nan")}}, "not finite"),
    ({"kind": "rating", "session": "s", "data": {"rating": True}}, "from 1 to 5"),
    ({"kind": "rating", "data": {"rating": 3}}, "names its session"),
    ({"kind": "injection", "session": "s", "injection": "j", "pattern": None}, "an injection names"),
]


@pytest.mark.parametrize(("changes", "line"), BAD)
def test_what_cannot_be_is_refused_in_one_line_and_changes_nothing(
    stock: Stock, changes: dict[str, Any], line: str
) -> None:
    inject(stock, "i", "load")
    record_outcome(stock.conn, "i", stock.id("load"), True)
    before, count = dumped(stock.conn), len(ledger.events(stock.conn))
    fine: dict[str, Any] = {
        "kind": "outcome",
        "at": now(),
        "injection": "i",
        "pattern": stock.id("load"),
        "key": "k",
        "data": GOOD,
    }
    if changes.get("pattern") == "save":
        changes = {**changes, "pattern": stock.id("save")}
    with pytest.raises(LedgerError, match=line) as refused:
        ledger.append(stock.conn, Event(**{**fine, **changes}))
    assert "\n" not in str(refused.value)
    assert dumped(stock.conn) == before and len(ledger.events(stock.conn)) == count
