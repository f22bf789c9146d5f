"""Uses of tools, whatever agent made them: category, command, files, and the code that was written."""

from __future__ import annotations

from typing import Any, NamedTuple

from tui_patterns.sessions.commands import judge
from tui_patterns.sessions.masking import mask, mask_name, masked
from tui_patterns.sessions.outputs import coverage, tail, verdict
from tui_patterns.store.session_rows import EditRow, ToolEnd, ToolStart

COMMAND_KEPT = 500
OUTPUT_MASKED = 64_000  # from the end; a key that begins before it is longer than any
MAX_FILES = 200
MAX_CODE = 2_000_000  # characters of one edit that are kept
_CATEGORIES = {
    "edit": {"edit", "write", "multiedit", "notebookedit", "apply_patch", "str_replace_editor"},
    "read": {"read", "grep", "glob", "ls", "notebookread", "view_image", "lsp", "read_file", "list_dir"},
    "web": {"webfetch", "websearch", "web_search", "web_fetch"},
    "agent": {"task", "agent", "spawn_agent", "skill"},
    "plan": {"todowrite", "todoread", "update_plan", "taskcreate", "taskupdate", "tasklist", "taskget",
             "exitplanmode", "enterplanmode", "askuserquestion"},
}  # fmt: skip
_CATEGORY = {tool: category for category, tools in _CATEGORIES.items() for tool in tools}


class Written(NamedTuple):
    """A piece of code and what it replaces; ``old`` is ``None`` for a whole file."""

    path: str
    old: str | None
    text: str


class Call(NamedTuple):
    """Where and when a tool was called."""

    id: str
    turn: int | None
    at: float | None
    sidechain: bool
    place: int


def started(
    call: Call, tool: str, command: str | None, written: list[Written], files: tuple[str, ...]
) -> ToolStart:
    """A call as it is stored: masked, with its category."""
    judged = judge(command) if command else None
    paths = dict.fromkeys([*files, *(one.path for one in written)])
    return ToolStart(
        call_id=call.id,
        turn=call.turn,
        at=call.at,
        sidechain=call.sidechain,
        tool=mask_name(tool[:100]),
        category=judged.category if judged else category(tool),
        command=masked(command, COMMAND_KEPT) if command else None,
        decisive=judged.decisive if judged else True,
        files=tuple(mask_name(path) for path in list(paths)[:MAX_FILES]),
    )


def category(tool: str) -> str:
    """The category of a tool that is no shell."""
    known = _CATEGORY.get(tool.lower())
    return known or ("mcp" if tool.startswith("mcp__") else "other")


def edits(call: Call, written: list[Written]) -> list[EditRow]:
    """The code of a call, masked."""
    return [
        EditRow(
            call.id,
            part,
            call.turn,
            call.at,
            call.place,
            mask_name(one.path),
            None if one.old is None else mask(one.old[:MAX_CODE]),
            mask(one.text[:MAX_CODE]),
        )
        for part, one in enumerate(written)
    ]


def ended(
    call_id: str,
    at: float | None,
    output: str,
    *,
    error: bool,
    stopped: bool = False,
    sure: bool = True,
    code: int | None = None,
    duration_ms: float | None = None,
) -> ToolEnd:
    """An answer as it is stored: exit code, verdict, and of a failure the masked end of its output."""
    judged = verdict(output)
    failed = error or code not in (None, 0)
    kept = output if (failed or judged is False) and not stopped else ""
    return ToolEnd(
        call_id=call_id,
        at=at,
        failed=failed,
        sure=sure,
        stopped=stopped,
        exit_code=code,
        verdict=judged,
        coverage=coverage(output),
        duration_ms=duration_ms,
        output=tail(mask(kept[-OUTPUT_MASKED:])) or None,
    )


def plain(content: Any) -> str:
    """The text of an answer, which may be a text, or a list of blocks of which some hold text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [block.get("text") for block in content if isinstance(block, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))
