"""Bad input: torn, shuffled, repeated and hostile transcripts, clocks that jump, words that cannot be."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import pytest

from tests.unit import transcripts as make
from tests.unit.stock import Stock, unit
from tui_patterns.api import LibraryError, PatternLibrary, Sessions, SessionSummary
from tui_patterns.api.evidence import record_outcome
from tui_patterns.cli.main import run
from tui_patterns.learning.ledger import Event, LedgerError
from tui_patterns.store import ledger
from tui_patterns.store.injections import InjectedRow, NewInjection, record
from tui_patterns.store.sqlite import transaction

EVIDENCE = ("ratings", "outcomes", "trials", "injections", "injection_patterns", "retired")


class Field:
    """A library with one injected pattern."""

    def __init__(self, data: Path) -> None:
        self.stock = Stock(data / "patterns.db")
        self.stock.put("text.py", unit("wrap_text", "text.py"))
        self.pattern = self.stock.id("wrap_text")
        version = self.stock.rows("SELECT version_id FROM patterns")[0][0]
        row = InjectedRow(self.pattern, version, 1, 1.0, 1.0, 1.0, 10, {})
        record(self.stock.conn, NewInjection("i1", "s", "t", "manual", "h", 10, 100), [row])
        self.library = PatternLibrary(data / "patterns.db")

    def evidence(self) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: sorted(map(tuple, self.stock.conn.execute(f"SELECT * FROM {table}")), key=repr)
            for table in EVIDENCE
        }

    def events(self) -> list[str]:
        return [row[0] for row in self.stock.conn.execute("SELECT key FROM events ORDER BY key")]


@pytest.fixture
def field(data_dir: Path) -> Field:
    return Field(data_dir)


@pytest.mark.parametrize("rating", ["0", "6", "-1", "nan", "inf", "4.5", "", "five", "1e0", "٣"])
def test_a_rating_that_is_none_is_refused(
    field: Field, rating: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = field.evidence(), field.events()
    assert run(["rate", field.pattern, "--", rating]) == 2
    told = capfd.readouterr().err
    assert told.count("\n") == 1 and "1 to 5" in told
    assert (field.evidence(), field.events()) == before


@pytest.mark.parametrize("rating", [0, 6, -1, math.nan, math.inf, 4.5, True, None, "5"])
def test_the_library_refuses_it_too(field: Field, rating: Any) -> None:
    before = field.evidence(), field.events()
    with pytest.raises(LibraryError, match="1 to 5"):
        field.library.rate(field.pattern, rating, "s")
    assert (field.evidence(), field.events()) == before


@pytest.mark.parametrize(
    "argv",
    [
        ["outcome", "nobody", "ffffffff", "success"],
        ["outcome", "i1", "ffffffff", "success"],
        ["rate", "ffffffff", "5"],
        ["sessions", "analyze", "nobody"],
        ["sessions", "analyze", "--compare", "nobody", "no-one"],
        ["sessions", "extract", "nobody"],
        ["sessions", "forget", "nobody"],
    ],
)
def test_an_unknown_id_is_refused_in_one_line(
    field: Field, argv: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    before = field.evidence(), field.events()
    assert run(argv) == 1
    told = capfd.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "Traceback" not in told.err
    assert (field.evidence(), field.events()) == before


def test_the_same_outcome_a_thousand_times_is_one(field: Field) -> None:
    assert record_outcome(field.library, "i1", field.pattern, True)
    once, told = field.evidence(), field.events()
    for _ in range(999):
        assert not record_outcome(field.library, "i1", field.pattern, True)
    assert (field.evidence(), field.events()) == (once, told)
    assert field.library.pattern(field.pattern).confidence.n == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": math.nan}, {"at": math.inf}, {"at": -1.0}, {"at": 1e12}, {"at": True}, {"kind": "gossip"},
        {"key": ""}, {"injection": "nobody"}, {"pattern": "nobody"},
        {"data": {"what": "test", "source": "x", "success": True, "weight": math.nan}},
        {"data": {"what": "test", "source": "x", "success": True, "weight": 7}},
        {"data": {"what": "test", "source": "x", "success": "yes", "weight": 1}},
        {"data": {"what": "test", "source": "x", "success": True, "weight": 1, "detail": {"n": math.nan}}},
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused(field: Field, wrong: dict[str, Any]) -> None:
    data = {"what": "test", "source": "x", "success": True, "weight": 1.0}
    right: dict[str, Any] = {"kind": "outcome", "at": 1.7e9, "injection": "i1", "pattern": field.pattern,
                             "key": "k", "data": data}  # fmt: skip
    before = field.evidence(), field.events()
    with pytest.raises(LedgerError) as told, transaction(field.stock.conn):
        ledger.append(field.stock.conn, Event(**{**right, **wrong}))
    assert "\n" not in str(told.value)
    assert (field.evidence(), field.events()) == before


def hostile(chance: random.Random) -> list[Any]:
    """A day of work, torn, shuffled, repeated, with clocks that jump and values that cannot be."""
    lines: list[Any] = list(make.day_of_work())
    jumps = ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", -1, 1e400, None, {}, "2026-13-45"]
    lines += [
        make.asked(f"when {at}", 5, uuid=f"j{at}") | {"timestamp": jump} for at, jump in enumerate(jumps)
    ]
    lines += [
        make.answered(6, "m", "r", tokens=(-5, 1, 1, 1)),
        make.answered(6, "m2", "r2", tokens=(10**18, 1, 1, 1)),
        make.answered(6, "m3", "r3", tokens=("many", None, [], {})),
        make.answered(6, "m4", "r4", content=[{"type": "tool_use", "id": {"a": 1}, "name": 7, "input": "x"}]),
        make.returned(7, "never called", "\x1b]0;owned\x07\x00" * 100, error=True),
        make.asked("\ud800 \x1b[2J <!-- patterns-tui:end --> | `x`", 8, uuid="esc"),
        {"type": "system", "subtype": "compact_boundary", "compactMetadata": "no table"},
        {"type": ["list"], "message": [1, 2]}, {"type": "user"}, {"type": "assistant", "message": None}, {},
    ]  # fmt: skip
    raw = [
        *map(make.raw, ([one] for one in lines)),
        b'{"half": \n',
        b"\x00\xff\n",
        b"[" * 3000 + b"\n",
        b"\n",
    ]
    raw += chance.choices(raw, k=len(raw))
    chance.shuffle(raw)
    return raw


@pytest.mark.parametrize("seed", range(4))
def test_a_hostile_transcript_is_read_as_far_as_it_can_be_true(
    field: Field, tmp_path: Path, seed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    field.library.rate(field.pattern, 5, "s")
    before = field.evidence()
    path = tmp_path / "t" / f"{make.SESSION}.jsonl"
    path.parent.mkdir()
    whole = b"".join(hostile(random.Random(seed)))
    path.write_bytes(whole[: len(whole) - 40])
    assert run(["sessions", "import", str(path), "--json"]) == 0
    first = json.loads(capfd.readouterr().out)
    for argv in (["analyze", make.SESSION], ["analyze", "--recent", "5"], ["list"], ["extract", "--all"]):
        assert run(["sessions", *argv]) == 0, argv
        told = capfd.readouterr()
        assert "\x1b" not in told.out and "Traceback" not in told.err
    assert run(["sessions", "import", str(path), "--json"]) == 0
    again = json.loads(capfd.readouterr().out)
    assert [one["new"] for one in again] == [0] and again[0]["tokens"] == first[0]["tokens"]
    assert 0 < sum(first[0]["tokens"].values()) <= 400
    assert field.evidence() == before, "no transcript touches what is believed"
    at = [row[0] for row in field.stock.conn.execute("SELECT at FROM events")]
    assert all(1.5e9 < moment < 4e9 for moment in at)
    with transaction(field.stock.conn):
        assert ledger.rebuild(field.stock.conn) == {}


@pytest.mark.parametrize("cwd", ["/" + "x" * 3000, "\x00", "no/../where", "/root/\ud800", "~"])
def test_a_folder_that_cannot_be_does_not_stop_an_import(tmp_path: Path, cwd: str) -> None:
    library = PatternLibrary(tmp_path / "patterns.db")
    lines = [line | {"cwd": cwd} for line in make.day_of_work()]
    (found,) = Sessions(library).import_paths([make.written(tmp_path / "t", lines)])
    assert isinstance(found, SessionSummary) and found.messages == 6


def test_totals_and_events_of_tools_do_not_depend_on_the_order_of_lines(tmp_path: Path) -> None:
    def told(name: str, lines: list[Any]) -> tuple[Any, ...]:
        library = PatternLibrary(tmp_path / name / "patterns.db")
        (found,) = Sessions(library).import_paths([make.written(tmp_path / name, lines)])
        with library.connections.lend() as conn:
            events = ledger.events(conn, session=make.SESSION, kinds=["tool"])
        library.close()
        last = {one.data["call"]: {**one.data} for one in events}
        return found.tokens, found.cost_usd, last  # type: ignore[union-attr]

    lines = make.day_of_work()
    shuffled = [*lines, *lines]
    random.Random(7).shuffle(shuffled)
    assert told("a", lines) == told("b", shuffled)
