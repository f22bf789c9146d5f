"""Automatic injections: held-out sessions get nothing, experiments choose, voters say why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.api import Experiments, LibraryError, PatternInjector, PatternLibrary
from tui_patterns.learning.experiments import held_out
from tui_patterns.learning.recording import record_outcome
from tui_patterns.models import Enhanced
from tui_patterns.settings import load_settings
from tui_patterns.store import experiments as store
from tui_patterns.store import ledger, sessions
from tui_patterns.store.sqlite import transaction

PROMPT, TASK = "Write the importer.", "wrap text to width"


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("text.py", unit("wrap_text_to_width", "text.py", docstring="Wrap text to a width."))
    made.put("other.py", unit("wrap_text_width", "other.py", docstring="Wrap text by words to width."))
    made.put("mail.py", unit("send_mail", "mail.py", docstring="Send a mail."))
    yield made
    made.close()


def library(stock: Stock, **overrides: object) -> PatternLibrary:
    given: dict[str, Any] = {"injection.holdout": 0.0, "search.min_relevance": 0.0}
    given |= {key.replace("__", "."): value for key, value in overrides.items()}
    return PatternLibrary(stock.path, settings=load_settings(overrides=given))


def enhance(found: PatternLibrary, session: str, arm: str = "auto", **more: Any) -> Enhanced:
    return PatternInjector(found).enhance(PROMPT, TASK, session=session, arm=arm, **more)


def result(stock: Stock, session: str, success: bool, at: float) -> None:
    stock.conn.execute(
        "INSERT INTO tool_events (session_id, call_id, category, at, success) VALUES (?, ?, 'test', ?, ?)",
        (session, f"c{at}", at, int(success)),
    )


def test_a_held_out_session_gets_nothing_and_is_written_down(stock: Stock) -> None:
    found = library(stock, injection__holdout=1.0)
    built = enhance(found, "s")
    assert built.prompt == PROMPT and built.injection_id is None and "held out" in (built.reason or "")
    (injection,) = found.injections()
    assert (injection.arm, injection.patterns, injection.tokens) == ("control", (), 0)
    assert found.injections(open_only=True) == [], "nothing of it is open"
    assert ledger.rebuild(stock.conn) == {}


def test_a_person_is_never_held_out(stock: Stock) -> None:
    found = library(stock, injection__holdout=1.0)
    assert enhance(found, "s", "manual").injection_id
    picked = enhance(found, "s", picked=[stock.id("send_mail")])
    assert picked.chosen[0].hit.pattern.qualname == "send_mail"
    assert "experiment" not in picked.chosen[0].hit.why


def test_a_session_stays_in_its_arm(stock: Stock) -> None:
    found = library(stock, injection__holdout=0.5)
    for name in ("s1", "s2", "s3", "s4", "s5", "s6"):
        arms = {enhance(found, name).injection_id is None for _ in range(3)}
        assert arms == {held_out(name, 0.5)}


def test_where_nothing_fits_nothing_is_held_out(stock: Stock) -> None:
    found = library(stock, injection__holdout=1.0, search__min_relevance=1.0)
    assert enhance(found, "s").injection_id is None and found.injections() == []


def test_an_experiment_shows_one_arm_a_session_and_finds_the_better(stock: Stock) -> None:
    found = library(stock)
    tests = Experiments(found)
    a, b = stock.id("wrap_text_to_width"), stock.id("wrap_text_width")
    begun = tests.start(a[:8], b)
    assert begun.expected is not None and not begun.enough and begun.verdict.blocks == 0
    shown = []
    for number in range(60):
        built = enhance(found, f"s{number}")
        own = [one for one in built.chosen if one.hit.pattern.id in (a, b)]
        assert len(own) == 1 and own[0].propensity == 0.5 and built.injection_id
        shown.append(own[0].hit.why["arm"])
        assert own[0].hit.pattern.id == {"a": a, "b": b}[shown[-1]]
        record_outcome(stock.conn, built.injection_id, own[0].hit.pattern.id, shown[-1] == "b")
    assert all({*shown[at : at + 2]} == {"a", "b"} for at in range(0, 60, 2)), "blocks of two"
    again = enhance(found, "s0")
    assert {one.hit.why.get("arm") for one in again.chosen} & {"a", "b"} == {shown[0]}
    (standing,) = tests.all()
    assert standing.verdict.winner == "b" and standing.enough and standing.enlisted == 60
    assert standing.verdict.counts == {"a": (30, 0), "b": (30, 30)}
    assert ledger.rebuild(stock.conn) == {}
    assert tests.stop(standing.id).stopped is not None
    assert not any("arm" in one.hit.why for one in enhance(found, "s99").chosen)


def test_manual_prompts_are_no_part_of_an_experiment(stock: Stock) -> None:
    found = library(stock)
    Experiments(found).start(stock.id("wrap_text_to_width"), stock.id("wrap_text_width"))
    built = enhance(found, "s", "manual")
    assert not any("experiment" in one.hit.why for one in built.chosen)
    assert stock.rows("SELECT * FROM experiment_sessions") == []


def test_two_versions_of_one_pattern(stock: Stock) -> None:
    stock.put(
        "text.py", unit("wrap_text_to_width", "text.py", body="newer()", docstring="Wrap text to width.")
    )
    found, id = library(stock), stock.id("wrap_text_to_width")
    assert len(found.history(id)) == 2
    Experiments(found).start(f"{id}@1", f"{id}@v2")
    codes = set()
    for number in range(2):
        built = enhance(found, f"s{number}")
        (own,) = [one for one in built.chosen if one.hit.pattern.id == id]
        codes.add("newer()" in own.hit.pattern.code)
        assert own.hit.pattern.code in built.prompt
        (row,) = stock.rows(
            "SELECT code_of(c.body) AS code FROM injection_patterns x JOIN codes c USING (version_id) "
            "WHERE x.injection_id = ? AND x.pattern_id = ?",
            built.injection_id,
            stock.row("wrap_text_to_width"),
        )
        assert row["code"] == own.hit.pattern.code
    assert codes == {True, False}


def test_wrong_experiments_are_refused_in_one_line(stock: Stock) -> None:
    tests, a, b = Experiments(library(stock)), stock.id("wrap_text_to_width"), stock.id("wrap_text_width")
    for first, second in ((a, a), (a, "ffffffff"), (f"{a}@9", b), (f"{a}@x", b)):
        with pytest.raises(LibraryError):
            tests.start(first, second)
    tests.start(a, b)
    with pytest.raises(LibraryError, match="stop that one first"):
        tests.start(b, stock.id("send_mail"))
    with pytest.raises(LibraryError, match="no experiment 7 runs"):
        tests.stop(7)


def test_lift_compares_what_sessions_ended_with(stock: Stock) -> None:
    treated, control = library(stock), library(stock, injection__holdout=1.0)
    assert Experiments(treated).lifted().difference is None, "not enough data"
    for number in range(12):
        enhance(treated, f"t{number}")
        result(stock, f"t{number}", success=False, at=4e9)
        result(stock, f"t{number}", success=True, at=4e9 + 1)
        enhance(control, f"c{number}")
        result(stock, f"c{number}", success=number < 3, at=4e9)
        result(stock, f"c{number}", success=True, at=1.0)
    both = f"t{0}"
    enhance(control, both)
    found = Experiments(treated).lifted()
    assert (found.treated, found.control) == ((11, 11), (12, 3)), "one session was in both arms"
    assert found.difference == pytest.approx(0.75)
    assert found.low is not None and found.low > 0.3


def test_voters_say_why_and_their_record_is_kept(stock: Stock) -> None:
    found = library(stock)
    built = enhance(found, "s")
    assert built.injection_id
    voters = built.chosen[0].hit.why["voters"]
    assert {"similarity", "recency"} <= voters.keys() and "evidence" not in voters, "not tried: no opinion"
    (why,) = {row["why"] for row in stock.rows("SELECT why FROM injection_patterns WHERE position = 1")}
    assert "voters" in why
    kinds = [row["key"].split(":")[1] for row in stock.rows("SELECT key FROM events WHERE kind = 'decision'")]
    assert sorted(kinds) == ["inject", "pattern"]
    chosen = stock.rows("SELECT p.uuid FROM events e JOIN patterns p ON p.id = e.pattern_id")[0]["uuid"]
    record_outcome(stock.conn, built.injection_id, chosen, success=True)
    known = Experiments(found).deciding()
    assert known.kinds["pattern"].made == 1
    assert sum(known.kinds["pattern"].departed) + sum(known.kinds["pattern"].kept) == 2
    assert known.voters["similarity"][0].voted >= 1
    assert ledger.rebuild(stock.conn) == {}


def test_a_forgotten_session_leaves_its_experiment(stock: Stock) -> None:
    found = library(stock)
    Experiments(found).start(stock.id("wrap_text_to_width"), stock.id("wrap_text_width"))
    enhance(found, "CANARY")
    with transaction(stock.conn):
        sessions.forget(stock.conn, "CANARY")
    assert store.results(stock.conn, 1) == [] and "CANARY" not in "".join(stock.conn.iterdump())
