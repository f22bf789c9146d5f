"""Who used a pattern, when last, rising or falling; and how evidence of one project reads in another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.stock import ROOT, Stock, unit
from tui_patterns.api import PatternLibrary
from tui_patterns.learning import records
from tui_patterns.learning.recording import record_outcome, record_unused, record_use
from tui_patterns.learning.usage import usage
from tui_patterns.models import Usage
from tui_patterns.settings import Settings
from tui_patterns.settings.model import LearningSettings
from tui_patterns.store import injections, projects, ratings, sessions
from tui_patterns.store.sql import now

DAY = 86_400.0


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", unit("load"))
    yield made
    made.close()


def inject(stock: Stock, id: str, session: str) -> None:
    (load,) = records.load(stock.conn, [stock.row("load")])
    row = injections.InjectedRow(load.id, load.version, 1, 0.5, 0.5, 1.0, 10, {})
    entry = injections.NewInjection(id, session, None, "manual", "hash", 10, 100)
    assert injections.record(stock.conn, entry, [row]) and not injections.record(stock.conn, entry, [row])


def test_uses_are_counted_by_who_and_when(stock: Stock) -> None:
    at, load = now(), stock.id("load")
    for id, source, agent in (("a", "claude-code", "claude-code"), ("b", "tui", None), ("c", "cli", None)):
        sessions.start(stock.conn, id, source)
        stock.conn.execute("UPDATE sessions SET agent = ? WHERE id = ?", (agent, id))
        inject(stock, f"i{id}", id)
    record_use(stock.conn, "ia", load, at=at - 40 * DAY)
    record_use(stock.conn, "ib", load, at=at - 2 * DAY)
    record_unused(stock.conn, "ic", load)
    ratings.save(stock.conn, stock.row("load"), "b", 5)
    ratings.save(stock.conn, stock.row("load"), "elsewhere", 4)
    found = usage(stock.conn, load, at + 1)
    assert (found.uses, found.recent, found.before, found.trend) == (3, 2, 1, "rising")
    assert found.by == {"person": 1, "claude-code": 1, "unknown": 1}
    assert found.last is not None and found.last > at - DAY
    assert found.sessions == ("elsewhere", "b", "a")
    assert found.adoption.n == 3 and found.adoption.mean == pytest.approx(3 / 5)


def test_a_pattern_never_used_has_no_trend(stock: Stock) -> None:
    found = usage(stock.conn, stock.id("load"))
    assert (found.uses, found.last, found.trend, found.adoption.n) == (0, None, None, 0)
    steady = Usage(2, 1.0, 1, 1, {}, (), found.adoption)
    assert steady.trend == "steady" and replace(steady, recent=0).trend == "falling"


def test_what_was_open_for_long_is_unknown_and_not_counted(stock: Stock) -> None:
    inject(stock, "i", "s")
    stock.conn.execute("UPDATE injections SET created = created - ?", (15 * DAY,))
    library = PatternLibrary(stock.path, settings=Settings())
    (found,) = library.injections()
    assert found.patterns[0].state == "unknown" and found.patterns[0].outcome is None
    assert library.injections(open_only=True) == []
    assert library.usage(stock.id("load")).adoption.n == 0
    patient = PatternLibrary(stock.path, settings=Settings(learning=LearningSettings(open_days=30)))
    assert [one.patterns[0].state for one in patient.injections(open_only=True)] == ["open"]
    record_use(stock.conn, "i", stock.id("load"))
    assert library.injections()[0].patterns[0].state == "used", "late knowledge is knowledge"
    for one in (library, patient):
        one.close()


def test_another_project_takes_the_record_as_a_weak_prior_until_it_is_general(
    stock: Stock, tmp_path: Path
) -> None:
    projects.ensure(stock.conn, Path("/elsewhere"))
    for number in range(6):
        ratings.save(stock.conn, stock.row("load"), f"s{number}", 5)
    at_home = PatternLibrary(stock.path, settings=Settings(), home=[ROOT])
    away = PatternLibrary(stock.path, settings=Settings(), home=[Path("/elsewhere/src")])
    anywhere = PatternLibrary(stock.path, settings=Settings(), home=[Path("/")])
    id = stock.id("load")
    assert at_home.pattern(id).confidence.n == anywhere.pattern(id).confidence.n == 6
    seen = away.search("load").hits[0].pattern
    assert seen.confidence.n == 0 and not seen.general
    assert 0.5 < seen.confidence.mean < at_home.pattern(id).confidence.mean
    assert away.search("load", home=[ROOT]).hits[0].pattern.confidence.n == 6
    rated = away.rate(id, 5, "here")
    assert rated.general and rated.confidence.n == 7, "it worked in two projects"
    assert away.usage(id).worked_in == ("/elsewhere", str(ROOT))
    for one in (at_home, away, anywhere):
        one.close()


def test_an_outcome_inherits_the_project_of_its_use(stock: Stock) -> None:
    inject(stock, "i", "s")
    record_use(stock.conn, "i", stock.id("load"), project="/elsewhere")
    record_outcome(stock.conn, "i", stock.id("load"), True, what="test", source="test:a")
    (trial,) = stock.rows("SELECT * FROM trials")
    assert (trial["project"], trial["session_id"]) == ("/elsewhere", "s")
