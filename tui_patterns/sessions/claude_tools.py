"""The tools of Claude Code: what their input says of commands, files, code and task lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from tui_patterns.sessions.masking import masked
from tui_patterns.sessions.tools import Call, Written
from tui_patterns.sessions.values import items, table, words
from tui_patterns.store.session_rows import TaskRow

MAX_PATH = 4_096
MAX_TITLE, TITLE_KEPT = 4_000, 200
_TASK_NUMBER = re.compile(r"Task #(\d{1,9})")
_STATUS = {"completed": "completed", "done": "completed", "in_progress": "open", "pending": "open",
           "deleted": "deleted", "cancelled": "deleted"}  # fmt: skip


def command(given: dict[str, Any]) -> str | None:
    """The command line of a shell tool."""
    return words(given.get("command"), 100_000)


def files(given: dict[str, Any]) -> tuple[str, ...]:
    """The file or folder that a tool names."""
    path = given.get("file_path") or given.get("notebook_path") or given.get("path")
    named = words(path, MAX_PATH)
    return (named,) if named else ()


def written(tool: str, given: dict[str, Any]) -> list[Written]:
    """The code that an editing tool writes."""
    paths = files(given)
    if not paths:
        return []
    path, name = paths[0], tool.lower()
    if name == "write":
        return [Written(path, None, text)] if (text := _text(given, "content")) else []
    if name == "edit":
        return _replaced(path, [given])
    if name == "multiedit":
        return _replaced(path, items(given.get("edits")))
    if name == "notebookedit":
        return [Written(path, "", text)] if (text := _text(given, "new_source")) else []
    return []


def _replaced(path: str, edits: list[Any]) -> list[Written]:
    found = []
    for edit in map(table, edits):
        old, new = edit.get("old_string"), edit.get("new_string")
        if isinstance(old, str) and isinstance(new, str):
            found.append(Written(path, old, new))
    return found


def _text(given: dict[str, Any], key: str) -> str | None:
    value = given.get(key)
    return value if isinstance(value, str) and value else None


def listed(tool: str, given: dict[str, Any], call: Call) -> Iterator[TaskRow]:
    """The items of a task list that a call writes or changes."""
    name, at = tool.lower(), call.at or 0.0
    if name == "todowrite":
        for todo in map(table, items(given.get("todos"))):
            if title := words(todo.get("content"), MAX_TITLE):
                yield TaskRow(title_key(title), masked(title, TITLE_KEPT), status(todo.get("status")), at)
    elif name == "taskupdate" and (number := task_number(given.get("taskId"))):
        title = words(given.get("subject"), MAX_TITLE)
        yield TaskRow(
            f"task:{number}", masked(title, TITLE_KEPT) if title else None, status(given.get("status")), at
        )


def title_key(title: str) -> str:
    """A name for an item that has nothing but its title."""
    return "todo:" + blake2b(title.encode("utf-8", "replace"), digest_size=8).hexdigest()


def status(value: Any) -> str | None:
    """completed, open or deleted; ``None`` for what is not said."""
    return _STATUS.get(value) if isinstance(value, str) else None


def task_number(value: Any) -> str | None:
    """The number of a task as a text."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return text if re.fullmatch(r"[\w-]{1,40}", text) else None


def created(result: Any, output: str) -> str | None:
    """The number of the task that a ``TaskCreate`` made, as its answer says."""
    number = task_number(table(table(result).get("task")).get("id"))
    found = None if number else _TASK_NUMBER.search(output[:400])
    return found[1] if found else number
