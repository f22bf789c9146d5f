"""The ledger: an event told twice is one, and a use is one trial, by the strongest last word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.ledgered import NAMES, believed, dumped, inject, state, stocked
from tests.unit.stock import Stock
from tui_patterns.learning.ledger import STRENGTHS, Event, learning_event
from tui_patterns.learning.recording import (
    record_censored,
    record_outcome,
    record_retracted,
    record_unused,
    record_use,
)
from tui_patterns.learning.usage import usage
from tui_patterns.store import injections, ledger, ratings
from tui_patterns.store.sql import now


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = stocked(tmp_path / "patterns.db")
    yield made
    made.close()


def test_an_event_told_twice_is_one_event(stock: Stock) -> None:
    event = Event("tool", now(), session="s", key="tool:1", data={"exit_code": 1})
    assert ledger.append(stock.conn, event) and not ledger.append(stock.conn, event)
    assert not ledger.append(stock.conn, replace(event, data={"exit_code": 0}))
    (found,) = ledger.events(stock.conn, session="s")
    assert (found.kind, found.data) == ("tool", {"exit_code": 1})


def test_every_writer_leaves_an_event(stock: Stock) -> None:
    inject(stock, "i", "load")
    record_use(stock.conn, "i", stock.id("load"))
    record_outcome(stock.conn, "i", stock.id("load"), True, what="test", source="test:a")
    ratings.save(stock.conn, stock.row("load"), "s", 4)
    ratings.remove(stock.conn, stock.row("load"), "s")
    kinds = [one.kind for one in ledger.events(stock.conn, session="s")]
    assert sorted(kinds) == sorted(["injection", "use", "outcome", "rating", "unrate"])


def test_events_carry_the_names_of_what_they_teach(stock: Stock) -> None:
    def outcome(what: str, success: bool | None) -> Event:
        return Event("outcome", 0, data={"what": what, "success": success})

    assert learning_event(outcome("test", True)) == "test_passed"
    assert learning_event(outcome("test", False)) == "test_failed"
    assert learning_event(outcome("performance", True)) == "performance_improved"
    assert learning_event(outcome("performance", False)) == "performance_worsened"
    assert learning_event(outcome("git", True)) == "implementation_success"
    assert learning_event(outcome("explicit", False)) == "implementation_failure"
    assert learning_event(outcome("test", None)) is None
    assert learning_event(Event("rating", 0, data={"rating": 5})) == "implementation_success"
    assert learning_event(Event("rating", 0, data={"rating": 3})) is None
    assert learning_event(Event("pattern_identified", 0)) == "pattern_identified"
    assert learning_event(Event("use", 0)) is None


def test_an_injected_pattern_is_open_until_something_is_known(stock: Stock) -> None:
    inject(stock, "i", "load", "save")
    assert state(stock, "i") == "open"
    lines = [{"path": "new.py", "line": 3, "end_line": 9}]
    assert record_use(stock.conn, "i", stock.id("load"), similarity=0.9, evidence=lines)
    assert (state(stock, "i"), state(stock, "i", "save")) == ("used", "open")
    row = injections.patterns_of(stock.conn, "i")[0]
    assert row["similarity"] == 0.9 and "new.py" in row["evidence"]


def test_shown_but_not_used_never_touches_success(stock: Stock) -> None:
    inject(stock, "i", "load")
    before = believed(stock)
    assert record_unused(stock.conn, "i", stock.id("load"))
    assert state(stock, "i") == "unused" and believed(stock) == before
    assert injections.adoption(stock.conn, stock.id("load")) == (0, 1)


def test_a_use_outlasts_a_cut_off_and_an_open_one_is_censored(stock: Stock) -> None:
    inject(stock, "i", "load", "save")
    record_use(stock.conn, "i", stock.id("load"))
    assert record_censored(stock.conn, "i", reason="API error") and not record_censored(
        stock.conn, "i", reason="API error"
    )
    assert (state(stock, "i"), state(stock, "i", "save")) == ("used", "censored")


def test_an_outcome_lands_on_its_pattern_only(stock: Stock) -> None:
    inject(stock, "i", "load", "save", "drop")
    before = believed(stock, "save"), believed(stock, "drop")
    record_outcome(stock.conn, "i", stock.id("load"), False, what="test", source="test:a")
    assert believed(stock)[1] == 1.0
    assert (believed(stock, "save")[1], believed(stock, "drop")[1]) == (0.0, 0.0)
    assert [state(stock, "i", name) for name in NAMES[:3]] == ["used", "open", "open"]
    assert believed(stock, "save")[0] < before[0][0], "only the pool that they share moves"


def test_the_same_outcome_sent_a_thousand_times_is_one(stock: Stock) -> None:
    inject(stock, "i", "load")
    assert record_outcome(stock.conn, "i", stock.id("load"), True)
    once, size = dumped(stock.conn), stock.rows("SELECT COUNT(*) AS n FROM events")[0]["n"]
    assert not any(record_outcome(stock.conn, "i", stock.id("load"), True) for _ in range(1000))
    assert dumped(stock.conn) == once
    assert stock.rows("SELECT COUNT(*) AS n FROM events")[0]["n"] == size


def test_a_use_is_one_trial_however_many_speak_of_it(stock: Stock) -> None:
    inject(stock, "i", "load")
    load = stock.id("load")
    record_outcome(stock.conn, "i", load, False, what="git", source="git")
    assert believed(stock)[1] == STRENGTHS["git"]
    record_outcome(stock.conn, "i", load, True, what="build", source="build")
    assert believed(stock)[1] == STRENGTHS["build"]
    record_outcome(stock.conn, "i", load, True, what="test", source="test:a")
    record_outcome(stock.conn, "i", load, False, what="test", source="test:b")
    (trial,) = stock.rows("SELECT * FROM trials")
    assert (trial["weight"], trial["success"]) == (1.0, 0), "one covering test that fails decides"
    record_outcome(stock.conn, "i", load, True)
    (trial,) = stock.rows("SELECT * FROM trials")
    assert (trial["kind"], trial["success"]) == ("explicit", 1), "a person's word is the strongest"
    assert len(stock.rows("SELECT * FROM outcomes")) == 5


def test_a_source_that_changes_its_mind_is_taken_at_its_last_word(stock: Stock) -> None:
    inject(stock, "i", "load")
    for success in (True, False, True, None):
        assert record_outcome(stock.conn, "i", stock.id("load"), success)
    assert stock.rows("SELECT * FROM trials") == [] and state(stock, "i") == "used"


def test_a_word_that_is_taken_back_leaves_what_stood_before(stock: Stock) -> None:
    inject(stock, "i", "load", "save")
    load, before = stock.id("load"), dumped(stock.conn)
    assert not record_retracted(stock.conn, "i", load), "nothing was said"
    record_outcome(stock.conn, "i", load, True)
    once = dumped(stock.conn)
    record_outcome(stock.conn, "i", load, False)
    assert record_retracted(stock.conn, "i", load) and dumped(stock.conn) == once
    assert record_retracted(stock.conn, "i", load) and dumped(stock.conn) == before
    assert state(stock, "i") == "open" and not record_retracted(stock.conn, "i", load)
    assert usage(stock.conn, load).uses == 0
    kinds = [one.kind for one in ledger.events(stock.conn, pattern=load, injection="i")]
    assert kinds == ["outcome", "outcome", "retract", "retract"], "nothing is deleted"
    assert record_outcome(stock.conn, "i", load, False), "and may be said again"
    assert state(stock, "i") == "used" and ledger.rebuild(stock.conn) == {}


def test_only_the_word_of_its_own_source_is_taken_back(stock: Stock) -> None:
    inject(stock, "i", "load")
    load = stock.id("load")
    record_use(stock.conn, "i", load, similarity=0.9)
    record_outcome(stock.conn, "i", load, False, what="test", source="tests")
    record_outcome(stock.conn, "i", load, True)
    assert record_retracted(stock.conn, "i", load) and not record_retracted(stock.conn, "i", load)
    (trial,) = stock.rows("SELECT * FROM trials")
    assert (trial["kind"], trial["success"], state(stock, "i")) == ("test", 0, "used")
    assert ledger.rebuild(stock.conn) == {}


def test_the_outcome_that_is_shown_is_the_one_that_counts(stock: Stock) -> None:
    inject(stock, "i", "load")
    record_outcome(stock.conn, "i", stock.id("load"), False, what="test", source="tests")
    record_outcome(stock.conn, "i", stock.id("load"), True, what="git", source="git")
    (trial,) = stock.rows("SELECT * FROM trials")
    assert trial["success"] == 0 == injections.patterns_of(stock.conn, "i")[0]["success"]


def test_a_clock_set_back_lets_the_later_word_stand(stock: Stock) -> None:
    inject(stock, "i", "load")
    ahead = now() + 3600
    record_outcome(stock.conn, "i", stock.id("load"), True, at=ahead)
    assert record_outcome(stock.conn, "i", stock.id("load"), False), "told later, at an earlier clock time"
    (trial,) = stock.rows("SELECT * FROM trials")
    assert (trial["success"], trial["at"]) == (0, ahead)
