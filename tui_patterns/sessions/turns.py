"""Turns of a session: what came of each thing that the person asked.

A turn is *work* if code was edited or something was built, tested or linted in
it. Its outcome is that of its last build or test run whose result is known:
with none, or with a stop by the person after it, it is unknown. The first such
run tells whether the first attempt succeeded.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tui_patterns.store import session_reads
from tui_patterns.store.sql import load

IDLE_S = 600.0  # a longer pause in which no tool runs is not work
_WORK = {"edit", "build", "test", "lint"}
_PROOF = {"build", "test"}


@dataclass(slots=True)
class Turn:
    """One turn; ``seconds`` of activity, ``runs`` the results of builds and tests in order."""

    number: int
    text: str = ""
    seconds: float = 0.0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    edits: int = 0
    work: bool = False
    stopped: bool = False
    runs: list[bool] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    @property
    def outcome(self) -> bool | None:
        """Whether the work of this turn ended well; ``None`` where nothing tells."""
        return self.runs[-1] if self.runs and not self.stopped else None

    @property
    def first_attempt(self) -> bool | None:
        """Whether the first build or test run succeeded."""
        return self.runs[0] if self.runs else None


def load_turns(conn: sqlite3.Connection, session: str) -> list[Turn]:
    """The turns of a session in order; activity before the first prompt belongs to the first."""
    prompts = session_reads.prompts(conn, session)
    turns: dict[int, Turn] = {}
    for row in prompts:
        turns.setdefault(row["turn"], Turn(row["turn"], row["text"]))
    finder = _Finder(turns, prompts)
    for row in session_reads.messages(conn, session):
        _add_message(finder.turn(row), row)
    for row in session_reads.tool_events(conn, session):
        _add_tool(finder.turn(row), row)
    for row in prompts:
        _span(turns[row["turn"]], row["at"], row["at"])
    for row in session_reads.marks(conn, session):
        _add_mark(finder.turn(row), row)
    for turn in turns.values():
        turn.seconds = turn.seconds or active(turn.spans)
    return [turns[number] for number in sorted(turns)]


class _Finder:
    """The turn of a row: the one it names, else the last that was asked before it."""

    def __init__(self, turns: dict[int, Turn], prompts: Sequence[sqlite3.Row]) -> None:
        self._turns = turns
        asked = sorted((row["at"], row["turn"]) for row in prompts if row["at"] is not None)
        self._times, self._numbers = [at for at, _ in asked], [number for _, number in asked]

    def turn(self, row: sqlite3.Row) -> Turn:
        number = row["turn"]
        if number is None:
            place = bisect_right(self._times, row["at"]) if row["at"] is not None else 0
            number = self._numbers[place - 1] if place else min(self._turns, default=1)
        return self._turns.setdefault(number, Turn(number))


def _add_message(turn: Turn, row: sqlite3.Row) -> None:
    turn.calls += 1
    turn.tokens += row["total"]
    if row["cost_usd"] is not None:
        turn.cost_usd = (turn.cost_usd or 0.0) + row["cost_usd"]
    _span(turn, row["at"], row["at"])


def _add_tool(turn: Turn, row: sqlite3.Row) -> None:
    turn.work = turn.work or row["category"] in _WORK
    turn.edits += row["category"] == "edit" and row["failed"] == 0
    if row["category"] in _PROOF and row["success"] is not None:
        turn.runs.append(bool(row["success"]))
        turn.stopped = False
    known = row["duration_ms"] is not None and row["at"] is not None
    _span(turn, row["at"], row["at"] + row["duration_ms"] / 1000 if known else row["at"])


def _add_mark(turn: Turn, row: sqlite3.Row) -> None:
    if row["kind"] == "stop":
        turn.stopped = True
    elif row["kind"] == "turn_time" and (taken := load(row["detail"]).get("ms")):
        turn.seconds += taken / 1000


def _span(turn: Turn, start: float | None, end: float | None) -> None:
    if start is not None and end is not None:
        turn.spans.append((start, max(start, end)))


def active(spans: Iterable[tuple[float, float]]) -> float:
    """Seconds in which something went on: the spans themselves, and pauses of at most ``IDLE_S``."""
    total, last = 0.0, None
    for start, end in sorted(spans):
        if last is None:
            total += end - start
            last = end
            continue
        if start > last and start - last <= IDLE_S:
            total += start - last
        total += max(0.0, end - max(start, last))
        last = max(last, end)
    return total
