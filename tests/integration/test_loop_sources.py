"""What else speaks of a use: commands of agents, how long tests take, and security findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_loop import WRITTEN, Loop
from tui_patterns.api import PatternLibrary
from tui_patterns.api import ledger as ledger_api
from tui_patterns.models import Learned
from tui_patterns.store.sql import now


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(tmp_path)
    made.write(WRITTEN)
    made.look()
    yield made
    made.library.close()


def execute(loop: Loop, query: str, **values: Any) -> list[Any]:
    with loop.library.connections.lend() as conn:
        return conn.execute(query, values).fetchall()


def outcomes(loop: Loop, name: str = "call_with_backoff") -> dict[str, tuple[bool, dict[str, Any]]]:
    rows = execute(
        loop,
        "SELECT o.source, o.success, o.detail FROM outcomes o JOIN patterns p ON p.id = o.pattern_id "
        "WHERE p.qualname = :name",
        name=name,
    )
    return {row["source"]: (bool(row["success"]), json.loads(row["detail"])) for row in rows}


def test_the_last_test_command_of_an_agent_that_wrote_the_file_counts(loop: Loop) -> None:
    at = now()
    file = str(loop.root / "pkg" / "report.py")
    execute(
        loop,
        "INSERT INTO session_edits (session_id, call_id, part, at, place, path, text) "
        "VALUES ('s', 'e', 0, :at, 0, :file, 'x')", at=at, file=file,
    )  # fmt: skip
    for call, after, success in (("1", 1, 0), ("2", 2, 1), ("3", -5000, 0), ("4", 3, None)):
        execute(
            loop,
            "INSERT INTO tool_events (session_id, call_id, at, tool, category, command, success) "
            "VALUES ('s', :call, :at, 'Bash', 'test', 'pytest -q', :success)",
            call=call, at=at + after, success=success,
        )  # fmt: skip
    loop.look()
    success, detail = outcomes(loop)["session:s"]
    assert success and detail["command"] == "pytest -q"
    assert "session:s" not in outcomes(loop, "collect_pages")


def test_tests_that_became_slower_with_the_use_say_so(loop: Loop) -> None:
    (used,) = execute(
        loop,
        "SELECT u.id, u.at, u.project_id, i.created FROM used_code u JOIN patterns p ON p.id = u.pattern_id "
        "JOIN injections i ON i.id = u.injection_id WHERE p.qualname = 'call_with_backoff'",
    )
    execute(loop, "UPDATE used_code SET tests = '[\"t.py::test_a\"]' WHERE id = :id", id=used["id"])
    for step in range(3):
        for at, seconds in ((used["created"] - 100 + step, 0.1), (used["at"] + 1 + step, 0.4)):
            execute(
                loop, "INSERT INTO test_durations VALUES (:project, 't.py::test_a', :ran, 0, :seconds)",
                project=used["project_id"], ran=int(at * 1e9), seconds=seconds,
            )  # fmt: skip
    loop.look()
    success, detail = outcomes(loop)["durations"]
    assert not success and detail["ratio"] == 4.0
    assert "durations" not in outcomes(loop, "load_settings_file")


def test_security_of_the_used_lines_is_told_with_the_outcome(loop: Loop) -> None:
    loop.commit("Report")
    loop.look()
    assert outcomes(loop)["git"][1]["security"] == []


def test_what_it_took_an_agent_is_told_with_the_outcome(loop: Loop) -> None:
    at, file = now(), str(loop.root / "pkg" / "report.py")
    execute(
        loop,
        "INSERT INTO session_edits (session_id, call_id, part, at, place, path, text) "
        "VALUES ('s', 'e', 0, :at, 0, :file, 'x')", at=at, file=file,
    )  # fmt: skip
    for key, after in (("m1", -9999), ("m2", -0.2), ("m3", -0.1), ("m4", 50)):
        execute(
            loop,
            "INSERT INTO session_messages (session_id, key, message_id, transcript_id, at, sidechain, input, "
            "output, cache_5m, cache_1h, cache_read, total, reasoning, fast) "
            "VALUES ('s', :key, :key, 1, :at, 0, 1, 1, 0, 0, 0, 2, 0, 0)", key=key, at=at + after,
        )  # fmt: skip
    for key, status in (("a", "completed"), ("b", "open"), ("c", "deleted")):
        execute(loop, "INSERT INTO session_tasks VALUES ('s', :key, 't', :status, 0)", key=key, status=status)
    loop.commit("Report")
    loop.look()
    detail = outcomes(loop)["git"][1]
    assert detail["llm_calls"] == 2, "after the pattern was shown, until the file was written"
    assert detail["spec"] == {"done": 1, "of": 2} and detail["security"] == []
    loop.look()
    assert len(execute(loop, "SELECT 1 FROM events WHERE kind = 'outcome'")) == len(
        execute(loop, "SELECT 1 FROM outcomes")
    ), "looking again says nothing new"
    (injection,) = loop.library.injections()
    words = [ledger_api.outcome_words(one) for said in told(loop, injection.id) for one in said]
    assert words == ["kept in a commit; no security finding; 1 of 2 listed tasks done; 2 LLM calls"] * 2


def told(loop: Loop, injection: str) -> list[list[dict[str, Any]]]:
    return list(ledger_api.outcomes_of(loop.library, injection).values())


def test_where_no_agent_is_known_that_is_unknown(loop: Loop) -> None:
    loop.commit("Report")
    loop.look()
    detail = outcomes(loop)["git"][1]
    assert detail["llm_calls"] is None and detail["spec"] is None


def test_in_a_project_that_is_opted_out_no_outcome_is_followed(loop: Loop) -> None:
    (loop.root / ".patterns-tui.toml").write_text('[learning]\nopt_out = ["*"]\n')
    loop.library = PatternLibrary(loop.library.path)
    loop.commit("Report")
    loop.look()
    assert outcomes(loop) == {}


def test_the_ledger_tells_what_is_new(loop: Loop) -> None:
    news = loop.library.learned(0)
    assert [one.kind for one in news] == ["use", "use"]
    assert all(isinstance(one, Learned) and one.place and one.similarity for one in news)
    loop.test()
    loop.look()
    later = loop.library.learned(news[-1].event)
    assert {(one.kind, one.what, one.success) for one in later} == {("outcome", "test", True)}
    assert all(one.confidence.n == 1 for one in later)
    assert loop.library.learned(loop.library.last_event()) == []
