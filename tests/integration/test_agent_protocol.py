"""An agent plays its part: its documented JSON on stdin, processes, exit codes; nothing in process.

Events and what agents make of stdout and exit codes are those of Claude Code's hooks reference
(code.claude.com/docs/en/hooks, as of August 2026); Codex has the same for these events.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.test_loop import LIBRARY, TESTS, WRITTEN
from tui_patterns.api import Indexer, PatternLibrary, Sessions

SESSION = "0a1b2c3d-0000-4000-8000-0000000000aa"
ASKED = "Retry with exponential backoff"
INJECT, FOLLOW = ("enhance", "--automatic", "--hook"), ("sessions", "follow")
# What an agent takes from a UserPromptSubmit hook; it drops all of it for any other key.
DOCUMENTED = {"hookSpecificOutput": {"hookEventName", "additionalContext"}}


class Agent:
    """Talks to hooks as an agent does, and keeps a transcript."""

    def __init__(self, root: Path, transcript: Path) -> None:
        self.root, self.transcript = root, transcript
        transcript.parent.mkdir(parents=True)
        self._lines = 0

    def fire(self, command: tuple[str, ...], name: str, **given: Any) -> subprocess.CompletedProcess[str]:
        """Call a hook with the fields that all events have, and its own."""
        common = {
            "session_id": SESSION,
            "prompt_id": "550e8400-e29b-41d4-a716-446655440000",
            "transcript_path": str(self.transcript),
            "cwd": str(self.root),
            "permission_mode": "default",
            "effort": {"level": "medium"},
            "hook_event_name": name,
        }
        return self.send(json.dumps(common | given), command)

    def send(self, raw: str, command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        """Any bytes to a hook, in the agent's folder."""
        return subprocess.run(
            [sys.executable, "-m", "tui_patterns", *command], input=raw, capture_output=True, text=True,
            cwd=self.root, timeout=180, check=False,
        )  # fmt: skip

    def ask(self, prompt: str) -> subprocess.CompletedProcess[str]:
        """A person's prompt."""
        told = self.fire(INJECT, "UserPromptSubmit", prompt=prompt)
        self.line("user", prompt)
        return told

    def write(self, path: str, text: str) -> subprocess.CompletedProcess[str]:
        """The tool Write."""
        place = self.root / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
        given = {"file_path": str(place), "content": text}
        return self.tool(
            "Write", given, {"filePath": str(place), "success": True}, "File created successfully"
        )

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """The tool Bash; a command that fails is another event, with text in place of an answer."""
        plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, *command.split()], cwd=self.root, capture_output=True, text=True, timeout=180,
            check=False, env=os.environ | plain,
        )  # fmt: skip
        given = {"command": f"python {command}", "description": "Run the tests", "timeout": 120_000}
        if done.returncode:
            return self.tool("Bash", given, None, f"Exit code {done.returncode}\n{done.stdout}")
        answer = {"stdout": done.stdout, "stderr": "", "interrupted": False, "isImage": False}
        return self.tool("Bash", given, answer, done.stdout)

    def tool(
        self, name: str, given: dict[str, Any], answer: dict[str, Any] | None, text: str
    ) -> subprocess.CompletedProcess[str]:
        call = f"toolu_{self._lines}"
        self.line("assistant", [{"type": "tool_use", "id": call, "name": name, "input": given}])
        result = {"type": "tool_result", "tool_use_id": call, "content": text, "is_error": answer is None}
        self.line("user", [result])
        common = {"tool_name": name, "tool_input": given, "tool_use_id": call, "duration_ms": 12}
        if answer is None:
            return self.fire(FOLLOW, "PostToolUseFailure", error=text, is_interrupt=False, **common)
        return self.fire(FOLLOW, "PostToolUse", tool_response=answer, **common)

    def line(self, role: str, content: Any) -> None:
        """One line of the transcript."""
        self._lines += 1
        message: dict[str, Any] = {"role": role, "content": content}
        if role == "assistant":
            usage = {"input_tokens": 10, "output_tokens": 20}
            message |= {"id": f"msg_{self._lines}", "model": "claude-sonnet-4-20250514", "usage": usage}
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{int(time.time() % 1 * 1000):03}Z"
        head = {"type": role, "sessionId": SESSION, "timestamp": moment, "cwd": str(self.root),
                "isSidechain": False, "version": "2.1.240", "uuid": f"u{self._lines}",
                "requestId": f"req_{self._lines}"}  # fmt: skip
        with self.transcript.open("a") as file:
            file.write(json.dumps({**head, "message": message}) + "\n")


@pytest.fixture
def library(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PatternLibrary]:
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__MIN_RELEVANCE", "0")
    monkeypatch.setenv("PATTERNS_TUI_INJECTION__HOLDOUT", "0")
    made = PatternLibrary(data_dir / "patterns.db")
    yield made
    made.close()


@pytest.fixture
def agent(library: PatternLibrary, tmp_path: Path) -> Agent:
    root = tmp_path / "shop"
    (root / "pkg").mkdir(parents=True)
    (root / "pkg" / "__init__.py").touch()
    (root / "pkg" / "basics.py").write_text(LIBRARY)
    Indexer(library).index([root], embed=False, jobs=1)
    return Agent(root, tmp_path / "claude" / f"{SESSION}.jsonl")


def silent(done: subprocess.CompletedProcess[str]) -> bool:
    """Nothing that an agent, or the person, would notice."""
    return (done.returncode, done.stdout, done.stderr) == (0, "", "")


def context_of(done: subprocess.CompletedProcess[str]) -> str:
    """What an agent adds to the prompt, by its rules: one object, from the first character on."""
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("{") and done.stdout.count("\n") == 1
    given = json.loads(done.stdout)
    assert {key: set(value) for key, value in given.items()} == DOCUMENTED
    assert given["hookSpecificOutput"]["hookEventName"] == "UserPromptSubmit"
    context: str = given["hookSpecificOutput"]["additionalContext"]
    assert 0 < len(context) <= 10_000
    return context


def test_a_session_from_the_prompt_to_the_evidence(agent: Agent, library: PatternLibrary) -> None:
    context = context_of(agent.ask(ASKED))
    assert "def call_with_backoff" in context and ASKED not in context
    (injection,) = library.injections()
    assert (injection.session, injection.arm, injection.patterns[0].state) == (SESSION, "auto", "open")

    assert silent(agent.write("pkg/report.py", WRITTEN.replace("return session()", "return session(")))
    assert silent(agent.write("tests/test_report.py", TESTS))
    assert silent(agent.run("-m pytest -q"))
    assert silent(agent.write("pkg/report.py", WRITTEN))
    assert silent(agent.run("-m pytest -q"))
    assert silent(agent.fire(FOLLOW, "Stop", stop_hook_active=False, last_assistant_message="Done.",
                             background_tasks=[], session_crons=[]))  # fmt: skip

    told = agent.send("", ("watch", "--once", "--json"))
    learned = [one for one in json.loads(told.stdout)["learned"] if "Backoff" in one["name"]]
    assert [(one["kind"], one["success"]) for one in learned] == [("use", None), ("outcome", True)]
    (injection,) = library.injections()
    used = {library.pattern(one.id).qualname: one for one in injection.patterns}["call_with_backoff"]
    assert (used.state, used.outcome) == ("used", "success")
    assert {one["path"] for one in used.evidence} == {"pkg/report.py"}
    analysed = Sessions(library).analyze(SESSION)
    assert (analysed.tests.runs, analysed.first_attempt) == (2, (0, 1)), "the first run failed"
    assert library.rebuild_evidence() == {}


def test_at_the_end_of_a_session_the_transcript_is_read_by_a_process_of_its_own(
    agent: Agent, library: PatternLibrary
) -> None:
    agent.line("user", ASKED)
    agent.line("assistant", [{"type": "text", "text": "Done."}])
    assert silent(agent.fire(FOLLOW, "SessionEnd", reason="other"))
    until = time.monotonic() + 180
    while not Sessions(library).imported() and time.monotonic() < until:
        time.sleep(0.05)
    (found,) = Sessions(library).imported()
    assert (found.id, found.messages, found.prompts) == (SESSION, 1, 1)


@pytest.mark.parametrize("command", [INJECT, FOLLOW])
@pytest.mark.parametrize("raw", ["", "{", "[]", '"text"', "{}", '{"session_id": 7, "hook_event_name": []}'])
def test_rubbish_disturbs_no_agent(
    data_dir: Path, tmp_path: Path, raw: str, command: tuple[str, ...]
) -> None:
    done = Agent(tmp_path, tmp_path / "t" / "x.jsonl").send(raw, command)
    assert (done.returncode, done.stdout) == (0, "") and "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize("command", [INJECT, FOLLOW])
def test_a_library_that_is_not_there_or_cannot_be_disturbs_no_agent(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    agent = Agent(tmp_path, tmp_path / "t" / "x.jsonl")
    agent.line("user", ASKED)
    (tmp_path / "file").touch()
    for place in (tmp_path / "not" / "there", tmp_path / "file"):
        monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(place))
        done = agent.fire(command, "UserPromptSubmit" if command is INJECT else "Stop", prompt=ASKED)
        assert (done.returncode, done.stdout) == (0, "") and "Traceback" not in done.stderr
    assert "not a folder" in done.stderr


def test_a_locked_library_lets_the_prompt_go_after_a_second(agent: Agent, library: PatternLibrary) -> None:
    holder = sqlite3.connect(library.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    done = agent.ask(ASKED)
    holder.execute("ROLLBACK")
    holder.close()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.count("\n") == 1 and "locked by another process for 1 s" in done.stderr
    assert library.injections() == [] and context_of(agent.ask(ASKED))


def test_whoever_sets_a_hook_up_wrongly_loses_no_prompt(agent: Agent) -> None:
    """Exit code 2 would erase it."""
    for command in (("enhance", "--hook", "--task", "x"), ("enhance", "--hook", "--no-such"),
                    ("sessions", "follow", "--no-such")):  # fmt: skip
        done = agent.fire(command, "UserPromptSubmit", prompt=ASKED)
        assert done.returncode != 2 and done.stdout == "" and done.stderr.count("\n") == 1
    assert context_of(agent.fire(("enhance", "--hook"), "UserPromptSubmit", prompt=ASKED))


def test_a_reason_for_nothing_goes_to_the_agents_log(agent: Agent) -> None:
    context_of(agent.ask(ASKED))
    done = agent.ask(ASKED)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "patterns-tui: nothing was put in: the session has been given this before\n"
