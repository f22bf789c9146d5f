"""Rollouts of Codex: ``{"timestamp", "type", "payload"}`` a line, in ``sessions/YYYY/MM/DD/rollout-….jsonl``.

A subagent's rollout begins with its parent's history, written in the second in
which it was spawned: that is left out, since the parent's own file tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from tui_patterns.sessions import codex_tools as known
from tui_patterns.sessions import tools
from tui_patterns.sessions.lines import Line
from tui_patterns.sessions.outputs import exit_code, wall_ms
from tui_patterns.sessions.reading import Span, Turns
from tui_patterns.sessions.usage import codex_sums, codex_usage
from tui_patterns.sessions.values import moment, table, whole, words
from tui_patterns.store.session_rows import FactsRow, MarkRow, Row

_NOT_ASKED = (
    "<environment_context>", "<user_instructions>", "<INSTRUCTIONS>", "# AGENTS.md", "<turn_aborted>",
    "<permissions", "<skill",
)  # fmt: skip
_MARKS = {
    "turn_aborted": "stop",
    "context_compacted": "summary",
    "error": "api_error",
    "stream_error": "api_error",
}


class CodexReader:
    """Reads a rollout."""

    agent = "codex"

    def __init__(self, state: Mapping[str, Any], prompts: Mapping[str, int]) -> None:
        self.turns = Turns(prompts, state)
        self.span = Span()
        self.refused = 0
        self._begun = bool(state.get("begun", False))
        self._spawned: float | None = state.get("spawned")
        self._model: str | None = state.get("model")
        self._sums: dict[str, Any] = dict(state.get("sums", {}))
        self._asked: str | None = state.get("asked")

    def remember(self) -> dict[str, Any]:
        """The turn, the model, the sums of tokens so far, and whether history is being replayed."""
        said = {"begun": self._begun, "spawned": self._spawned, "model": self._model, "sums": self._sums}
        return {**self.turns.remember(), **said, "asked": self._asked}

    def read(self, line: Line) -> Iterator[Row]:
        """The rows of one line."""
        at = moment(line.value.get("timestamp"))
        self.span.add(at)
        payload, kind = table(line.value.get("payload")), line.value.get("type")
        if kind == "session_meta":
            yield from self._meta(payload, at)
        elif self._replayed(at, payload):
            return
        elif kind == "turn_context":
            self._model = words(payload.get("model"), 100) or self._model
            yield FactsRow(cwd=words(payload.get("cwd"), 4096))
        elif kind == "event_msg":
            yield from self._event(line, payload, at)
        elif kind == "response_item":
            yield from self._item(line, payload, at)
        elif kind == "compacted":
            yield MarkRow(line.key(), "compaction", self.turns.current, at, {})

    def _meta(self, payload: dict[str, Any], at: float | None) -> Iterator[Row]:
        if self._begun:  # a subagent's file goes on with its parent's
            return
        self._begun = True
        if "thread_spawn" in str(payload.get("source"))[:2000]:
            self._spawned = moment(payload.get("timestamp")) or at
        yield FactsRow(
            cwd=words(payload.get("cwd"), 4096),
            branch=words(table(payload.get("git")).get("branch")),
            version=words(payload.get("cli_version"), 40),
        )

    def _replayed(self, at: float | None, payload: dict[str, Any]) -> bool:
        """Whether a line belongs to the history that a subagent was given; the sums go on from there."""
        if self._spawned is None:
            return False
        if at is not None and int(at) > int(self._spawned):
            self._spawned = None
            return False
        self._sums = codex_sums(table(payload.get("info"))) or self._sums
        return True

    def _event(self, line: Line, payload: dict[str, Any], at: float | None) -> Iterator[Row]:
        kind = payload.get("type")
        if kind == "token_count":
            yield from self._tokens(table(payload.get("info")), at)
        elif kind == "user_message":
            yield from self._prompt(words(payload.get("message"), 100_000), at)
        elif kind == "exec_command_end" and (call_id := words(payload.get("call_id"))):
            yield self._ended(call_id, payload, at)
        elif isinstance(kind, str) and kind in _MARKS:
            yield MarkRow(line.key(), _MARKS[kind], self.turns.current, at, {})

    def _tokens(self, info: dict[str, Any], at: float | None) -> Iterator[Row]:
        model = words(info.get("model"), 100) or self._model
        row = codex_usage(info, self._sums, self.turns.current, at, model)
        said = bool(info.get("last_token_usage") or info.get("total_token_usage"))
        self.refused += said and row is None and codex_sums(info) is None
        self._sums = codex_sums(info) or self._sums
        self._active()
        if row is not None:
            yield row

    def _ended(self, call_id: str, payload: dict[str, Any], at: float | None) -> Row:
        code = whole(payload.get("exit_code"))
        output = words(payload.get("aggregated_output"), 4_000_000) or ""
        return tools.ended(
            call_id,
            at,
            output,
            error=code not in (None, 0),
            sure=code is not None,
            code=code,
            duration_ms=known.duration_ms(payload.get("duration")),
        )

    def _item(self, line: Line, payload: dict[str, Any], at: float | None) -> Iterator[Row]:
        kind, role = payload.get("type"), payload.get("role")
        call_id = words(payload.get("call_id") or payload.get("id"))
        if role == "user" and kind in (None, "message"):
            yield from self._prompt(tools.plain(payload.get("content")), at)
        elif kind in ("function_call", "custom_tool_call", "local_shell_call") and call_id:
            self._active()
            yield from self._called(line, payload, call_id, at)
        elif kind in ("function_call_output", "custom_tool_call_output") and call_id:
            yield self._answered(call_id, payload.get("output"), at)
        elif role == "assistant":
            self._active()

    def _called(self, line: Line, payload: dict[str, Any], call_id: str, at: float | None) -> Iterator[Row]:
        tool = words(payload.get("name")) or "local_shell"
        given = known.arguments(payload)
        shell = known.command(given) if tool in known.SHELLS else None
        written = known.written(given, words(payload.get("input"), 4_000_000), shell)
        call = tools.Call(call_id, self.turns.current, at, False, line.place)
        patch = bool(written and shell)
        yield tools.started(call, "apply_patch" if patch else tool, None if patch else shell, written, ())
        yield from tools.edits(call, written)
        yield from known.listed(given, call)

    def _answered(self, call_id: str, output: Any, at: float | None) -> Row:
        found = known.answer(output)
        code = found.code if found.code is not None else exit_code(found.output)
        return tools.ended(
            call_id,
            at,
            found.output,
            error=code not in (None, 0),
            sure=code is not None,
            code=code,
            duration_ms=found.duration_ms if found.duration_ms is not None else wall_ms(found.output),
        )

    def _prompt(self, text: str | None, at: float | None) -> Iterator[Row]:
        """A prompt; the same text said by two kinds of line, one after the other, is one."""
        text = (text or "").lstrip()
        if not text or text.startswith(_NOT_ASKED):
            return
        name = blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
        if name != self._asked:
            self._asked = name
            yield self.turns.prompt(f"{name}@{at}", at, text)

    def _active(self) -> None:
        self._asked = None
        self.turns.active()
