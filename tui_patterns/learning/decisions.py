"""Decisions by weighted voters, whose weights are learned from what came of their votes.

Each voter looks at one thing about an option (how similar it is, what its record
says, …) and gives a share in 0..1 that speaks for it, ½ being no opinion. Its
weight is the log-odds of its accuracy, ``log(p / (1 − p))``, p being the mean of a
Beta posterior over how often its side of ½ agreed with the outcome: shrunk to the
accuracy that is assumed before anything is known, and never negative. An option's
score is the sum of ``weight · (2 · vote − 1)``: log-odds pooling of independent
judges (Genest & Zidek 1986, Statistical Science 1), each heard as far as it is sure.

The first option is what would happen anyway. It is departed from only when
another leads by ``MARGIN`` in log-odds; else the decision *abstains* and keeps it.
A kind of decision weighs the probability that departing does better than keeping
to the first, by the outcomes of both; below ``RETIRE`` it is retired, and only
keeps to the first. That both are compared on different occasions (one departs
where one has a reason) is a limit of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import erf, sqrt
from typing import Any, Literal, cast, get_args

from tui_patterns.learning.voters import ACCURACY, VOTERS, DecisionKind, Record, Voter, Votes, voters

KINDS: tuple[DecisionKind, ...] = get_args(DecisionKind)
MARGIN = 0.25
RETIRE = 0.1


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be decided for; voters that know nothing of it are left out of ``votes``."""

    id: str
    votes: Votes


@dataclass(frozen=True, slots=True)
class KindRecord:
    """How decisions of one kind did: (known outcomes, successes) where they departed and where they kept.

    ``weight`` is the probability in 0..1 that departing from the first option does better.
    """

    made: int
    abstained: int
    departed: tuple[int, int]
    kept: tuple[int, int]

    @property
    def weight(self) -> float:
        """½ while nothing is known."""
        return _better(self.departed, self.kept)

    @property
    def retired(self) -> bool:
        """Whether decisions of this kind only keep to the first option."""
        return self.weight < RETIRE


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and why: ``contributions`` in log-odds, by option and voter."""

    kind: DecisionKind
    chosen: str
    first: str
    abstained: bool
    reason: Literal["", "close", "retired", "only one"]
    scores: dict[str, float]
    contributions: dict[str, dict[Voter, float]]
    votes: dict[str, dict[Voter, float]] = field(default_factory=dict)

    @property
    def departed(self) -> bool:
        """Whether it is another than the first."""
        return self.chosen != self.first

    def data(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "kind": self.kind,
            "chosen": self.chosen,
            "first": self.first,
            "abstained": self.abstained,
            "reason": self.reason,
            "options": list(self.scores),
            "votes": dict(self.votes.get(self.chosen, {})),
            "contributions": dict(self.contributions.get(self.chosen, {})),
        }


class Decider:
    """Decides by what its records taught; without any, by what is assumed of the voters."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.records = tuple(records)
        self.accuracies = voters(self.records)
        self.kinds = {kind: standing(kind, self.records) for kind in KINDS}
        self.weights: dict[Voter, float] = {
            voter: self.accuracies[voter].weight(ACCURACY[voter]) for voter in VOTERS
        }

    def decide(self, kind: DecisionKind, options: Sequence[Option]) -> Decision:
        """One of the options, of which the first is what would happen anyway.

        Raises ValueError without options, for two with one id, and for a vote outside 0..1.
        """
        _check(options)
        shares = {option.id: self.contributions(option.votes) for option in options}
        scores = {id: sum(parts.values()) for id, parts in shares.items()}
        first = options[0].id
        best = max(scores, key=lambda id: scores[id])
        reason = self._abstention(kind, scores[best] - scores[first], len(options))
        kept: Literal["", "close", "retired", "only one"] = "" if best == first and not reason else reason
        return Decision(
            kind=kind,
            chosen=first if kept else best,
            first=first,
            abstained=bool(kept),
            reason=kept,
            scores=scores,
            contributions=shares,
            votes={option.id: dict(option.votes) for option in options},
        )

    def contributions(self, votes: Votes) -> dict[Voter, float]:
        """What each voter adds to an option's log-odds; together its score."""
        return {voter: self.weights[voter] * (2.0 * votes[voter] - 1.0) for voter in VOTERS if voter in votes}

    def _abstention(
        self, kind: DecisionKind, lead: float, options: int
    ) -> Literal["", "close", "retired", "only one"]:
        if options == 1:
            return "only one"
        if self.kinds[kind].retired:
            return "retired"
        return "close" if 0.0 < lead < MARGIN else ""


def _check(options: Sequence[Option]) -> None:
    if not options:
        raise ValueError("nothing to decide between")
    if len({option.id for option in options}) != len(options):
        raise ValueError("two options have one id")
    for option in options:
        for voter, vote in option.votes.items():
            if not 0.0 <= vote <= 1.0:
                raise ValueError(f"a vote lies in 0..1, not {vote!r} ({voter})")


def standing(kind: DecisionKind, records: Iterable[Record]) -> KindRecord:
    """How the decisions of one kind did against always keeping to the first."""
    own = [record for record in records if record.kind == kind]
    known = [record for record in own if record.success is not None]
    departed = [bool(record.success) for record in known if record.departed]
    kept = [bool(record.success) for record in known if not record.departed]
    return KindRecord(
        made=len(own),
        abstained=sum(record.abstained for record in own),
        departed=(len(departed), sum(departed)),
        kept=(len(kept), sum(kept)),
    )


def _better(one: tuple[int, int], other: tuple[int, int]) -> float:
    """P(rate of one > rate of other), Beta(1, 1) priors, by normal approximation of both posteriors."""
    means, variances = [], []
    for seen, good in (one, other):
        a, b = good + 1.0, seen - good + 1.0
        means.append(a / (a + b))
        variances.append(a * b / ((a + b) ** 2 * (a + b + 1.0)))
    z = (means[0] - means[1]) / sqrt(sum(variances))
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def record_from(data: Mapping[str, Any], success: bool | None) -> Record | None:
    """A decision as the ledger keeps it, with its outcome; ``None`` if it is none that is known."""
    kind, votes = data.get("kind"), data.get("votes")
    if kind not in KINDS or not isinstance(votes, Mapping):
        return None
    sound = {
        cast(Voter, voter): float(vote)
        for voter, vote in votes.items()
        if voter in VOTERS and isinstance(vote, int | float) and 0.0 <= vote <= 1.0
    }
    return Record(
        kind=kind,
        departed=data.get("chosen") != data.get("first"),
        abstained=bool(data.get("abstained")),
        votes=sound,
        success=success,
    )
