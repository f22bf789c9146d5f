"""Transcripts made by hand: lines as Claude Code and Codex write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SESSION = "0a1b2c3d-0000-4000-8000-00000000000a"
MODEL = "claude-sonnet-4-20250514"
Object = dict[str, Any]


def at(seconds: float) -> str:
    """A moment so many seconds after noon of 1 January 2026."""
    hours, rest = divmod(seconds, 3600)
    return f"2026-01-01T{12 + int(hours):02}:{int(rest // 60):02}:{rest % 60:06.3f}Z"


def asked(text: str, seconds: float = 0.0, **more: Any) -> Object:
    """A person's prompt."""
    return _line("user", seconds, {"role": "user", "content": text}, more)


def answered(
    seconds: float,
    message: str = "msg_1",
    request: str = "req_1",
    *,
    tokens: tuple[Any, Any, Any, Any] = (10, 5, 0, 0),
    content: Iterable[Object] = (),
    model: str = MODEL,
    usage: Object | None = None,
    **more: Any,
) -> Object:
    """One line of an answer; ``tokens``: input, output, cache written, cache read."""
    names = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    said = {
        "id": message,
        "role": "assistant",
        "model": model,
        "content": list(content),
        "usage": {**dict(zip(names, tokens, strict=True)), **(usage or {})},
    }
    return _line("assistant", seconds, said, {"requestId": request, **more})


def called(seconds: float, call: str, tool: str, given: Object, **more: Any) -> Object:
    """A line of an answer that calls a tool; a request of its own."""
    block = {"type": "tool_use", "id": call, "name": tool, "input": given}
    return answered(seconds, f"msg_{call}", f"req_{call}", content=[block], **more)


def returned(seconds: float, call: str, output: str, *, error: bool = False, **more: Any) -> Object:
    """The answer of a tool."""
    block = {"type": "tool_result", "tool_use_id": call, "content": output}
    if error:
        block["is_error"] = True  # type: ignore[assignment]
    return _line("user", seconds, {"role": "user", "content": [block]}, more)


def ran(seconds: float, call: str, command: str, output: str, *, error: bool = False) -> list[Object]:
    """A command and its answer two seconds later."""
    return [
        called(seconds, call, "Bash", {"command": command}),
        returned(seconds + 2, call, output, error=error),
    ]


def _line(kind: str, seconds: float, message: Object, more: Object) -> Object:
    head = {"type": kind, "sessionId": SESSION, "timestamp": at(seconds), "cwd": "/work/shop"}
    return {
        **head,
        "isSidechain": False,
        "version": "2.1.0",
        "message": message,
        **_uuid(kind, seconds, more),
        **more,
    }


def _uuid(kind: str, seconds: float, more: Object) -> Object:
    return {} if "uuid" in more else {"uuid": f"{kind}-{seconds}"}


def event(seconds: float, kind: str, payload: Object) -> Object:
    """A line of a rollout."""
    return {"timestamp": at(seconds), "type": kind, "payload": payload}


def counted(seconds: float, total: tuple[int, ...], last: tuple[int, ...] | None) -> Object:
    """A count of tokens: input, cached, output, reasoning, total; sums so far and of the last request."""
    names = (
        "input_tokens",
        "cached_input_tokens",
        "output_tokens",
        "reasoning_output_tokens",
        "total_tokens",
    )
    info: Object = {"total_token_usage": dict(zip(names, total, strict=True))}
    if last is not None:
        info["last_token_usage"] = dict(zip(names, last, strict=True))
    return event(seconds, "event_msg", {"type": "token_count", "info": info})


def raw(lines: Iterable[Object | bytes]) -> bytes:
    """JSON Lines."""
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in lines)


def written(folder: Path, lines: Iterable[Object | bytes], name: str = f"{SESSION}.jsonl") -> Path:
    """A transcript in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(raw(lines))
    return path


def day_of_work() -> list[Object]:
    """A session with two turns: one that fails first and then succeeds, one that only talks."""
    code = "def add(a, b):\n    return a - b\n"
    return [
        asked("Write add", 0),
        answered(1, tokens=(4, 1, 100, 0)),
        answered(2, tokens=(4, 30, 100, 0)),
        called(3, "w", "Write", {"file_path": "/work/shop/add.py", "content": code}),
        returned(4, "w", "File created"),
        *ran(5, "t1", "pytest -q", "Exit code 1\n1 failed in 0.1s", error=True),
        called(
            10,
            "e",
            "Edit",
            {"file_path": "/work/shop/add.py", "old_string": "a - b", "new_string": "a + b"},
        ),
        returned(11, "e", "ok"),
        *ran(12, "t2", "cd /work/shop && pytest -q", "1 passed in 0.1s"),
        asked("Thanks, what is next?", 60),
        answered(61, "msg_2", "req_2", tokens=(6, 20, 0, 150)),
    ]
