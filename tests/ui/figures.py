"""Figures, their events and injections in memory, with the methods of the real metrics."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.ui.fakes import FakeLibrary
from tui_patterns.api import Effect, Figure, FigureKey, Measured, MetricEntry, Taught
from tui_patterns.models import InjectedPattern, Injection, Interval

NOON, DAY = 1_700_000_000.0, 86_400.0
SINCE = NOON - 30 * DAY
WAVE = tuple(None if at % 7 == 3 else 0.3 + 0.02 * at for at in range(30))
GROWTH = tuple(float(12 + at * at // 9) for at in range(30))
UNTRIED, TRIED = Interval(0.5, 0.2, 0.8, 0), Interval(0.6, 0.3, 0.87, 1)
EVIDENCE = ({"path": "pkg/report.py", "line": 6, "end_line": 18},)


def figures() -> tuple[Figure, ...]:
    """One of each kind: with an interval, without, unknown, and without a history."""
    return (
        Figure("patterns", "patterns learned", "count", 112, 9, "files read", note="4 before",
               series=GROWTH, since=SINCE),
        Figure("antipatterns", "anti-patterns", "count", 5, 9, "files examined", note="blind retry 4"),
        Figure("success", "success trend", "share", 0.73, 12, "uses with a known outcome", 0.51, 0.89,
               "rising: +12 (2 to 22) against before", WAVE, SINCE),
        Figure("calls", "LLM-call reduction", "share", None, 9, "completed tasks",
               note="40 are needed, 3.1 a task", series=WAVE, since=SINCE),
        Figure("decisions", "decision accuracy", "share", None, 0, "decisions with a known outcome",
               note="no decision yet: only automatic injections are decided"),
        Figure("size", "knowledge base", "count", 116, 130, "versions", note="9 files of 1 project, 3.9 MB",
               series=GROWTH, since=SINCE),
        Figure("time", "mean time per task", "seconds", 252.0, 17, "tasks", note="in 6 sessions",
               series=WAVE, since=SINCE),
        Figure("reuse", "reuse rate", "share", 0.6, 3, "patterns in prompts, used or surely not", 0.25, 0.89,
               "2 open", WAVE, SINCE),
        Figure("open", "open injections", "count", 1, 2, "injections", series=GROWTH, since=SINCE),
        Figure("lift", "lift of injecting", "points", 0.12, 40, "sessions with a known result", 0.02, 0.22,
               "18 of 20 with patterns · 12 of 20 held out"),
    )  # fmt: skip


def injected(number: int, name: str, **changes: object) -> InjectedPattern:
    """A pattern in a prompt, still open."""
    id = f"{number:08d}-0000-4000-8000-000000000000"
    return replace(
        InjectedPattern(id, 2, name, number + 1, "open", None, None, (), UNTRIED),
        **changes,  # type: ignore[arg-type]
    )


@dataclass
class FakeMetrics:
    """Two injections; what a test or a key says of them is remembered."""

    library: FakeLibrary
    found: tuple[Figure, ...] = field(default_factory=figures)
    entries: list[MetricEntry] = field(default_factory=list)
    said: list[tuple[str, str, bool | None]] = field(default_factory=list)
    unsaid: list[tuple[str, str]] = field(default_factory=list)
    counted: list[int | None] = field(default_factory=list)
    effects: dict[str, Effect] = field(default_factory=dict)
    shown: list[Taught] = field(default_factory=list)
    fault: Exception | None = None

    def __post_init__(self) -> None:
        used = injected(1, "Bounded Cache with Expiry", state="used", outcome="success", similarity=0.93,
                        evidence=EVIDENCE, confidence=TRIED)  # fmt: skip
        first = Injection("injection-1", "s", NOON - 600, "add retries to the client", "manual", 812,
                          (injected(0, "Async Fetch with Retry and Backoff"), used))  # fmt: skip
        old = injected(2, "Text Wrapping at Cell Width", rank=1, state="unused")
        second = Injection("injection-2", "s", NOON - 90_000, None, "auto", 300, (old,))
        self.effects |= {used.id: Effect(UNTRIED, TRIED, 2, 1)}
        self.effects |= {one.id: Effect(UNTRIED, UNTRIED, 1, 1) for one in (first.patterns[0], old)}
        self.shown = [Taught(one, self.effects) for one in (first, second)]
        self.entries = [
            MetricEntry(NOON - 60, "outcome", "failed (test, pytest): Bounded Cache with Expiry", False, 7,
                        "00000001-0000-4000-8000-000000000000"),
            MetricEntry(NOON - 120, "outcome", "worked (git, commit): Atomic File Write", True, 6,
                        "00000003-0000-4000-8000-000000000000"),
            MetricEntry(None, "finding", "sample net/retry.py:21 \x1b[31mblind retry", None),
        ]  # fmt: skip

    def measure(self, days: int | None = None) -> Measured:
        self.counted.append(days)
        return Measured(days, SINCE if days is None else NOON - days * DAY, NOON, self.found)

    def behind(self, key: FigureKey, days: int | None = None, limit: int = 200) -> list[MetricEntry]:
        return [] if key == "decisions" else self.entries[:limit]

    def taught(self, *, open_only: bool = False, limit: int = 50) -> list[Taught]:
        if not open_only:
            return self.shown
        return [one for one in self.shown if any(pattern.state == "open" for pattern in one.patterns)]

    def effect(self, injection: str, pattern: str) -> Effect | None:
        return self.effects.get(pattern)

    def unsay(self, injection: str, pattern: str) -> bool:
        self.unsaid.append((injection, pattern))
        return bool(self.said)

    def say(self, injection: str, pattern: str, success: bool | None) -> bool:
        if self.fault:
            raise self.fault
        self.said.append((injection, pattern, success))
        outcome = {True: "success", False: "failure", None: None}[success]
        for at, one in enumerate(self.shown):
            patterns = tuple(
                replace(each, state="used", outcome=outcome)  # type: ignore[arg-type]
                if (one.injection.id, each.id) == (injection, pattern)
                else each
                for each in one.patterns
            )
            self.shown[at] = Taught(replace(one.injection, patterns=patterns), one.effects)
        return True
