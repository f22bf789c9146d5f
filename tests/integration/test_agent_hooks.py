"""An agent's hooks: patterns for its prompts, held out or not, and what came of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit import transcripts as make
from tests.unit.stock import Stock, unit
from tui_patterns.api import AgentHooks, PatternLibrary, Sessions, SessionSummary, hook_event
from tui_patterns.api.agent_hooks import MOST_CHARACTERS
from tui_patterns.cli.main import run
from tui_patterns.learning.experiments import held_out
from tui_patterns.sessions.values import moment
from tui_patterns.store import ledger
from tui_patterns.store.injections import InjectedRow, NewInjection, record

ASKED = "wrap text to a width"
Hook = Callable[..., tuple[Any, str]]


@pytest.fixture
def stock(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Stock:
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__MIN_RELEVANCE", "0")
    monkeypatch.setenv("PATTERNS_TUI_INJECTION__HOLDOUT", "0")
    made = Stock(data_dir / "patterns.db")
    made.put("text.py", unit("wrap_text_to_width", "text.py", docstring="Wrap text to a width."))
    return made


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], stock: Stock) -> Hook:
    """Runs a hook with an event; (what it printed, what it said on stderr). It always ends with 0."""

    def call(*argv: str, **given: Any) -> tuple[Any, str]:
        event = {"hook_event_name": "UserPromptSubmit", "session_id": make.SESSION, "cwd": "/work/shop",
                 "prompt": ASKED, **given}  # fmt: skip
        return send(json.dumps(event).encode(), *argv)

    def send(raw: bytes, *argv: str) -> tuple[Any, str]:
        stdin = SimpleNamespace(buffer=io.BytesIO(raw), isatty=lambda: False)
        monkeypatch.setattr("sys.stdin", stdin)
        assert run(argv or ["enhance", "--automatic", "--hook"]) == 0
        told = capfd.readouterr()
        return (json.loads(told.out) if told.out else None), told.err

    call.send = send  # type: ignore[attr-defined]
    return call


def events(stock: Stock, kind: str) -> list[dict[str, Any]]:
    return [one.data for one in ledger.events(stock.conn, kinds=[kind])]  # type: ignore[list-item]


def test_patterns_for_a_prompt_come_as_the_agent_expects_them(hook: Hook, stock: Stock) -> None:
    answer, _ = hook()
    assert answer.keys() == {"hookSpecificOutput"}, "any other key makes the agent drop all of it"
    said = answer["hookSpecificOutput"]
    assert said.keys() == {"hookEventName", "additionalContext"}
    assert said["hookEventName"] == "UserPromptSubmit"
    context = said["additionalContext"]
    assert context.startswith("<!-- patterns-tui:begin") and context.endswith("<!-- patterns-tui:end -->")
    assert "def wrap_text_to_width" in context and ASKED not in context
    (injection,) = PatternLibrary(stock.path).injections()
    assert (injection.session, injection.arm, injection.task) == (make.SESSION, "auto", ASKED)
    assert events(stock, "session")[0] == {"source": "claude-code"} and events(stock, "turn") == [{"turn": 1}]


def test_what_was_given_once_is_not_given_again(hook: Hook, stock: Stock) -> None:
    assert hook()[0] and hook()[0] is None
    assert events(stock, "turn") == [{"turn": 1}, {"turn": 2}]
    assert hook(session_id="another")[0] and len(PatternLibrary(stock.path).injections()) == 2


def test_a_held_out_session_gets_nothing_and_is_written_down(
    hook: Hook, stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATTERNS_TUI_INJECTION__HOLDOUT", "0.5")
    for name in ("s1", "s2", "s3", "s4", "s5", "s6"):
        assert (hook(session_id=name)[0] is None) == held_out(name, 0.5)
    arms = {one.session: one.arm for one in PatternLibrary(stock.path).injections()}
    assert arms == {f"s{at}": "control" if held_out(f"s{at}", 0.5) else "auto" for at in range(1, 7)}


@pytest.mark.parametrize("entry", ["*", "/work/shop", "/work/*"])
def test_where_nothing_may_be_learned_nothing_is_put_in_or_kept(
    hook: Hook, stock: Stock, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setenv("PATTERNS_TUI_LEARNING__OPT_OUT", json.dumps([entry]))
    assert hook()[0] is None
    hook("sessions", "follow", hook_event_name="PostToolUse", tool_name="Edit", tool_use_id="t")
    assert {kind: len(events(stock, kind)) for kind in ("session", "turn", "tool", "injection")} == {
        "session": 0, "turn": 0, "tool": 0, "injection": 0,
    }  # fmt: skip


def test_a_project_that_opts_itself_out_does_so_for_its_subfolders(
    hook: Hook, stock: Stock, tmp_path: Path
) -> None:
    (tmp_path / "shop" / "src").mkdir(parents=True)
    assert hook(cwd=str(tmp_path / "shop" / "src"))[0]
    (tmp_path / "shop" / ".patterns-tui.toml").write_text('[learning]\nopt_out = ["*"]\n')
    assert hook(cwd=str(tmp_path / "shop" / "src"), session_id="other")[0] is None
    assert hook(cwd=str(tmp_path), session_id="outside")[0]


@pytest.mark.parametrize(
    "given",
    [
        {"hook_event_name": "Stop"}, {"prompt": ""}, {"prompt": 7}, {"session_id": ""}, {"session_id": None},
        {"prompt": "<task-notification>done</task-notification>"}, {"prompt": "qqq zzz"},
        {"prompt": "continue"}, {"prompt": "Wrap it."}, {"prompt": "What does this text do?"},
    ],
)  # fmt: skip
def test_what_nobody_asked_or_nothing_fits_gets_nothing(
    hook: Hook, stock: Stock, given: dict[str, Any]
) -> None:
    assert hook(**given)[0] is None and events(stock, "injection") == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b'{"a": ' * 2000, b"null"])
@pytest.mark.parametrize("command", ["enhance --automatic --hook", "sessions follow"])
def test_a_hook_never_disturbs_its_agent(hook: Any, raw: bytes, command: str) -> None:
    answer, said = hook.send(raw, *command.split())
    assert answer is None and said.count("\n") == 1 and "Traceback" not in said


def test_a_damaged_library_does_not_disturb_it_either(hook: Hook, stock: Stock) -> None:
    stock.close()
    stock.path.write_bytes(b"no database at all" * 100)
    answer, said = hook()
    assert answer is None and "damaged" in said


def test_a_secret_in_a_prompt_is_not_kept(hook: Hook, stock: Stock) -> None:
    secret = "sk-ant-" + "a1B2" * 10
    assert hook(prompt=f"{ASKED} with {secret}")[0]
    assert secret not in str([tuple(row) for row in stock.conn.execute("SELECT * FROM events")])


def test_the_text_stays_below_what_an_agent_takes(stock: Stock) -> None:
    for at in range(3):
        body = "\n    ".join(f"text_{at}_{line} = wrap(text, width, {line})" for line in range(90))
        stock.put(f"w{at}.py", unit(f"wrap_text_width_{at}", f"w{at}.py", body=body, docstring="Wrap text."))
    library = PatternLibrary(stock.path)
    event = hook_event({"hook_event_name": "UserPromptSubmit", "session_id": "s", "prompt": ASKED})
    assert event is not None
    context, _ = AgentHooks(library).context(event)
    assert context is not None and 0 < len(context) <= MOST_CHARACTERS


def ran(hook: Hook, call: str, command: str, event: str = "PostToolUse", **more: Any) -> None:
    given = {"tool_name": "Bash", "duration_ms": 1500, "tool_use_id": call, "hook_event_name": event}
    assert hook("sessions", "follow", tool_input={"command": command}, **given, **more)[0] is None


def test_results_of_tools_are_events_and_make_a_session_of_our_own(hook: Hook, stock: Stock) -> None:
    hook()
    ran(hook, "t1", "pytest -q", "PostToolUseFailure", error="Exit code 1\n1 failed in 0.1s")
    ran(hook, "t2", "pytest -q", tool_response={"stdout": "1 passed in 0.1s"})
    ran(hook, "t3", "ls")
    ran(hook, "t4", "pytest | tail", tool_response={"stdout": ""})
    keys = ("call", "success", "exit_code", "duration_ms")
    told = [tuple(one[key] for key in keys) for one in events(stock, "tool")]
    assert told == [("t1", False, 1, 1500), ("t2", True, 0, 1500), ("t4", None, None, 1500)]
    found = Sessions(PatternLibrary(stock.path))
    (session,) = found.import_ledger()
    assert isinstance(session, SessionSummary)
    assert (session.id, session.agent, session.source) == (
        make.SESSION,
        "claude-code",
        f"ledger:{make.SESSION}",
    )
    analysed = found.analyze(make.SESSION)
    assert analysed.completion.outcomes == (1, 1) and analysed.first_attempt == (0, 1)
    assert (analysed.tests.passed, analysed.tests.failed) == (1, 1)
    assert analysed.cost.usd is None and "unknown" in found.report(analysed).read_text()
    before = len(events(stock, "tool"))
    (again,) = found.import_ledger()
    assert isinstance(again, SessionSummary) and again.new == 0 and len(events(stock, "tool")) == before


def test_the_transcript_is_taken_up_when_the_agent_stops(hook: Hook, stock: Stock, tmp_path: Path) -> None:
    hook()
    path = make.written(tmp_path / "t", make.day_of_work())
    assert hook("sessions", "follow", hook_event_name="Stop", transcript_path=str(path))[0] is None
    (found,) = Sessions(PatternLibrary(stock.path)).imported()
    assert found.id == make.SESSION and found.messages == 6
    assert sorted(one["turn"] for one in events(stock, "turn")) == [1, 2]
    hook("sessions", "follow", hook_event_name="Stop", transcript_path=str(path))
    assert len(events(stock, "turn")) == 2


def test_a_prompt_is_no_search_query(hook: Hook, stock: Stock) -> None:
    assert hook(prompt='wrap "a text" to -width --text')[0], "nothing is excluded or a must"


def test_a_transcript_takes_the_place_of_what_the_ledger_knew(
    hook: Hook, stock: Stock, tmp_path: Path
) -> None:
    hook()
    ran(hook, "t2", "pytest -q", tool_response={"stdout": "1 passed in 0.1s"})
    found = Sessions(PatternLibrary(stock.path))
    list(found.import_ledger())
    list(found.import_paths([make.written(tmp_path / "t", make.day_of_work())]))
    taken = found.analyze(make.SESSION)
    assert [turn.text for turn in taken.turns] == ["Write add", "Thanks, what is next?"]
    assert taken.tests.runs == 2 and taken.tokens.total == 370
    assert list(found.import_ledger()) == []


def test_work_that_was_cut_off_says_nothing_of_a_pattern(stock: Stock, tmp_path: Path) -> None:
    pattern, version = stock.id("wrap_text_to_width"), stock.rows("SELECT version_id FROM patterns")[0][0]
    lines = [
        make.asked("go", 10),
        make.answered(12),
        {"type": "system", "subtype": "api_error", "uuid": "e", "sessionId": make.SESSION,
         "timestamp": make.at(20)},
        make.asked("again", 100),
        make.answered(101, "msg_9", "req_9"),
        make.asked("[Request interrupted by user]", 110),
        make.asked("and now", 200),
        {"type": "system", "subtype": "api_error", "uuid": "f", "sessionId": make.SESSION,
         "timestamp": make.at(201)},
        make.answered(202, "msg_10", "req_10"),
    ]  # fmt: skip
    path = make.written(tmp_path / "t", lines)
    start = moment(make.at(0))
    assert start is not None
    for name, after in (("i1", 9.0), ("i2", 99.0), ("i3", 199.0)):
        entry = NewInjection(name, make.SESSION, "t", "auto", "h", 10, 100)
        record(stock.conn, entry, [InjectedRow(pattern, version, 1, 1.0, 1.0, 1.0, 10, {})])
        stock.conn.execute("UPDATE events SET at = ? WHERE injection_id = ?", (start + after, name))
    ledger.rebuild(stock.conn)
    library = PatternLibrary(stock.path)
    list(Sessions(library).import_paths([path]))
    states = {one.id: one.patterns[0].state for one in library.injections()}
    assert states == {"i1": "censored", "i2": "censored", "i3": "unknown"}
    assert library.pattern(pattern).confidence.n == 0 and ledger.rebuild(stock.conn) == {}
