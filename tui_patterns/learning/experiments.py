"""A/B by permuted blocks of two, with a test that may be looked at any time; and who is held out.

*E-process.* Outcomes of the two arms are paired in order, a block of one each.
Per block, the e-value multiplies by the likelihood of its outcomes under the
arms' own rates, learned from the blocks before, over that under one common rate:
the 2×2 e-variable of Turner, Ly & Grünwald (2024, J. Stat. Plan. Inference 230;
arXiv 2106.02693), rates being learned with half an outcome each way. Under equal
rates its expectation never exceeds 1, so by Ville's inequality the chance that it *ever* reaches 1/alpha is
at most alpha, however often and whenever one looks. Decayed counts would break
this: experiments count whole outcomes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from random import Random
from statistics import median
from typing import Literal

Arm = Literal["a", "b"]

ALPHA = 0.05
EFFECT = 0.2  # the difference of success rates that an experiment is planned for
_REHEARSALS = 200
_LONGEST = 1000  # blocks of a rehearsal


@dataclass(frozen=True, slots=True)
class Trial:
    """One session's known result in an arm."""

    arm: str
    success: bool


class EProcess:
    """The evidence so far that the arms differ; feed it whole blocks in order."""

    def __init__(self) -> None:
        self.log_e = 0.0
        self.blocks = 0
        self.successes = [0, 0]

    def add(self, a: bool, b: bool) -> None:
        """One block: an outcome of each arm."""
        rate_a, rate_b = ((wins + 0.5) / (self.blocks + 1.0) for wins in self.successes)
        common = (rate_a + rate_b) / 2.0
        self.log_e += _log(rate_a, a) + _log(rate_b, b) - _log(common, a) - _log(common, b)
        self.blocks += 1
        self.successes[0] += a
        self.successes[1] += b

    def reaches(self, threshold: float) -> bool:
        """Whether the e-value is at least the threshold, 1/alpha."""
        return self.log_e >= log(threshold)

    @property
    def leader(self) -> Arm | None:
        """The arm with more successes so far."""
        first, second = self.successes
        return None if first == second else ("a" if first > second else "b")


def _log(rate: float, success: bool) -> float:
    return log(rate if success else 1.0 - rate)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an experiment stands. ``e`` is the e-value now, ``peak`` its highest so far.

    ``winner`` is set once the threshold was reached, and stays; ``counts`` are (sessions, successes) by arm.
    """

    winner: Arm | None
    e: float
    peak: float
    threshold: float
    blocks: int
    counts: dict[Arm, tuple[int, int]]


def judge(trials: Iterable[Trial], threshold: float = 1.0 / ALPHA) -> Verdict:
    """Look at an experiment after every block of its results, in the order in which they came."""
    waiting: dict[str, list[bool]] = {"a": [], "b": []}
    counts: dict[Arm, tuple[int, int]] = {"a": (0, 0), "b": (0, 0)}
    process, won, peak = EProcess(), None, 0.0
    for trial in trials:
        arm: Arm = "a" if trial.arm == "a" else "b"
        seen, good = counts[arm]
        counts[arm] = (seen + 1, good + trial.success)
        waiting[arm].append(trial.success)
        if won is None and waiting["a"] and waiting["b"]:
            process.add(waiting["a"].pop(0), waiting["b"].pop(0))
            peak = max(peak, process.log_e)
            if process.reaches(threshold):
                won = process.leader
    return Verdict(won, _exp(process.log_e), _exp(peak), threshold, process.blocks, counts)


def winner(trials: Iterable[Trial], threshold: float = 1.0 / ALPHA) -> Arm | None:
    """The arm that won, looking after every block; ``None`` while that cannot be said."""
    return judge(trials, threshold).winner


def _exp(value: float) -> float:
    return exp(min(value, 700.0))


def assigned(experiment: str, position: int) -> Arm:
    """The arm of the ``position``-th session (from 0): blocks of two, each in a drawn order."""
    drawn = _draw(f"block {experiment} {position // 2}") < 0.5
    return "a" if drawn == (position % 2 == 0) else "b"


def held_out(session: str, share: float) -> bool:
    """Whether a session's automatic injections are held out: always the same for one session."""
    return _draw(f"holdout {session}") < share


def _draw(text: str) -> float:
    """A number in 0..1 that this text always gives."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:7], "big") / 2.0**56


@lru_cache(maxsize=32)
def expected_sessions(
    rate: float, effect: float = EFFECT, threshold: float = 1.0 / ALPHA
) -> tuple[int, int] | None:
    """Sessions with a result that an experiment takes, as (median, four in five end by), rehearsed.

    ``rate`` is that of the worse arm, ``effect`` the difference; ``None`` when most rehearsals do not end
    within 2,000 sessions. Raises ValueError unless both are possible rates.
    """
    if not (0.0 <= rate < 1.0 and effect > 0.0 and rate + effect <= 1.0):
        raise ValueError(f"no two rates: {rate!r} and {effect!r} more")
    rng = Random(f"{rate} {effect} {threshold}")
    lengths = sorted(_rehearsed(rng, rate, rate + effect, threshold) for _ in range(_REHEARSALS))
    late = lengths[round(0.8 * _REHEARSALS) - 1]
    middle = round(median(lengths))
    return None if middle >= _LONGEST else (2 * middle, 2 * late)


def _rehearsed(rng: Random, rate: float, better: float, threshold: float) -> int:
    process = EProcess()
    while process.blocks < _LONGEST and not process.reaches(threshold):
        process.add(rng.random() < rate, rng.random() < better)
    return process.blocks


def first_results(rows: Sequence[tuple[str, str, bool]]) -> list[Trial]:
    """(session, arm, success) in order of time, as one trial a session: its first result."""
    seen: dict[str, Trial] = {}
    for session, arm, success in rows:
        seen.setdefault(session, Trial(arm, success))
    return list(seen.values())
