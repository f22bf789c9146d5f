"""How far each facet of a pattern can be relied on: success / (success + failure), with a prior.

The mean of a Beta posterior, as everywhere (``confidence.posterior``). The
prior is a mean of 1/2 worth two outcomes, ``Beta(1, 1)`` (Laplace's rule of
succession): weaker than that of a whole pattern, since a facet is seen in few
of its pattern's uses. One success gives 67 %, three of three 80 %, three of
four 67 %.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Interval

PRIOR = Prior(0.5, strength=2.0)


def confidence(successes: float, failures: float, prior: Prior = PRIOR) -> Interval:
    """What is believed of a facet; ``n`` 0 means *not yet tried*.

    Raises ValueError when a count is negative.
    """
    return posterior(successes, failures, prior)


def confidences(
    facets: Iterable[str], counts: Mapping[str, tuple[float, float]], prior: Prior = PRIOR
) -> dict[str, Interval]:
    """The belief in each of *facets*, in their order, from (successes, failures) by facet."""
    return {name: confidence(*counts.get(name, (0.0, 0.0)), prior) for name in facets}


def describe_facet(interval: Interval) -> str:
    """``75 % n 3``, or ``not yet tried``; never a false 0 or 100."""
    if interval.n <= 0.0:
        return "not yet tried"
    percent = min(max(round(100 * interval.mean), 1), 99)
    return f"{percent} % n {round(interval.n, 1):g}"


def covered(facets: Mapping[str, Any], offsets: Collection[int]) -> list[str]:
    """The facets of which a line is among *offsets* (from the unit's first line), in their order.

    A facet that names no line, such as the structure of the whole, is covered by none.
    """
    return [name for name, shape in facets.items() if not set(_lines(shape)).isdisjoint(offsets)]


def _lines(shape: Any) -> Iterator[int]:
    if isinstance(shape, Mapping):
        for key, value in shape.items():
            if key == "line" and isinstance(value, int):
                yield value
            elif key == "lines" and isinstance(value, list):
                yield from (line for line in value if isinstance(line, int))
            else:
                yield from _lines(value)
    elif isinstance(shape, list | tuple):
        for value in shape:
            yield from _lines(value)
