"""Sessions from the command line and the API: imported, analysed, taken up, opted out, forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit import transcripts as make
from tests.unit.stock import Stock, unit
from tui_patterns.api import LeftOut, LibraryError, PatternLibrary, SessionAnalyzer, Sessions
from tui_patterns.cli.main import run
from tui_patterns.learning.ledger import learning_event
from tui_patterns.settings import load_settings
from tui_patterns.store import injections, ledger
from tui_patterns.store.injections import InjectedRow, NewInjection

Said = Callable[..., Any]
RETRY = '''
import time


def call_with_retry(call, attempts=3):
    """Call again when the network fails."""
    for attempt in range(attempts):
        try:
            return call()
        except ConnectionError:
            time.sleep(1)
    raise RuntimeError("gave up")
'''


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line; data if it prints JSON, else (exit code, stdout, stderr)."""

    def ask(*argv: str) -> Any:
        code = run(["sessions", *argv])
        told = capfd.readouterr()
        if "--json" in argv:
            assert code == 0, told.err
            return json.loads(told.out)
        return code, told.out, told.err

    return ask


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    return make.written(tmp_path / "projects", make.day_of_work())


def test_import_list_and_analyze(said: Said, transcript: Path, data_dir: Path) -> None:
    (first,) = said("import", str(transcript), "--json")
    keys = {"id", "source", "agent", "model", "started", "ended", "messages", "tokens", "cost_usd"}
    keys |= {"price_table", "compactions", "new"}
    assert keys <= set(first) and first["new"] > 0 and first["messages"] == 6
    assert first["tokens"] == {"input": 50, "output": 70, "cache_creation": 100, "cache_read": 150}
    assert first["price_table"].startswith("genai-prices ") and first["cost_usd"] > 0
    (again,) = said("import", str(transcript.parent), "--json")
    assert first["extracted"]["files"] == 1, "its tests have passed"
    assert again == {**first, "new": 0, "extracted": None}
    assert said("list", "--json") == [again]
    found = said("analyze", make.SESSION[:6], "--json")
    assert found["tokens"]["total"] == 370 and found["completion"]["value"] == 1.0
    assert found["cost"]["estimate"] is True and found["report"] is None
    code, out, _ = said("analyze", make.SESSION)
    assert code == 0 and "## Pattern Usage" in out
    assert (data_dir / "reports" / f"{make.SESSION}_analysis.md").read_text().startswith("# Session")


def test_an_own_price_table_in_the_data_folder(said: Said, transcript: Path, data_dir: Path) -> None:
    rates = {"input": 1e-3, "output": 0.0, "cache_create": 0.0, "cache_read": 0.0}
    (data_dir / "prices.json").write_text(
        json.dumps({"source": "mine", "prices": {"claude-sonnet-4": rates}})
    )
    (found,) = said("import", str(transcript), "--json")
    assert found["cost_usd"] == pytest.approx(0.05) and found["price_table"].startswith("mine (")


def test_standard_places_are_read_only_when_asked(said: Said, home: Path, data_dir: Path) -> None:
    place = home / ".claude" / "projects" / "-work-shop"
    make.written(place, make.day_of_work())
    code, out, err = said("import")
    assert (code, out) == (2, "") and "--standard" in err
    assert said("list", "--json") == []
    assert len(said("import", "--standard", "--json")) == 1


def test_a_setting_lets_standard_places_be_read(
    said: Said, home: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.written(home / ".claude" / "projects" / "-work-shop", make.day_of_work())
    monkeypatch.setenv("PATTERNS_TUI_SESSIONS__STANDARD_PLACES", "true")
    assert len(said("import", "--json")) == 1


@pytest.mark.parametrize("entry", ["*", "/work/shop", "/work", "/work/sh*"])
def test_an_opted_out_project_is_left_out(
    said: Said, transcript: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setenv("PATTERNS_TUI_LEARNING__OPT_OUT", json.dumps([entry]))
    code, out, err = said("import", str(transcript))
    assert code == 0 and "opted out" in err and "1 left out" in out
    assert said("list", "--json") == []


def test_a_project_may_opt_itself_out_but_nobody_else_in(
    said: Said, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / ".patterns-tui.toml").write_text('[learning]\nopt_out = ["*"]\n')
    path = make.written(tmp_path / "t", [line | {"cwd": str(shop)} for line in make.day_of_work()])
    assert said("import", str(path), "--json") == []
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    config = tmp_path / "config" / "patterns-tui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[learning]\nopt_out = ["{shop}"]\n')
    (shop / ".patterns-tui.toml").write_text("[learning]\nopt_out = []\n")
    assert load_settings(project=shop).learning.opt_out == [str(shop)]
    assert said("import", str(path), "--json") == []


def test_forgetting_is_for_good(said: Said, tmp_path: Path, data_dir: Path) -> None:
    canary = "the-quick-canary-sings-at-noon"
    lines = [make.asked(canary, 0.5), *make.ran(1.5, "c", f"echo {canary}", "ok"), *make.day_of_work()]
    path = make.written(tmp_path / "t", lines)
    said("import", str(path), "--json")
    said("analyze", make.SESSION)
    assert canary.encode() in _all_bytes(data_dir)
    deleted = said("forget", make.SESSION, "--json")["deleted"]
    assert deleted["session_prompts"] == 3 and deleted["tool_events"] == 5
    assert canary.encode() not in _all_bytes(data_dir) and make.SESSION.encode() not in _all_bytes(data_dir)
    assert said("import", str(path), "--json") == [] and said("list", "--json") == []
    assert len(said("import", str(path), "--again", "--json")) == 1


def _all_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_code_of_a_session_becomes_patterns_once(said: Said, tmp_path: Path, data_dir: Path) -> None:
    lines = [
        make.asked("go", 0),
        make.called(1, "w", "Write", {"file_path": "/work/shop/net.py", "content": RETRY}),
        make.returned(2, "w", "ok"),
        make.called(3, "e", "Edit", {"file_path": "/work/shop/net.py", "old_string": "sleep(1)",
                                     "new_string": "sleep(2 ** attempt)"}),
        make.returned(4, "e", "ok"),
        make.called(5, "x", "Write", {"file_path": "/work/shop/bad.py", "content": "def broken(:\n"}),
        make.called(6, "f", "Write", {"file_path": "/work/shop/refused.py", "content": RETRY}),
        make.returned(7, "f", "File has not been read yet", error=True),
    ]  # fmt: skip
    said("import", str(make.written(tmp_path / "t", lines)), "--json")
    (done,) = said("extract", "--all", "--json")
    assert (done["files"], done["patterns"], done["new"]) == (2, 1, 1)
    assert [bad["path"] for bad in done["failed"]] == ["/work/shop/bad.py"]
    assert said("extract", make.SESSION, "--json")[0]["new"] == 0
    library = PatternLibrary(data_dir / "patterns.db")
    (found,) = library.recent()
    assert found.qualname == "call_with_retry" and "sleep(2 ** attempt)" in found.code
    edits = Sessions(library).edits(make.SESSION)
    assert [one.applied for one in edits] == [True, True, True, False]


def built(*more: Any) -> list[Any]:
    """A session that writes a file, and runs its tests."""
    return [
        make.asked("go", 0),
        make.called(1, "w", "Write", {"file_path": "/work/shop/net.py", "content": RETRY}),
        make.returned(2, "w", "ok"),
        *more,
    ]


def test_once_a_build_has_passed_the_code_is_taken_up_by_itself(
    said: Said, tmp_path: Path, data_dir: Path
) -> None:
    library = PatternLibrary(data_dir / "patterns.db")
    failed = make.ran(5, "t1", "pytest -q", "Exit code 1\n1 failed in 0.1s", error=True)
    (one,) = said("import", str(make.written(tmp_path, built(*failed))), "--json")
    assert one["extracted"] is None and library.recent() == []
    later = make.called(20, "e", "Edit", {"file_path": "/work/shop/net.py", "old_string": "sleep(1)",
                                          "new_string": "sleep(9)"})  # fmt: skip
    passed = [*make.ran(8, "t2", "pytest -q", "1 passed in 0.1s"), later, make.returned(21, "e", "ok")]
    (one,) = said("import", str(make.written(tmp_path, built(*failed, *passed))), "--json")
    assert (one["extracted"]["new"], one["extracted"]["failed"]) == (1, [])
    (found,) = library.recent()
    assert "sleep(1)" in found.code, "as it was when its tests passed"
    (one,) = said("import", str(tmp_path / f"{make.SESSION}.jsonl"), "--json")
    assert one["extracted"] is None and one["new"] == 0
    with library.connections.lend() as conn:
        (event,) = ledger.events(conn, kinds=["pattern_identified"])
    assert (event.session, event.pattern) == (make.SESSION, found.id)
    assert learning_event(event) == "pattern_identified"


def test_it_is_a_setting(said: Said, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATTERNS_TUI_SESSIONS__EXTRACT", "false")
    lines = built(*make.ran(8, "t2", "pytest -q", "1 passed in 0.1s"))
    (one,) = said("import", str(make.written(tmp_path, lines)), "--json")
    assert one["extracted"] is None
    monkeypatch.setenv("PATTERNS_TUI_LEARNING__OPT_OUT", '["*"]')
    code, _, err = said("extract", make.SESSION)
    assert code == 1 and "opted out" in err, "nor by hand, where nothing may be learned"


def test_a_transcript_is_told_to_the_ledger_without_its_texts(
    said: Said, transcript: Path, data_dir: Path
) -> None:
    said("import", str(transcript), "--json")
    with PatternLibrary(data_dir / "patterns.db").connections.lend() as conn:
        found = ledger.events(conn, session=make.SESSION)
    assert [one.kind for one in found].count("session") == 1
    assert [one.data["turn"] for one in found if one.kind == "turn"] == [1, 2]
    tools = {one.data["call"]: one.data for one in found if one.kind == "tool"}
    assert {call: (one["category"], one["success"], one["exit_code"]) for call, one in tools.items()} == {
        "w": ("edit", True, None),
        "t1": ("test", False, 1),
        "e": ("edit", True, None),
        "t2": ("test", True, 0),
    }
    assert tools["t1"]["duration_ms"] == 2000.0
    assert not any("pytest" in str(one.data) or "Write add" in str(one.data) for one in found)


def test_files_of_an_indexed_project_are_left_to_the_index(
    said: Said, tmp_path: Path, data_dir: Path
) -> None:
    Stock(data_dir / "patterns.db", tmp_path / "shop").close()
    place = str(tmp_path / "shop" / "net.py")
    lines = [make.asked("go", 0), make.called(1, "w", "Write", {"file_path": place, "content": RETRY})]
    said("import", str(make.written(tmp_path / "t", lines)), "--json")
    (done,) = said("extract", make.SESSION, "--json")
    assert (done["files"], done["indexed"], done["patterns"]) == (1, 1, 0)


def test_patterns_of_a_session_are_told_with_their_outcomes(transcript: Path, data_dir: Path) -> None:
    stock = Stock(data_dir / "patterns.db")
    stock.put("app.py", unit("good"), unit("bad"), unit("silent"))
    version = "SELECT version_id FROM patterns WHERE qualname = ?"
    rows = [
        InjectedRow(stock.id(name), stock.rows(version, name)[0][0], place, 1.0, 1.0, 1.0, 10, {})
        for place, name in enumerate(("bad", "silent", "good"))
    ]
    injections.record(stock.conn, NewInjection("i1", make.SESSION, "t", "auto", "h", 10, 100), rows)
    stock.close()
    library = PatternLibrary(data_dir / "patterns.db")
    list(Sessions(library).import_paths([transcript]))
    library.outcome("i1", rows[0].pattern, False)
    library.outcome("i1", rows[2].pattern, True)
    found = SessionAnalyzer(library).analyze(make.SESSION)
    assert [(one["name"], one["success"], one["n"]) for one in found["patterns"]["top"]] == [
        ("Good", 1.0, 1.0),
        ("Bad", 0.0, 1.0),
        ("Silent", None, 0),
    ]
    assert found["completion"] == 1.0 and found["tokens"] == {"total": 370, "per_task": 370.0}
    assert set(found) == {"completion", "context", "tests", "time", "tokens", "cost", "patterns"}
    assert found["context"]["max"] > 0 and found["context"]["compactions"] == 0
    assert found["time"]["avg_per_task"] == 15.0 and found["cost"] > 0


def test_the_older_analyzer_takes_a_session_folder(tmp_path: Path, data_dir: Path) -> None:
    folder = tmp_path / "night"
    folder.mkdir()
    (folder / "progress.json").write_text('{"completed": ["a", "b", "c"], "remaining": ["d"]}')
    found = SessionAnalyzer().analyze(str(folder))
    assert found["completion"] == 0.75 and found["tests"]["coverage"] is None
    with pytest.raises(LibraryError, match="no session"):
        SessionAnalyzer().analyze("absent")


def test_tool_events_for_learning(transcript: Path, data_dir: Path) -> None:
    found = Sessions(PatternLibrary(data_dir / "patterns.db"))
    assert not any(isinstance(one, LeftOut) for one in found.import_paths([transcript]))
    events = found.tool_events(make.SESSION[:8])
    assert [(one.category, one.success) for one in events] == [
        ("edit", True),
        ("test", False),
        ("edit", True),
        ("test", True),
    ]
    assert events[0].files == ("/work/shop/add.py",) and events[1].exit_code == 1
    assert events[1].output is not None and events[1].turn == 1


@pytest.mark.parametrize(
    "argv",
    [["analyze"], ["analyze", "x", "--recent", "2"], ["extract"], ["extract", "x", "--all"], ["import"]],
)
def test_wrong_usage_is_one_line(said: Said, data_dir: Path, argv: list[str]) -> None:
    code, out, err = said(*argv)
    assert (code, out) == (2, "") and err.count("\n") == 1


@pytest.mark.parametrize(
    "argv", [["analyze", "absent"], ["forget", "absent"], ["extract", "absent"], ["import", "absent"],
             ["analyze", "--recent", "3"], ["analyze", "--compare", "absent", "too"]]
)  # fmt: skip
def test_what_is_not_there_is_said_in_one_line(said: Said, data_dir: Path, argv: list[str]) -> None:
    code, out, err = said(*argv)
    assert (code, out) == (1, "") and err.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(said: Said, transcript: Path, data_dir: Path) -> None:
    transcript.chmod(0)
    code, _, err = said("import", str(transcript))
    assert code == 1 and "cannot be read" in err


def test_comparison_and_trend(said: Said, tmp_path: Path, data_dir: Path) -> None:
    for name in ("aaaa", "bbbb"):
        lines = [line | {"sessionId": name} for line in make.day_of_work()]
        make.written(tmp_path / "t", lines, f"{name}.jsonl")
    said("import", str(tmp_path / "t"), "--json")
    found = said("analyze", "--compare", "aaaa", "bbbb", "--json")
    assert found["differences"]["tokens"]["delta"] == 0 and found["differences"]["tokens"]["low"] is None
    assert [one["id"] for one in said("analyze", "--recent", "2", "--json")["sessions"]] == ["bbbb", "aaaa"]
    code, out, _ = said("analyze", "--recent", "5")
    assert code == 0 and "not enough data" in out
