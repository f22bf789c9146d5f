"""Figures: each from what is stored, with its n; unknown where nothing tells; and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit import transcripts as make
from tests.unit.stock import Stock, unit
from tui_patterns.api import FIGURES, FigureKey, Metrics, PatternLibrary
from tui_patterns.api.connections import LibraryError
from tui_patterns.learning import records
from tui_patterns.learning.figures import Asked, Figure, Period
from tui_patterns.learning.metrics import ENDS, calls, time_per_task
from tui_patterns.learning.recording import record_outcome, record_unused, record_use
from tui_patterns.learning.worked import Task, Worked, worked
from tui_patterns.models import Event
from tui_patterns.sessions import importer
from tui_patterns.sessions.analysis import analyze
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.sources import find
from tui_patterns.settings import load_settings
from tui_patterns.store import findings, ledger, ratings
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction

DAY = 86_400.0
NAMES = ("load", "save", "drop", "list")


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", *(unit(name, line=20 * at) for at, name in enumerate(NAMES)))
    yield made
    made.close()


@pytest.fixture
def metrics(stock: Stock) -> Iterator[Metrics]:
    library = PatternLibrary(stock.path, settings=load_settings())
    yield Metrics(library)
    library.close()


def inject(stock: Stock, id: str, *names: str, at: float | None = None, arm: str = "manual") -> None:
    """An injection, as of a time."""
    entries = [
        {
            "pattern": one.id,
            "version": one.version,
            "position": place,
            "score": 0.5,
            "relevance": 0.7,
            "propensity": 1.0,
            "tokens": 10,
            "why": {},
        }
        for place, name in enumerate(names, 1)
        for one in records.load(stock.conn, [stock.row(name)])
    ]
    data = {"task": f"task of {id}", "arm": arm, "prompt_hash": "h", "tokens": 9, "budget": 99}
    moment = now() if at is None else at
    event = Event("injection", moment, "s", id, key=f"injection:{id}", data={**data, "patterns": entries})
    ledger.append(stock.conn, event)


def figure(metrics: Metrics, key: FigureKey, days: int | None = None) -> Figure:
    return metrics.measure(days).figure(key)


# -- nothing known -------------------------------------------------------------------


def test_an_empty_library_has_all_figures_and_makes_none_up(tmp_path: Path) -> None:
    library = PatternLibrary(tmp_path / "patterns.db", settings=load_settings())
    found = Metrics(library)
    measured = found.measure()
    assert tuple(one.key for one in measured.figures) == FIGURES
    assert {one.key: one.value for one in measured.figures} == {
        **dict.fromkeys(FIGURES), "patterns": 0, "size": 0, "open": 0,
    }  # fmt: skip
    assert all(found.behind(key) == [] for key in FIGURES)
    assert all(one.note for one in measured.figures)
    library.close()


def test_less_than_a_day_is_refused(metrics: Metrics) -> None:
    with pytest.raises(LibraryError):
        metrics.measure(0)


# -- the library ---------------------------------------------------------------------


def test_learned_counts_what_went_too_and_the_size_what_is_there(stock: Stock, metrics: Metrics) -> None:
    stock.put("app.py", unit("load"))
    learned, size = figure(metrics, "patterns"), figure(metrics, "size")
    assert (learned.value, size.value) == (4, 1)
    assert sum(one or 0 for one in learned.series) == 4 and size.series[-1] == 1
    assert [one.kind for one in metrics.behind("patterns")] == ["pattern_identified"] * 4
    behind = metrics.behind("size")
    assert sum(1 if one.good else -1 for one in behind) == size.value
    told = {one.id: one.pattern for one in ledger.events(stock.conn, kinds=["pattern_identified"])}
    came = {one.event: one.pattern for one in behind if one.good}
    assert came == told == {one.event: one.pattern for one in metrics.behind("patterns")}
    stock.conn.execute("UPDATE patterns SET created = created - ? WHERE qualname = 'load'", (40 * DAY,))
    again = metrics.behind("size", 30)
    assert len(again) == len(behind), "what is held now, whenever it came"


def test_each_anti_pattern_stands_behind_their_number_and_the_files_without_any(
    stock: Stock, metrics: Metrics
) -> None:
    assert figure(metrics, "antipatterns").value is None and metrics.behind("antipatterns") == []
    stock.put("bad.py", unit("bad", "bad.py"))
    conn = stock.conn
    for row in conn.execute("SELECT id, path, content_hash FROM files").fetchall():
        found = [
            {"label": "mutable_default_arg", "rule": "B006", "qualname": "bad", "line": line,
             "end_line": line, "measured": "", "mark": f"{line}"}
            for line in ((1, 2) if row["path"] == "bad.py" else ())
        ]  # fmt: skip
        findings.replace(conn, row["id"], row["content_hash"], 1, found, [])
    shown = metrics.behind("antipatterns")
    assert [one.good for one in shown] == [False, False, True]
    assert sum(not one.good for one in shown) == figure(metrics, "antipatterns").value == 2
    assert all(one.at is not None for one in shown) and "bad.py:1" in shown[0].words


def test_a_window_counts_only_what_lies_in_it(stock: Stock, metrics: Metrics) -> None:
    stock.conn.execute("UPDATE patterns SET created = created - ? WHERE qualname = 'load'", (40 * DAY,))
    assert figure(metrics, "patterns").value == 4
    recent = figure(metrics, "patterns", 30)
    assert recent.value == 3 and recent.note == "1 before"
    assert figure(metrics, "size", 30).series[0] == 1 and figure(metrics, "size", 30).value == 4
    assert len(metrics.behind("patterns", 30)) == 3


# -- the loop ------------------------------------------------------------------------


def test_success_counts_each_use_once_and_its_words_stand_behind_it(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "load", "save")
    record_use(stock.conn, "i", stock.id("load"), similarity=0.9)
    record_outcome(stock.conn, "i", stock.id("load"), False, what="git", source="git")
    record_outcome(stock.conn, "i", stock.id("load"), True, what="test", source="pytest")
    ratings.save(stock.conn, stock.row("save"), "s", 1)
    found = figure(metrics, "success")
    assert found.n == 2 and found.value == pytest.approx(0.5) and found.low is not None
    assert found.more["change"]["delta"] is None and "not enough data" in found.note
    said = {(one.kind, one.good) for one in metrics.behind("success")}
    assert said == {("outcome", False), ("outcome", True), ("rating", False)}
    ratings.remove(stock.conn, stock.row("save"), "s")
    assert any(one.words.startswith("rating taken back: ") for one in metrics.behind("success"))
    assert all(one.event is not None for one in metrics.behind("success"))


def test_a_trend_is_told_once_both_halves_have_enough(stock: Stock, metrics: Metrics) -> None:
    for at in range(40):
        moment = now() - (50 - at) * DAY
        inject(stock, f"i{at}", "load", at=moment)
        good = at >= 20
        record_outcome(stock.conn, f"i{at}", stock.id("load"), good, at=moment + 60)
    found = figure(metrics, "success")
    assert found.note.startswith("rising: +100") and found.more["change"]["delta"] == 1.0
    assert found.series[0] == 0.0 and found.series[-1] in (1.0, None)
    assert figure(metrics, "success", 15).value == pytest.approx(5 / 6, abs=0.1)


def test_reuse_leaves_out_what_is_not_known(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", *NAMES)
    inject(stock, "old", "list", at=now() - 30 * DAY)
    record_use(stock.conn, "i", stock.id("load"))
    record_unused(stock.conn, "i", stock.id("save"))
    found = figure(metrics, "reuse")
    assert found.n == 2
    assert found.value == pytest.approx(0.5)
    assert found.note == "2 open, 1 unknown"
    assert {one.kind for one in metrics.behind("reuse")} == {"use", "unused"}


def test_open_injections_are_those_that_may_still_be_used(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "load", "save")
    inject(stock, "done", "load")
    inject(stock, "old", "list", at=now() - 30 * DAY)
    record_unused(stock.conn, "done", stock.id("load"))
    found = figure(metrics, "open")
    assert (found.value, found.n) == (1, 3)
    assert [one.injection for one in metrics.behind("open")] == ["i"]


def test_decisions_are_as_accurate_as_what_they_chose_worked(stock: Stock, metrics: Metrics) -> None:
    for at, good in enumerate((True, False, None)):
        inject(stock, f"i{at}", "load", arm="auto")
        data = {"kind": "pattern", "chosen": stock.id("load"), "first": "other", "votes": {"quality": 0.8}}
        ledger.append(
            stock.conn,
            Event("decision", now(), None, f"i{at}", stock.id("load"), key=f"decision:{at}", data=data),
        )
        if good is not None:
            record_outcome(stock.conn, f"i{at}", stock.id("load"), good)
    found = figure(metrics, "decisions")
    assert found.n == 2
    assert found.value == pytest.approx(0.5)
    assert found.note == "3 made, departed 1 of 2, kept to the first: no result yet"
    assert sorted(str(one.good) for one in metrics.behind("decisions")) == ["False", "None", "True"]


# -- sessions ------------------------------------------------------------------------


def work(session: str, *tasks: tuple[float, float], seconds: float = 60.0, ended: float = 0.0) -> Worked:
    done = tuple(Task(session, at, spent, "task") for at, spent in tasks)
    return Worked(session, ended, seconds, max(len(done), 1), "turn", session, done)


def asked(*works: Worked, start: float = 0.0, whole: bool = True) -> Asked:
    return Asked(Period(start, 1_000.0), 0.0, works, whole)


def test_calls_are_compared_over_twenty_tasks_at_each_end_and_not_before() -> None:
    first = [(float(at), 10.0) for at in range(ENDS)]
    last = [(float(100 + at), 5.0) for at in range(ENDS)]
    few = calls(asked(work("a", *first), work("b", *last[1:])))
    assert few.value is None and few.n == 39 and "40 are needed" in few.note
    enough = calls(asked(work("b", *last), work("a", *first)))
    assert enough.value == pytest.approx(0.5) and enough.n == 40
    assert enough.more["change"]["delta"] == pytest.approx(-5.0)
    assert calls(asked(work("a", *first), work("b", *last), start=50.0, whole=False)).n == 20
    assert calls(asked()).value is None


def test_a_sessions_tasks_take_all_of_its_calls_and_its_time_is_that_of_its_analysis(
    stock: Stock, tmp_path: Path
) -> None:
    for source in find(make.written(tmp_path, make.day_of_work())):
        importer.take(stock.conn, source, Pricer([]))
    found, known = worked(stock.conn, make.SESSION), analyze(stock.conn, make.SESSION)
    assert found.completed and sum(task.calls for task in found.completed) == pytest.approx(known.calls)
    mean = time_per_task(asked(found))
    assert mean.value == known.per_task(known.active_s) and mean.n == known.tasks


def test_a_session_is_read_again_only_when_more_of_it_is_known(
    stock: Stock, metrics: Metrics, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counting(conn: object, session: str) -> Worked:
        read.append(session)
        return worked(conn, session)  # type: ignore[arg-type]

    monkeypatch.setattr("tui_patterns.api.metrics.worked", counting)
    lines = make.day_of_work()
    path = make.written(tmp_path, lines[: len(lines) // 2])
    for count in (1, 1, 2):
        if count == 2:
            make.written(tmp_path, lines)
        for source in find(path):
            importer.take(stock.conn, source, Pricer([]))
        metrics.measure()
        assert len(read) == count


# -- what an injection has taught ----------------------------------------------------


def test_an_outcome_moves_the_rank_and_says_from_where(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "load", "save", "drop")
    assert not any(one.changed for one in metrics.taught()[0].effects.values())
    assert metrics.say("i", stock.id("drop"), True)
    (taught,) = metrics.taught()
    effect = taught.effects[stock.id("drop")]
    assert (effect.rank_before, effect.rank_now) == (3, 1)
    assert effect.before.n == 0 and effect.now.n == 1 and effect.now.low > effect.before.low
    assert effect.now == taught.patterns[2].confidence
    assert metrics.effect("i", stock.id("drop")) == effect
    assert metrics.effect("i", "nobody") is None
    assert not taught.effects[stock.id("load")].changed


def test_other_injections_words_are_no_effect_of_this_one(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "load", "save")
    inject(stock, "j", "save", "load")
    metrics.say("i", stock.id("load"), True)
    by_id = {one.injection.id: one.effects[stock.id("load")] for one in metrics.taught()}
    assert by_id["i"].changed and not by_id["j"].changed and by_id["j"].now.n == 1


def test_a_word_can_be_changed_and_taken_back(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "load")
    for success, outcome, n in ((True, "success", 1), (False, "failure", 1), (None, None, 0)):
        assert metrics.say("i", stock.id("load"), success) and not metrics.say("i", stock.id("load"), success)
        (pattern,) = metrics.taught()[0].patterns
        assert (pattern.outcome, pattern.confidence.n) == (outcome, n)
    with transaction(stock.conn):
        assert ledger.rebuild(stock.conn) == {}
    with pytest.raises(LibraryError):
        metrics.say("nothing", stock.id("load"), True)


def test_equals_keep_the_order_of_the_prompt(stock: Stock, metrics: Metrics) -> None:
    inject(stock, "i", "save", "load")
    ranks = {id: one.rank_now for id, one in metrics.taught()[0].effects.items()}
    assert ranks == {stock.id("save"): 1, stock.id("load"): 2}
    metrics.say("i", stock.id("save"), False)
    effect = metrics.taught()[0].effects[stock.id("save")]
    assert (effect.rank_before, effect.rank_now) == (1, 2)
