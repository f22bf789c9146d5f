"""Whether tests became faster or slower at some moment: only a clear change says anything.

Single runs of tests are noisy, so that several on either side are asked for; pytest-benchmark's
median is already one of many rounds. Medians are compared, test by test, and added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

LEAST_RUNS = 3
FASTER, SLOWER = 0.8, 1.25
LEAST_S = 0.01  # a shorter difference is noise, of what is no benchmark


def ratio(
    before: Mapping[str, Sequence[float]], after: Mapping[str, Sequence[float]], *, benchmark: bool
) -> float | None:
    """Seconds after by seconds before, over the tests that ran often enough on both sides.

    ``None`` where nothing can be said: too few runs, or a difference within noise.
    """
    least = 1 if benchmark else LEAST_RUNS
    tests = [
        test for test, runs in before.items() if len(runs) >= least and len(after.get(test, ())) >= least
    ]
    old, new = (sum(median(side[test]) for test in tests) for side in (before, after))
    if not tests or old <= 0.0 or (not benchmark and abs(new - old) < LEAST_S):
        return None
    changed = new / old
    return changed if changed <= FASTER or changed >= SLOWER else None
