"""Transcripts of Claude Code: one JSON object a line, in ``projects/<folder>/<session>.jsonl``.

The format is internal to Claude Code and changes; this reads what versions 1.0
to 2.1 write. Unknown types and keys are passed over. One request to the model
is written as several lines that repeat its usage while it grows: they share
(message.id, requestId), of which the store keeps the line with most tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tui_patterns.sessions import claude_tools as known
from tui_patterns.sessions import tools
from tui_patterns.sessions.lines import Line
from tui_patterns.sessions.masking import mask, masked
from tui_patterns.sessions.outputs import exit_code
from tui_patterns.sessions.reading import Span, Turns
from tui_patterns.sessions.usage import claude_usage
from tui_patterns.sessions.values import items, moment, number, table, words
from tui_patterns.store.session_rows import FactsRow, MarkRow, Row, TaskRow

MAX_CREATING = 200
# Texts in a person's place that no person wrote.
_NOT_ASKED = (
    "<local-command-", "<bash-stdout>", "<bash-stderr>", "<bash-input>", "<system-reminder>", "Caveat: ",
    "<task-notification>", "<command-stdout>",
)  # fmt: skip
_STOPPED = "[Request interrupted by user"
_REFUSED = ("The user doesn't want to", "[Request interrupted by user", "Request interrupted by user")


class ClaudeReader:
    """Reads a transcript, or the file of one subagent."""

    agent = "claude-code"

    def __init__(self, state: Mapping[str, Any], prompts: Mapping[str, int]) -> None:
        self.turns = Turns(prompts, state)
        self.span = Span()
        self.refused = 0
        self._said: tuple[Any, ...] = (None, None, None)
        self._creating: dict[str, str] = dict(state.get("creating", {}))

    def remember(self) -> dict[str, Any]:
        """The turn, and the tasks whose numbers are not known yet."""
        kept = dict(list(self._creating.items())[-MAX_CREATING:])
        return {**self.turns.remember(), **({"creating": kept} if kept else {})}

    def read(self, line: Line) -> Iterator[Row]:
        """The rows of one line."""
        value = line.value
        at = moment(value.get("timestamp"))
        self.span.add(at)
        yield from self._whole(value)
        message = table(value.get("message"))
        kind = value.get("type")
        if kind == "system":
            yield from self._system(line, at)
        elif kind == "user" or (kind is None and message.get("role") == "user"):
            yield from self._user(line, message, at)
        elif kind == "assistant" or (kind is None and message.get("role") == "assistant"):
            yield from self._assistant(line, message, at)

    def _whole(self, value: dict[str, Any]) -> Iterator[FactsRow]:
        """What a line says of the session, where it is new."""
        said = (value.get("cwd"), value.get("gitBranch"), value.get("version"))
        named = value.get("summary") if value.get("type") == "summary" else value.get("customTitle")
        title = words(named, known.MAX_TITLE)
        if said == self._said and title is None:
            return
        self._said = said
        yield FactsRow(
            cwd=words(said[0], known.MAX_PATH),
            branch=words(said[1]),
            version=mask(words(said[2], 40) or "") or None,
            more={"title": masked(title, known.TITLE_KEPT)} if title else None,
        )

    def _system(self, line: Line, at: float | None) -> Iterator[Row]:
        value = line.value
        subtype = value.get("subtype")
        if subtype == "compact_boundary":
            meta = table(value.get("compactMetadata") or value.get("compact_metadata"))
            tokens = number(meta.get("preTokens", meta.get("pre_tokens")))
            detail = {"trigger": words(meta.get("trigger"), 40), "tokens": tokens}
            yield MarkRow(_key(line), "compaction", self.turns.current, at, detail)
        elif subtype == "api_error":
            yield MarkRow(_key(line), "api_error", self.turns.current, at, {})
        elif subtype == "turn_duration":
            taken = number(value.get("durationMs"), 1e9)
            yield MarkRow(_key(line), "turn_time", self.turns.current, at, {"ms": taken})

    def _user(self, line: Line, message: dict[str, Any], at: float | None) -> Iterator[Row]:
        value, content = line.value, message.get("content")
        if value.get("isCompactSummary") is True:
            yield MarkRow(_key(line), "summary", self.turns.current, at, {})
            return
        results = [block for block in map(table, items(content)) if block.get("type") == "tool_result"]
        for block in results:
            yield from self._answer(line, block, at, alone=len(results) == 1)
        if not results and value.get("isMeta") is not True and value.get("isSidechain") is not True:
            yield from self._asked(line, tools.plain(content).lstrip(), at)

    def _asked(self, line: Line, text: str, at: float | None) -> Iterator[Row]:
        if text.startswith(_STOPPED):
            yield MarkRow(_key(line), "stop", self.turns.current, at, {})
        elif text and not text.startswith(_NOT_ASKED):
            yield self.turns.prompt(_key(line), at, text)

    def _answer(self, line: Line, block: dict[str, Any], at: float | None, *, alone: bool) -> Iterator[Row]:
        call_id = words(block.get("tool_use_id"))
        if not call_id:
            return
        result = line.value.get("toolUseResult") if alone else None
        details, output = table(result), tools.plain(block.get("content"))
        error = block.get("is_error") is True
        yield tools.ended(
            call_id,
            at,
            output,
            error=error,
            code=exit_code(output) if error else None,
            stopped=details.get("interrupted") is True or (error and output.startswith(_REFUSED)),
            duration_ms=number(details.get("durationMs", details.get("totalDurationMs")), 1e9),
        )
        subject = self._creating.pop(call_id, None)
        made = known.created(result, output) if subject else None
        if subject and made:
            yield TaskRow(f"task:{made}", subject, "open", at or 0.0)

    def _assistant(self, line: Line, message: dict[str, Any], at: float | None) -> Iterator[Row]:
        value = line.value
        sidechain = value.get("isSidechain") is True
        self.turns.active()
        if value.get("isApiErrorMessage") is True or message.get("model") == "<synthetic>":
            yield MarkRow(_key(line), "api_error", self.turns.current, at, {})
            return
        if message.get("usage") is not None:
            row = claude_usage(line, message, self.turns.current, at, sidechain)
            self.refused += row is None
            if row is not None:
                yield row
        for block in map(table, items(message.get("content"))):
            if block.get("type") == "tool_use":
                yield from self._called(block, line, at, sidechain)

    def _called(self, block: dict[str, Any], line: Line, at: float | None, sidechain: bool) -> Iterator[Row]:
        call_id, tool, given = words(block.get("id")), words(block.get("name")), table(block.get("input"))
        if not (call_id and tool):
            return
        call = tools.Call(call_id, self.turns.current, at, sidechain, line.place)
        written = known.written(tool, given)
        command = known.command(given) if tool.lower() in {"bash", "shell", "powershell"} else None
        yield tools.started(call, tool, command, written, known.files(given))
        yield from tools.edits(call, written)
        if not sidechain:
            yield from known.listed(tool, given, call)
            if tool == "TaskCreate" and (subject := words(given.get("subject"), known.MAX_TITLE)):
                self._creating[call_id] = masked(subject, known.TITLE_KEPT)


def not_asked(text: str) -> bool:
    """Whether a text in a person's place is one that no person wrote."""
    return text.lstrip().startswith((*_NOT_ASKED, _STOPPED))


def _key(line: Line) -> str:
    return words(line.value.get("uuid")) or line.key()
