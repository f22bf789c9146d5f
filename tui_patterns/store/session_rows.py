"""Rows that readers of transcripts give, before they belong to a stored session.

Times are Unix seconds or ``None`` where the source gives none that can be
believed. ``key`` names the same thing on every reading. Texts come masked.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class MessageRow(NamedTuple):
    """One request to a model; ``input`` excludes both cache classes, ``total`` is the sum of all."""

    key: str
    message_id: str
    turn: int | None
    at: float | None
    model: str | None
    sidechain: bool
    input: int
    output: int
    cache_5m: int
    cache_1h: int
    cache_read: int
    total: int
    reasoning: int = 0
    reported_total: int | None = None
    context_window: int | None = None
    fast: bool = False
    recorded_usd: float | None = None
    cost_usd: float | None = None
    price_table: str | None = None


class PromptRow(NamedTuple):
    """What a person asked."""

    key: str
    turn: int
    at: float | None
    text: str


class ToolStart(NamedTuple):
    """A tool was called. ``decisive``: its exit code says how the command of its category went."""

    call_id: str
    turn: int | None
    at: float | None
    sidechain: bool
    tool: str
    category: str
    command: str | None
    decisive: bool
    files: tuple[str, ...] = ()


class ToolEnd(NamedTuple):
    """A tool answered. ``sure``: the source would have said so if it had failed.

    ``verdict``: what its output says of the tests it ran, if it does. ``stopped``:
    by the person, so that it says nothing of the code. ``coverage``: share of lines
    that tests covered, 0 to 1, if it is printed. ``output``: the end of what was
    printed, kept only where something failed.
    """

    call_id: str
    at: float | None
    failed: bool
    sure: bool = True
    stopped: bool = False
    exit_code: int | None = None
    verdict: bool | None = None
    coverage: float | None = None
    duration_ms: float | None = None
    output: str | None = None


class EditRow(NamedTuple):
    """Code that a call wrote; ``old`` is what it replaces, ``None`` for a whole file."""

    call_id: str
    part: int
    turn: int | None
    at: float | None
    place: int
    path: str
    old: str | None
    text: str


class TaskRow(NamedTuple):
    """An item of a task list at one moment; ``None`` is *not said*."""

    key: str
    title: str | None
    status: str | None
    at: float


class MarkRow(NamedTuple):
    """``kind``: compaction, summary, api_error or stop."""

    key: str
    kind: str
    turn: int | None
    at: float | None
    detail: dict[str, Any]


class FactsRow(NamedTuple):
    """What a line says of the whole session; later values win, ``None`` says nothing."""

    agent: str | None = None
    model: str | None = None
    cwd: str | None = None
    branch: str | None = None
    version: str | None = None
    at: float | None = None
    more: dict[str, Any] | None = None


Row = MessageRow | PromptRow | ToolStart | ToolEnd | EditRow | TaskRow | MarkRow | FactsRow
