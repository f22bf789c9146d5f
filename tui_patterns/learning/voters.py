"""The voters of a decision, and how right each was: what weighs their votes in ``decisions``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Literal, get_args

DecisionKind = Literal["pattern", "form", "fix", "inject"]
Voter = Literal["similarity", "evidence", "quality", "affinity", "recency"]
Votes = Mapping[Voter, float]

VOTERS: tuple[Voter, ...] = get_args(Voter)
# How often each is taken to be right before there are outcomes, worth ASSUMED of them.
ACCURACY: dict[Voter, float] = {
    "similarity": 0.70,
    "evidence": 0.70,
    "quality": 0.55,
    "affinity": 0.60,
    "recency": 0.55,
}
ASSUMED = 20.0
DAY_S = 86_400.0
SAME_PROJECT, OTHER_PROJECT = 0.75, 0.45  # what affinity says
FRESH_DAYS = 180.0  # after which recency has no opinion any more


@dataclass(frozen=True, slots=True)
class Record:
    """A decision whose outcome may be known: a voter's votes are those for the chosen option."""

    kind: DecisionKind
    departed: bool
    abstained: bool
    votes: Votes
    success: bool | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often a voter's side agreed with the outcome, and its Brier score (``None`` without votes)."""

    agreed: int = 0
    voted: int = 0
    brier: float | None = None

    def weight(self, assumed: float) -> float:
        """Log-odds of the shrunk accuracy, at least 0."""
        rate = (self.agreed + ASSUMED * assumed) / (self.voted + ASSUMED)
        return max(log(rate / (1.0 - rate)), 0.0)


def voters(records: Iterable[Record]) -> dict[Voter, Accuracy]:
    """How right each voter was; a vote of exactly ½ is none, and counts only in the Brier score."""
    agreed, voted = dict.fromkeys(VOTERS, 0), dict.fromkeys(VOTERS, 0)
    squares: dict[Voter, list[float]] = {voter: [] for voter in VOTERS}
    for record in records:
        if record.success is None:
            continue
        for voter, vote in record.votes.items():
            squares[voter].append((vote - record.success) ** 2)
            if vote != 0.5:
                voted[voter] += 1
                agreed[voter] += (vote > 0.5) == record.success
    return {
        voter: Accuracy(
            agreed[voter], voted[voter], sum(squares[voter]) / len(squares[voter]) if squares[voter] else None
        )
        for voter in VOTERS
    }


def recency(age_s: float) -> float:
    """The vote of an age in seconds: 1 for now, falling to ½, no opinion, at ``FRESH_DAYS``."""
    return 0.5 + 0.5 * max(0.0, 1.0 - max(age_s, 0.0) / DAY_S / FRESH_DAYS)
