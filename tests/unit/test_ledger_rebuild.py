"""All evidence follows from events, in whatever order they were told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.ledgered import NAMES, believed, dumped, inject, stocked
from tests.unit.stock import Stock
from tui_patterns.learning.ledger import STRENGTHS, Event, LedgerError
from tui_patterns.learning.recording import (
    record_outcome,
)
from tui_patterns.store import ledger, ratings, sessions, trials
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import connect, transaction

STATES = {"open", "used", "unused", "censored"}


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = stocked(tmp_path / "patterns.db")
    yield made
    made.close()


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
