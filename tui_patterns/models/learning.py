"""What was injected, what became of it, and what is believed since."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tui_patterns.models.patterns import Interval, Pattern
    from tui_patterns.models.searching import Hit

UseState = Literal["open", "used", "unused", "censored", "unknown"]
EventKind = Literal[
    "session",
    "turn",
    "tool",
    "injection",
    "use",
    "unused",
    "outcome",
    "retract",
    "censored",
    "rating",
    "unrate",
    "retire",
    "restore",
    "fix",
    "decision",
    "pattern_identified",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger. ``key`` is the same each time that the same thing is told.

    ``pattern`` is a pattern's public id, ``version`` a version's row id; ``at`` is when it happened,
    ``id`` its place in the ledger (``None`` before it is written). ``data`` by kind:

    - ``injection``: ``task arm prompt_hash tokens budget``, and ``patterns``, each with ``pattern
      version position score relevance propensity tokens why``
    - ``use``: ``similarity``, ``evidence`` (``{"path", "line", "end_line"}`` …), ``project`` (a root)
    - ``outcome``: ``what`` (explicit, implementation, test, build, git, performance …), ``success``
      (``None``: neither), ``weight``, ``source``, ``project``, ``detail``
    - ``retract``: ``source``, whose last outcome of this use is taken back
    - ``rating``: ``rating task note project``; ``retire``, ``restore``: ``source reason``
    """

    kind: EventKind
    at: float
    session: str | None = None
    injection: str | None = None
    pattern: str | None = None
    version: int | None = None
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pattern picked for a prompt, with its share of the token budget."""

    hit: Hit
    rank: int
    propensity: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Enhanced:
    """A prompt with patterns in it; ``injection_id`` is ``None`` if unchanged.

    ``warnings`` name patterns that do not go together, a line each.
    """

    prompt: str
    tokens: int
    budget: int
    chosen: tuple[Chosen, ...] = ()
    injection_id: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InjectedPattern:
    """A pattern of one injection, and what has become of it."""

    id: str
    version: int
    name: str
    rank: int
    state: UseState
    outcome: Literal["success", "failure"] | None
    similarity: float | None
    evidence: tuple[dict[str, Any], ...]
    confidence: Interval


@dataclass(frozen=True, slots=True)
class Injection:
    """One prompt that patterns were put into."""

    id: str
    session: str
    created: float
    task: str | None
    arm: str
    tokens: int
    patterns: tuple[InjectedPattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """A use, or how one went, as the ledger has it; ``event`` is its place there.

    ``place`` is where the code stands that follows the pattern, ``what`` the kind of outcome,
    ``confidence`` what is believed of the pattern now.
    """

    event: int
    kind: Literal["use", "outcome"]
    pattern: str
    name: str
    confidence: Interval
    what: str | None = None
    success: bool | None = None
    similarity: float | None = None
    place: str | None = None
    injection: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Who used a pattern, when, and whether that becomes more; a use is one injection or rated session.

    ``by`` counts uses by agent, ``person`` being one; ``sessions`` are the last ones, newest first.
    ``recent`` counts the last 30 days, ``before`` the 30 before. ``adoption`` is the rate of uses
    among what was shown and is known to be used or not: never of success.
    """

    uses: int
    last: float | None
    recent: int
    before: int
    by: dict[str, int]
    sessions: tuple[str, ...]
    adoption: Interval
    worked_in: tuple[str, ...] = ()

    @property
    def trend(self) -> Literal["rising", "falling", "steady"] | None:
        """``None`` without any use in these 60 days."""
        if not self.recent and not self.before:
            return None
        if self.recent == self.before:
            return "steady"
        return "rising" if self.recent > self.before else "falling"


@dataclass(frozen=True, slots=True)
class Retired:
    """A pattern that is kept but put into no prompt; ``source`` is ``rule`` or ``person``."""

    pattern: Pattern
    at: float
    source: str
    reason: str | None
