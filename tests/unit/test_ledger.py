"""The ledger: an event told twice is one, what cannot be is refused, and all evidence follows from events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.learning import records
from tui_patterns.learning.ledger import STRENGTHS, Event, LedgerError, learning_event
from tui_patterns.learning.recording import (
    record_censored,
    record_outcome,
    record_retracted,
    record_unused,
    record_use,
)
from tui_patterns.learning.usage import usage
from tui_patterns.store import injections, ledger, ratings, sessions, trials
from tui_patterns.store.folds import TABLES
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import connect, transaction

NAMES = ("load", "save", "drop", "list", "open", "close", "send", "read", "sort", "parse", "find", "wait")
STATES = {"open", "used", "unused", "censored"}


def stocked(path: Path) -> Stock:
    made = Stock(path)
    made.put("app.py", *(unit(name, line=20 * at) for at, name in enumerate(NAMES)))
    return made


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = stocked(tmp_path / "patterns.db")
    yield made
    made.close()


def inject(stock: Stock, id: str, *names: str, session: str = "s") -> None:
    rows = [
        injections.InjectedRow(one.id, one.version, at, 0.5, 0.625, 0.1, 10, {"words": 1})
        for at, name in enumerate(names, 1)
        for one in records.load(stock.conn, [stock.row(name)])
    ]
    injections.record(stock.conn, injections.NewInjection(id, session, None, "manual", "hash", 10, 100), rows)


def dumped(conn: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: sorted(
            (tuple(row) for row in conn.execute(f"SELECT {', '.join(keys + columns)} FROM {table}")), key=repr
        )
        for table, (keys, columns) in TABLES.items()
    }


def state(stock: Stock, injection: str, name: str = "load") -> str:
    rows = injections.patterns_of(stock.conn, injection)
    return next(str(row["state"]) for row in rows if row["uuid"] == stock.id(name))


def believed(stock: Stock, name: str = "load") -> tuple[float, float]:
    found = records.load(stock.conn, [stock.row(name)])[0].confidence
    return round(found.mean, 9), found.n


# -- events --------------------------------------------------------------------------


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


# -- states --------------------------------------------------------------------------


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


# -- outcomes ------------------------------------------------------------------------


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


# -- bad input -----------------------------------------------------------------------

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


# -- folds ---------------------------------------------------------------------------


def mix(stock: Stock, size: int, seed: int, places: int) -> int:
    """``size`` events of all kinds, out of order in time, some told twice; how many were refused."""
    rng, start, refused = Random(seed), now() - 200 * 86_400, 0
    held = {f"i{number}": rng.sample(NAMES, rng.randint(1, 3)) for number in range(places)}
    for number, (id, names) in enumerate(held.items()):
        inject(stock, id, *names, session=f"s{number % (7 + places // 8)}")
    ids = {name: stock.id(name) for name in NAMES}
    for number in range(size):
        event = _any_event(rng, ids, held, number)
        try:
            ledger.append(stock.conn, replace(event, at=start + rng.random() * 200 * 86_400))
        except LedgerError:
            refused += 1
    return refused


def _any_event(rng: Random, ids: dict[str, str], held: dict[str, list[str]], number: int) -> Event:
    key = f"k{number if rng.random() < 0.95 else rng.randrange(number + 1)}"
    injection, session = f"i{rng.randrange(len(held))}", f"s{rng.randrange(7 + len(held) // 8)}"
    pattern = ids[rng.choice(held[injection] if rng.random() < 0.95 else NAMES)]
    kind = rng.choice(
        ("use", "unused", "censored", "outcome", "outcome", "retract", "rating", "unrate", "word", "retire")
    )
    if kind in ("use", "unused"):
        data: dict[str, Any] = {"similarity": rng.random(), "evidence": [{"line": number}], "project": "/p"}
        return Event(kind, 0, injection=injection, pattern=pattern, key=key, data=data)  # type: ignore[arg-type]
    if kind == "retract":
        data = {"source": rng.choice("abc")}
        return Event("retract", 0, injection=injection, pattern=pattern, key=key, data=data)
    if kind == "censored":
        return Event("censored", 0, injection=injection, pattern=rng.choice([None, pattern]), key=key)
    if kind == "rating":
        data = {"rating": rng.randint(1, 5), "task": rng.choice([None, "t"])}
        return Event("rating", 0, session=session, pattern=pattern, key=key, data=data)
    if kind == "unrate":
        return Event("unrate", 0, session=session, pattern=pattern, key=key)
    if kind == "retire":
        which = rng.choice(("retire", "restore"))
        return Event(which, 0, pattern=pattern, key=key, data={"source": "person"})  # type: ignore[arg-type]
    what = rng.choice(sorted(STRENGTHS))
    success, source = rng.choice([True, False, None]), rng.choice("abc")
    data = {"what": what, "success": success, "weight": STRENGTHS[what], "source": source, "project": None}
    if kind == "word":
        return Event("outcome", 0, session=rng.choice([None, session]), pattern=pattern, key=key, data=data)
    return Event("outcome", 0, injection=injection, pattern=pattern, key=key, data=data)


def check_whole(stock: Stock) -> None:
    before = dumped(stock.conn)
    assert ledger.rebuild(stock.conn) == {} and dumped(stock.conn) == before
    states = {row["state"] for row in stock.rows("SELECT state FROM injection_patterns")}
    assert states <= STATES
    (alone,) = stock.rows(
        "SELECT COUNT(*) AS n FROM injections i WHERE NOT EXISTS "
        "(SELECT 1 FROM injection_patterns x WHERE x.injection_id = i.id)"
    )
    assert alone["n"] == 0


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(0, 150), st.integers(1, 6))
def test_after_any_mix_of_events_a_rebuild_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: int, places: int
) -> None:
    stock = stocked(tmp_path_factory.mktemp("mix") / "patterns.db")
    mix(stock, size, seed, places)
    check_whole(stock)
    stock.close()


def test_ten_thousand_events_leave_no_injection_without_a_state(stock: Stock) -> None:
    stock.conn.execute("BEGIN")
    refused = mix(stock, 10_000, seed=5, places=1_500)
    assert 0 < refused < 1_000, "only patterns that an injection does not hold"
    assert len(ledger.events(stock.conn)) > 10_000
    check_whole(stock)
    stock.conn.execute("COMMIT")


def test_a_rebuild_repairs_what_was_tampered_with_and_says_so(stock: Stock) -> None:
    inject(stock, "i", "load", "save")
    record_outcome(stock.conn, "i", stock.id("load"), True)
    ratings.save(stock.conn, stock.row("save"), "s", 5)
    whole = dumped(stock.conn)
    stock.conn.execute("UPDATE trials SET success = 0 WHERE kind = 'explicit'")
    stock.conn.execute("DELETE FROM ratings")
    stock.conn.execute("INSERT INTO retired (pattern_id, at, source) VALUES (1, 0, 'nobody')")
    assert ledger.rebuild(stock.conn) == {
        "trials": {"changed": 1},
        "ratings": {"added": 1},
        "retired": {"removed": 1},
    }
    assert dumped(stock.conn) == whole


def test_a_forgotten_session_takes_its_events_along(stock: Stock) -> None:
    inject(stock, "i", "load", session="gone")
    record_outcome(stock.conn, "i", stock.id("load"), True, detail={"canary": "CANARY"})
    ratings.save(stock.conn, stock.row("load"), "gone", 5, task="CANARY")
    ratings.save(stock.conn, stock.row("load"), "kept", 4)
    sessions.forget(stock.conn, "gone")
    assert "CANARY" not in "".join(stock.conn.iterdump())
    assert believed(stock)[1] == 1.0 and ledger.rebuild(stock.conn) == {}


def test_what_was_worked_out_is_remembered_until_anybody_writes(stock: Stock) -> None:
    ratings.save(stock.conn, stock.row("load"), "s", 5)
    kind = ("python", "function")
    assert trials.pooled(stock.conn, 4.0) == {kind: (0.2, 0.0)}, "a share of 1 of 1 + 4"
    other = connect(stock.path)
    ratings.save(other, stock.row("load"), "t", 1)
    assert trials.pooled(stock.conn, 4.0) == trials.pooled(other, 4.0) == {kind: (1 / 6, 1 / 6)}
    with pytest.raises(LedgerError), transaction(other):
        ratings.save(other, stock.row("load"), "u", 1)
        assert trials.pooled(other, 4.0)[kind] == (1 / 7, 2 / 7)
        ratings.save(other, stock.row("load"), "u", 9)
    assert trials.pooled(other, 4.0) == {kind: (1 / 6, 1 / 6)}, "nothing of it stays"
    other.close()
