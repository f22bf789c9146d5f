"""Experiments of a library: start, look at any time, stop; and what injecting is worth."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import decisions
from tui_patterns.learning.decisions import Decider, KindRecord
from tui_patterns.learning.experiments import (
    ALPHA,
    EFFECT,
    Verdict,
    expected_sessions,
    first_results,
    judge,
)
from tui_patterns.learning.lift import Lift, lift
from tui_patterns.learning.voters import Accuracy
from tui_patterns.store import decisions as decided
from tui_patterns.store import experiments as store
from tui_patterns.store.sqlite import transaction

_HIGHEST = 0.98
Arm = tuple[str, int | None]  # a pattern's id, and a version of it


@dataclass(frozen=True, slots=True)
class Standing:
    """An experiment and how it stands. By ``expected`` sessions with a result half end, and four in five.

    ``enlisted`` sessions have an arm; those with a known result are counted in the verdict.
    """

    id: int
    a: str
    a_version: int | None
    b: str
    b_version: int | None
    started: float
    stopped: float | None
    enlisted: int
    expected: tuple[int, int] | None
    verdict: Verdict

    @property
    def enough(self) -> bool:
        """Whether a winner can be named."""
        return self.verdict.winner is not None


@dataclass(frozen=True, slots=True)
class Deciding:
    """How decisions did, by kind, and how right each voter was, with its weight in log-odds."""

    kinds: dict[str, KindRecord]
    voters: dict[str, tuple[Accuracy, float]]


class Experiments:
    """Those of one library."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def start(self, a: str, b: str, *, effect: float = EFFECT, alpha: float = ALPHA) -> Standing:
        """Begin an experiment; ``a`` and ``b`` are pattern ids, or ``ID@N`` for version N of one.

        With k experiments at once, each asks for k / alpha (Bonferroni). Raises LibraryError
        for unknown or equal arms, and for patterns that are in a running experiment.
        """
        first, second = self._arms(a, b, effect, alpha)
        with self._library.connections.lend() as conn, transaction(conn):
            threshold = _threshold(conn, first, second, alpha)
            id = store.start(conn, first, second, effect, threshold)
        return next(one for one in self.all() if one.id == id)

    def plan(self, a: str, b: str, *, effect: float = EFFECT, alpha: float = ALPHA) -> tuple[int, int] | None:
        """How many sessions with a known result it may take: half the time, and four times in five.

        ``None``: more than anybody has. Nothing begins. Raises LibraryError as ``start`` does.
        """
        first, second = self._arms(a, b, effect, alpha)
        with self._library.connections.lend() as conn:
            threshold = _threshold(conn, first, second, alpha)
        return self._expected(first[0], second[0], effect, threshold)

    def _arms(self, a: str, b: str, effect: float, alpha: float) -> tuple[Arm, Arm]:
        if not (0.0 < alpha < 1.0 and 0.0 < effect < 1.0):
            raise LibraryError("alpha and the effect lie between 0 and 1")
        first, second = self._arm(a), self._arm(b)
        if first == second:
            raise LibraryError("an experiment needs two different patterns, or two versions of one")
        return first, second

    def stop(self, id: int) -> Standing:
        """End an experiment. Raises LibraryError if none with this id runs."""
        with self._library.connections.lend() as conn, transaction(conn):
            if not store.stop(conn, id):
                raise LibraryError(f"no experiment {id} runs: `patterns-tui experiment list`")
        return next(one for one in self.all() if one.id == id)

    def all(self) -> list[Standing]:
        """Every experiment, oldest first."""
        with self._library.connections.lend() as conn:
            found = [
                (row, store.enlisted(conn, row.id), first_results(store.results(conn, row.id)))
                for row in store.listed(conn)
            ]
        return [
            Standing(
                id=row.id,
                a=row.a,
                a_version=row.a_version,
                b=row.b,
                b_version=row.b_version,
                started=row.started,
                stopped=row.stopped,
                enlisted=enlisted,
                expected=self._expected(row.a, row.b, row.effect, row.threshold),
                verdict=judge(trials, row.threshold),
            )
            for row, enlisted, trials in found
        ]

    def lifted(self) -> Lift:
        """What automatic injections change in sessions' last build or test."""
        with self._library.connections.lend() as conn:
            found = store.session_results(conn)
        treated = [success for held_out, success in found if not held_out]
        control = [success for held_out, success in found if held_out]
        return lift((len(treated), sum(treated)), (len(control), sum(control)))

    def deciding(self) -> Deciding:
        """The record of decisions and voters."""
        with self._library.connections.lend() as conn:
            found = [decisions.record_from(data, success) for _, data, success in decided.latest(conn)]
        decider = Decider(record for record in found if record is not None)
        voters = {
            str(voter): (accuracy, decider.weights[voter]) for voter, accuracy in decider.accuracies.items()
        }
        return Deciding({str(kind): record for kind, record in decider.kinds.items()}, voters)

    def _expected(self, a: str, b: str, effect: float, threshold: float) -> tuple[int, int] | None:
        """As planned: from the lower of the arms' success rates as believed now."""
        rates = [self._library.pattern(one).confidence.mean for one in (a, b)]
        rate = round(min(*rates, _HIGHEST - effect), 1)
        return expected_sessions(max(rate, 0.0), effect, threshold)

    def _arm(self, said: str) -> Arm:
        id, at, number = said.partition("@")
        pattern = self._library.pattern(id)
        if not at:
            return pattern.id, None
        versions = [one.version for one in reversed(self._library.history(pattern.id))]
        if not number.removeprefix("v").isdecimal() or not 1 <= int(number.removeprefix("v")) <= len(
            versions
        ):
            raise LibraryError(f"{id} has versions 1 to {len(versions)}: `patterns-tui history {id}`")
        return pattern.id, versions[int(number.removeprefix("v")) - 1]


def _threshold(conn: sqlite3.Connection, first: Arm, second: Arm, alpha: float) -> float:
    """The e-value that names a winner. Raises LibraryError for arms that are in another experiment."""
    running = store.listed(conn, running=True)
    busy = {first[0], second[0]} & {one for each in running for one in (each.a, each.b)}
    if busy:
        raise LibraryError(f"{sorted(busy)[0]} is in an experiment that runs; stop that one first")
    return (len(running) + 1) / alpha
