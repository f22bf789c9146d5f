"""Hooks of coding agents: patterns for a prompt before it is sent, and what came of it afterwards.

The contract is that of Claude Code, which Codex shares: a JSON object comes in, and what is said goes out
as ``{"hookSpecificOutput": {"hookEventName", "additionalContext"}}`` (code.claude.com/docs, *hooks*; the
text may have 10,000 characters). A hook never disturbs its agent: what cannot be done is left undone,
and a person's prompt waits for no other writer and no embedding.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.api.opting_out import OPTED_OUT, learns_from
from tui_patterns.prompts.render import only_section
from tui_patterns.search.clauses import MOST_TEXT, telling
from tui_patterns.sessions.claude_code import not_asked
from tui_patterns.sessions.commands import judge
from tui_patterns.sessions.masking import mask_name, masked
from tui_patterns.sessions.outputs import exit_code, verdict
from tui_patterns.sessions.sources import safe_id
from tui_patterns.sessions.tools import category, plain
from tui_patterns.sessions.values import number, table, words
from tui_patterns.store import injections, session_ledger, sessions
from tui_patterns.store.sql import dump
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary
    from tui_patterns.models import Enhanced

PROMPT = "UserPromptSubmit"
MOST_CHARACTERS = 9_500  # of the 10,000 that an agent takes
TASK_KEPT = 400
LEAST_WORDS = 2  # that tell something: "continue", or "what does this repo do?", asks for no pattern
LEAST_BUDGET = 100
PATIENCE_MS = 1_000  # a person waits for the answer
_MASK = re.compile(r"\[masked:[\w-]+\]")  # what stands in the place of a secret
_SHELLS = {"bash", "shell", "powershell"}
_ANSWERED = {"PostToolUse": True, "PostToolUseFailure": False}


@dataclass(frozen=True, slots=True)
class HookEvent:
    """What an agent says when it calls a hook; ``session`` as imports name it."""

    name: str
    session: str
    prompt: str
    cwd: str | None
    transcript: Path | None
    given: Mapping[str, Any]


def hook_event(given: Mapping[str, Any]) -> HookEvent | None:
    """The event of a hook's input; ``None`` for what is none."""
    name, session = words(given.get("hook_event_name"), 100), words(given.get("session_id"), 1_000)
    if not name or not session:
        return None
    transcript = words(given.get("transcript_path"), 4_096)
    return HookEvent(
        name=name,
        session=safe_id(session),
        prompt=words(given.get("prompt"), 100_000) or "",
        cwd=words(given.get("cwd"), 4_096),
        transcript=Path(transcript).expanduser() if transcript else None,
        given=given,
    )


class AgentHooks:
    """What an agent's hooks ask of one library. ``agent`` is told by whoever set the hook up."""

    def __init__(self, library: PatternLibrary, agent: str = "claude-code") -> None:
        self._library = library
        self._agent = agent

    # -- before ------------------------------------------------------------------------

    def context(self, event: HookEvent) -> tuple[str | None, str]:
        """(patterns for a prompt, or ``None``; why not). Written down as an automatic injection."""
        self._library.connections.patience_ms = PATIENCE_MS
        if event.name != PROMPT or not event.prompt.strip() or not_asked(event.prompt):
            return None, "nobody asked for anything"
        if telling(event.prompt[:MOST_TEXT]) < LEAST_WORDS:
            return None, "the prompt says too little to know what fits"
        if not learns_from(self._library, event.cwd):
            return None, OPTED_OUT
        with self._library.connections.lend() as conn, transaction(conn):
            sessions.start(conn, event.session, self._agent)
            session_ledger.next_turn(conn, event.session, time.time())
        done = self._built(event)
        if done.injection_id is None:
            return None, done.reason or "nothing fits"
        return only_section(done.prompt), ""

    def _built(self, event: HookEvent) -> Enhanced:
        from tui_patterns.api.automatic import Automatic
        from tui_patterns.api.injector import PatternInjector
        from tui_patterns.api.meaning import prompt_rows

        task, home = masked(event.prompt, TASK_KEPT), [Path(event.cwd)] if event.cwd else None
        plan, injector = Automatic(self._library, event.session, home), PatternInjector(self._library)
        query = _MASK.sub(" ", masked(event.prompt, MOST_TEXT))
        semantic = prompt_rows(self._library, query, catch_up=False)
        budget = self._library.settings.injection.budget_tokens
        built = injector.preview("", query, budget=budget, semantic=semantic, home=home, plan=plan)
        while len(built.prompt) > MOST_CHARACTERS and budget > LEAST_BUDGET:
            budget //= 2
            built = injector.preview("", query, budget=budget, semantic=semantic, home=home, plan=plan)
        if built.injection_id is not None and self._known(event, built):
            return replace(built, injection_id=None, reason="the session has been given this before")
        return plan.record(built, injector, prompt=event.prompt, task=task)

    def _known(self, event: HookEvent, built: Enhanced) -> bool:
        """Whether the session has all of it already: what was said once stays in an agent's context."""
        with self._library.connections.lend() as conn:
            given = injections.given(conn, event.session)
        return all(one.hit.pattern.id in given for one in built.chosen)

    # -- after -------------------------------------------------------------------------

    def follow(self, event: HookEvent) -> None:
        """Take up what happened: a tool's result, and what the transcript has got since."""
        transcript = self.note(event)
        if transcript is not None:
            self.take_up(transcript)

    def note(self, event: HookEvent) -> Path | None:
        """Write a tool's result into the ledger; the transcript, if now is the time to read on in it."""
        if not learns_from(self._library, event.cwd):
            return None
        told = self._tool(event)
        if event.name in _ANSWERED and told not in {"build", "test"}:
            return None
        return event.transcript if event.transcript is not None and event.transcript.is_file() else None

    def take_up(self, transcript: Path) -> None:
        """Read what the transcript has got since, and learn from it."""
        from tui_patterns.api.sessions import Sessions

        for _ in Sessions(self._library).import_paths([transcript]):
            pass

    def _tool(self, event: HookEvent) -> str | None:
        """Write a tool's result into the ledger, if it says something of code; its category."""
        if event.name not in _ANSWERED:
            return None
        given, tool = event.given, words(event.given.get("tool_name"), 100) or ""
        command = words(table(given.get("tool_input")).get("command"), 100_000)
        judged = judge(command) if command and tool.lower() in _SHELLS else None
        kind = judged.category if judged else category(tool)
        if kind not in session_ledger.TELLING:
            return None
        output = _output(given)
        success = _success(event.name, output, kind, decisive=judged.decisive if judged else True)
        call = (
            words(given.get("tool_use_id")) or blake2b(dump(dict(given)).encode(), digest_size=12).hexdigest()
        )
        row = session_ledger.tool(
            event.session,
            call,
            time.time(),
            kind,
            mask_name(tool),
            success,
            exit_code(output) if success is False else (0 if success and judged else None),
            number(given.get("duration_ms"), 1e9),
        )
        with self._library.connections.lend() as conn, transaction(conn):
            sessions.start(conn, event.session, self._agent)
            session_ledger.add(conn, [row])
        return kind


def _output(given: Mapping[str, Any]) -> str:
    """What a tool printed: under one key or another, as text or in blocks."""
    if isinstance(error := given.get("error"), str):
        return error
    answer = given.get("tool_response")
    if isinstance(answer, str):
        return answer
    parts = [plain(table(answer).get(key)) for key in ("stdout", "stderr", "content", "output")]
    return "\n".join(part for part in parts if part)


def _success(name: str, output: str, kind: str, *, decisive: bool) -> bool | None:
    """As for a transcript: what the runner printed of its tests, else the exit code where it can tell."""
    told = verdict(output) if kind == "test" else None
    if not _ANSWERED[name] or told is False:
        return False
    return True if told or decisive else None
