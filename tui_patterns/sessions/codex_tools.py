"""The tools of Codex: command lines, patches, plans, and what their answers say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tui_patterns.sessions.claude_tools import MAX_TITLE, TITLE_KEPT, status, title_key
from tui_patterns.sessions.lines import parse_object
from tui_patterns.sessions.masking import masked
from tui_patterns.sessions.patches import written as patched
from tui_patterns.sessions.tools import Call, Written, plain
from tui_patterns.sessions.values import items, number, table, whole, words
from tui_patterns.store.session_rows import TaskRow

SHELLS = {"shell", "shell_command", "exec_command", "container.exec", "local_shell", "unified_exec", "bash"}
_LAUNCHERS = {"bash", "sh", "zsh", "/bin/bash", "/bin/sh", "/bin/zsh", "/usr/bin/bash", "powershell"}
_MAX = 200_000


class Answer(NamedTuple):
    """An answer's text, exit code and duration, as far as it says them."""

    output: str
    code: int | None
    duration_ms: float | None


def arguments(payload: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call: an object, or one written as JSON in a text."""
    given = payload.get("arguments", payload.get("action"))
    if isinstance(given, str) and len(given) <= 4_000_000:
        return parse_object(given.encode("utf-8", "replace")) or {}
    return table(given)


def command(given: dict[str, Any]) -> str | None:
    """The command line of a shell call; a launcher such as ``bash -lc`` is left out."""
    said = given.get("command", given.get("cmd"))
    if isinstance(said, str):
        return said[:_MAX] or None
    parts = [part for part in items(said) if isinstance(part, str)]
    if len(parts) >= 3 and parts[0] in _LAUNCHERS and parts[1].startswith("-"):
        return parts[2][:_MAX] or None
    return " ".join(parts)[:_MAX] or None


def written(given: dict[str, Any], text: str | None, shell: str | None) -> list[Written]:
    """The code that a call writes as a patch, wherever the patch stands."""
    for candidate in (text, given.get("input"), given.get("patch"), shell):
        if isinstance(candidate, str) and (found := patched(candidate)):
            return found
    return []


def listed(given: dict[str, Any], call: Call) -> Iterator[TaskRow]:
    """The items of ``update_plan``."""
    for step in map(table, items(given.get("plan"))):
        if title := words(step.get("step"), MAX_TITLE):
            yield TaskRow(
                title_key(title), masked(title, TITLE_KEPT), status(step.get("status")), call.at or 0.0
            )


def answer(output: Any) -> Answer:
    """What ``function_call_output`` holds: a text, blocks, or an object (perhaps as JSON in a text)."""
    if isinstance(output, str) and output.startswith("{"):
        parsed = parse_object(output.encode("utf-8", "replace"))
        output = parsed if parsed is not None and "output" in parsed else output
    if isinstance(output, dict):
        meta, inner = table(output.get("metadata")), output.get("output", output.get("content"))
        seconds = number(meta.get("duration_seconds"), 1e6)
        text = plain(inner) or (json.dumps(inner) if isinstance(inner, dict) else "")
        code = whole(meta.get("exit_code"))
        if code is None and output.get("success") is False:
            code = 1
        return Answer(text, code, None if seconds is None else seconds * 1000)
    return Answer(plain(output), None, None)


def duration_ms(value: Any) -> float | None:
    """Milliseconds of ``{"secs", "nanos"}`` or of a text such as ``1.5s``."""
    seconds = number(table(value).get("secs"), 1e6)
    if seconds is not None:
        return seconds * 1000 + (number(table(value).get("nanos"), 1e9) or 0.0) / 1e6
    if isinstance(value, str) and value.endswith("s"):
        try:
            return number(float(value[:-1].rstrip("m")) * (1 if value.endswith("ms") else 1000), 1e9)
        except ValueError:
            return None
    return None
