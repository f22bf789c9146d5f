"""Fixes follow from their events, in any order and however often told; strategies that failed sink."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.learning.changes import ChangeMade, change_between
from tui_patterns.learning.error_text import errors_in
from tui_patterns.learning.evidence import Rules
from tui_patterns.learning.failures import (
    Try,
    beliefs,
    record_attempt,
    record_fix,
    record_word,
    strategies,
)
from tui_patterns.learning.session_fixes import covers, family
from tui_patterns.learning.signatures import ErrorSeen
from tui_patterns.models import Event
from tui_patterns.store import fixes, ledger, sessions
from tui_patterns.store.event_checks import LedgerError
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import connect, transaction

RULES = Rules()
ERRORS = ("KeyError: 'a'", "ValueError: bad 3", "TypeError: no", "ValueError: other")
CHANGES = ("x.get('a')", "int(x)", "call(b, a)", "x or ''")


def error(number: int = 0) -> ErrorSeen:
    return errors_in(ERRORS[number])[0]


def change(number: int = 0) -> ChangeMade:
    made = change_between({"app.py": "y = x\n"}, {"app.py": f"y = {CHANGES[number]}\n"})
    assert made is not None
    return made


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = connect(tmp_path / "patterns.db", durable=False)
    yield made
    made.close()


def found(conn: sqlite3.Connection, tail: str = "a", at: float = 100.0, **more: Any) -> bool:
    return record_fix(conn, error().data(), change(), Try(at, tail, **more))


def test_a_fix_has_worked_once_and_is_believed_so(conn: sqlite3.Connection) -> None:
    assert found(conn, at=now()) and not found(conn, at=fixes.newest(conn)[0].found)
    (fix,) = fixes.by_shape(conn, [error().shape])
    believed = beliefs(conn, [fix], RULES)[fix.id]
    assert believed.n == 1.0 and 0.5 < believed.mean < 0.7


def test_the_same_change_that_does_not_help_counts_against_the_fix(conn: sqlite3.Connection) -> None:
    found(conn)
    assert record_attempt(conn, error().data(), change(), Try(200.0, "b"))
    assert record_attempt(conn, error().data(), change(3), Try(300.0, "c"))
    rows = conn.execute("SELECT fix_id IS NULL AS none, success FROM fix_trials ORDER BY at").fetchall()
    assert [tuple(row) for row in rows] == [(0, 1), (0, 0), (1, 0)]


def test_evidence_from_another_project_is_a_weak_prior(conn: sqlite3.Connection) -> None:
    found(conn, at=now(), project="/a")
    (fix,) = fixes.newest(conn)
    assert beliefs(conn, [fix], RULES, ["/a"])[fix.id].n == 1.0
    assert beliefs(conn, [fix], RULES, ["/b"])[fix.id].n == 0.0


def test_strategies_are_ordered_by_what_helped(conn: sqlite3.Connection) -> None:
    seen = error()
    assert [one.confidence.n for one in strategies(conn, seen, RULES)] == [0.0, 0.0, 0.0]
    for at in range(3):
        record_fix(conn, seen.data(), change(1), Try(now() - 10 + at, f"good{at}"))
        record_attempt(conn, seen.data(), change(0), Try(now() - 10 + at, f"bad{at}"))
    order = strategies(conn, seen, RULES)
    assert (order[0].strategy, order[0].here) == ("convert", 3)
    assert order[-1].strategy == "default" and order[-1].confidence.mean < 0.4
    other = errors_in("KeyError: 'b' of something else")[0]
    assert strategies(conn, other, RULES)[0].here == 0


tries = st.lists(
    st.tuples(
        st.sampled_from(["found", "attempt", "said", "forget"]),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from([10.0, 20.0, 5.0]),
        st.sampled_from([None, "s", "t"]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(tries)
def test_rebuilding_changes_nothing_after_any_tries(tmp_path: Path, made: list[Any]) -> None:
    path = tmp_path / "p.db"
    path.unlink(missing_ok=True)
    conn = connect(path, durable=False)
    try:
        for number, (what, which, how, at, session, success) in enumerate(made):
            with transaction(conn):
                where = Try(at, f"{number % 5}", session=session)
                if what == "found":
                    record_fix(conn, error(which).data(), change(how), where)
                elif what == "attempt":
                    record_attempt(conn, error(which).data(), change(how), where)
                elif what == "forget":
                    sessions.forget(conn, "t")
                elif known := fixes.newest(conn):
                    record_word(conn, known[which % len(known)], session or "u", success)
                assert ledger.rebuild(conn) == {}
    finally:
        conn.close()


WHOLE = Event(
    "fix", 1.0, key="fix:-:x",
    data={"what": "attempt", "fix": None, "success": False, "weight": 1.0, "strategy": "edit",
          "error": error().data()},
)  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"what": "guess"}, {"success": 1}, {"weight": 0}, {"weight": 2.0}, {"error": {}}, {"strategy": ""},
     {"what": "found"}, {"what": "said"}, {"fix": "other"},
     {"error": {**error().data(), "exit_code": float("nan")}}],
)  # fmt: skip
def test_what_is_no_fix_is_refused_in_one_line(conn: sqlite3.Connection, wrong: dict[str, Any]) -> None:
    with pytest.raises(LedgerError) as told:
        ledger.append(conn, replace(WHOLE, data={**WHOLE.data, **wrong}))
    assert "\n" not in str(told.value)
    assert ledger.append(conn, WHOLE) and not ledger.append(conn, WHOLE)


@pytest.mark.parametrize(
    ("green", "red", "expected"),
    [
        ("pytest -q", "cd /x && pytest -x tests/a.py 2>&1 | tail -5", True),
        ("pytest tests/a.py", "pytest tests/a.py -v", True),
        ("pytest tests/a.py", "pytest", False),
        ("pytest tests/b.py", "pytest tests/a.py", False),
        ("make test", "make build", False),
        ("FOO=1 pytest", "pytest", True),
        ("", "pytest", False),
    ],
)
def test_a_command_that_passed_covers_what_ran_as_much(green: str, red: str, expected: bool) -> None:
    assert covers(family(green), family(red)) is expected
