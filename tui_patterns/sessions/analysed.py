"""What is known of one session. Unknown is ``None``, never a guess.

A *task* is an item of the session's task list that is done, where there is a
list; else a turn with work (an edit, build, test or lint run); else a turn:
``per`` says which. Cost is an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tui_patterns.sessions.turns import Turn

LISTED, WORK, TURN = "completed task", "turn with work", "turn"


@dataclass(frozen=True, slots=True)
class Completion:
    """``value`` from outcomes where any is known, else from the task list; (done, of) for each."""

    value: float | None
    basis: str | None
    outcomes: tuple[int, int]
    tasks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Context:
    """Tokens in the model's context at its requests, subagents aside; percent of its window if known."""

    average: float | None
    max: int | None
    average_pct: float | None
    max_pct: float | None
    compactions: int


@dataclass(frozen=True, slots=True)
class Tests:
    """``coverage``: share of lines, as the last run that printed it said; runs of tests by result."""

    coverage: float | None
    runs: int
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """Classes that add up; ``reported`` under the agent's own names, as it counts them."""

    input: int
    output: int
    cache_creation: int
    cache_read: int
    reported: dict[str, int]

    @property
    def total(self) -> int:
        """The sum of all classes."""
        return self.input + self.output + self.cache_creation + self.cache_read


@dataclass(frozen=True, slots=True)
class Cost:
    """An estimate in USD by the named tables; ``unpriced``: models without a price, left out of it."""

    usd: float | None
    tables: tuple[str, ...]
    unpriced: tuple[str, ...]
    recorded_usd: float | None
    by_model: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class PatternEffect:
    """A pattern that the session was given; ``success`` over ``n``, the weight of its trials there."""

    id: str
    name: str
    injected: int
    used: int
    success: float | None
    n: float


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of one session."""

    id: str
    agent: str | None
    model: str | None
    project: str | None
    title: str | None
    started: float
    ended: float | None
    completion: Completion
    context: Context
    tests: Tests
    active_s: float | None
    tokens: Tokens
    cost: Cost
    calls: int
    tasks: int
    per: str
    attempts_per_task: float | None
    first_attempt: tuple[int, int]
    errors: tuple[int, int]
    patterns: tuple[PatternEffect, ...]
    turns: tuple[Turn, ...]
    files: tuple[dict[str, Any], ...] = field(default=())

    def per_task(self, amount: float | None) -> float | None:
        """``amount`` by the number of tasks."""
        return None if amount is None or not self.tasks else amount / self.tasks
