"""How well it is told whether an injected pattern was used: the table of ``learning.py attribution``."""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.attribution_cases import Case, Source, cases, sources
from tui_patterns.learning.attribution import Match, attribute
from tui_patterns.learning.rarity import Rarity
from tui_patterns.learning.token_stream import Code, read_code

PRECISION, RECALL, SLOWEST_MS = 0.95, 0.85, 30.0
SEEDS = {"development": 7, "held out": 11}
PIECES = 500  # of code that rarity is counted over, as the engine does
HARDER = "sibling"  # told, never judged: some siblings are copies of each other


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, what was said of it, and how long that took, reading both codes included."""

    case: Case
    match: Match
    ms: float

    @property
    def right(self) -> bool:
        return self.match.used == self.case.used


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 where the held-out half misses a target."""
    parser = argparse.ArgumentParser(prog="learning.py attribution", description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list the cases that were misjudged")
    chosen = parser.parse_args(arguments)
    failed = False
    for half, functions in sources().items():
        judged = judge(cases(functions, SEEDS[half]), functions)
        precision, recall, slowest = summary(judged)
        failed |= half == "held out" and not (
            precision >= PRECISION and recall >= RECALL and slowest <= SLOWEST_MS
        )
        report(half, judged)
        if chosen.wrong:
            list_wrong(judged)
    return int(failed)


def judge(labelled: Sequence[Case], functions: Sequence[Source]) -> list[Judged]:
    """Every case once, in order."""
    ordered = sorted(functions, key=lambda one: one.place)
    rarity = Rarity.of(one.code for one in ordered[:: max(len(ordered) // PIECES, 1)])
    gc.collect()
    gc.freeze()  # the sources of the cases are no part of what is measured
    return [_judge(case, rarity) for case in labelled]


def _judge(case: Case, rarity: Rarity) -> Judged:
    begun = time.process_time()
    before = [_read(case.before)] if case.before else []
    match = attribute(_read(case.pattern.code), _read(case.now), before, rarity, map(_read, case.own))
    return Judged(case, match, 1000 * (time.process_time() - begun))


def _read(code: str) -> Code:
    found = read_code(code)
    assert found is not None
    return found


def summary(judged: Sequence[Judged]) -> tuple[float, float, float]:
    """Precision, recall, and the most ms of the cases that count."""
    counted = [one for one in judged if one.case.kind != HARDER]
    said = [one for one in counted if one.match.used]
    true = [one for one in counted if one.case.used]
    right = sum(one.right for one in said)
    return right / max(len(said), 1), right / len(true), max(one.ms for one in counted)


def report(half: str, judged: Sequence[Judged]) -> None:
    """One table for one half."""
    precision, recall, slowest = summary(judged)
    counted = [one for one in judged if one.case.kind != HARDER]
    print(f"\n{half}: {len(counted)} cases, {sum(one.case.used for one in counted)} of them used")
    print(f"precision {precision:.3f} (≥ {PRECISION}), recall {recall:.3f} (≥ {RECALL})")
    times = [one.ms for one in counted]
    print(f"CPU time: median {statistics.median(times):.1f} ms, most {slowest:.1f} ms (≤ {SLOWEST_MS:g})")
    for kind in dict.fromkeys(one.case.kind for one in judged):
        mine = [one for one in judged if one.case.kind == kind]
        note = " (not counted)" if kind == HARDER else ""
        print(f"  {kind:<13} {sum(one.right for one in mine):>3} of {len(mine):>3} right{note}")


def list_wrong(judged: Sequence[Judged]) -> None:
    """The misjudged cases with their figures."""
    for one in judged:
        if not one.right:
            case, match = one.case, one.match
            figures = f"held {match.held:.2f} taken {match.taken:.2f} mass {match.mass:.1f} run {match.run}"
            print(f"  {case.kind}: {case.pattern.place} {case.pattern.name} {case.other}: {figures}")
