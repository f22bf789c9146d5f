"""Coupling and cohesion as numbers in 0..1, for the parts of quality that only a whole project shows.

Counted over references that could be resolved, those from test files left out:
being tested couples nothing.

- *fan-in*: other definitions that refer to the unit or to something inside it; a
  module's own code counts as one. *fan-out*: other definitions that it refers to.
- *coupling*: the other top-level definitions on either end of these, in either
  direction (CBO: Chidamber and Kemerer, "A metrics suite for object oriented
  design", IEEE TSE 20(6), 1994). What lies inside the unit, or beside it in the
  same class, does not couple it to others.
- *files*: files that refer to the unit, importing it included, its own included.

Cut-offs. Coupling up to 9 is low: Shatnawi, "A quantitative investigation of the
acceptable risk levels of object-oriented metrics in open-source systems", IEEE
TSE 36(2), 2010. Above 14 it is high: Sahraoui, Godin and Miceli, "Can metrics
help to bridge the gap between the improvement of OO design quality and its
automation?", ICSM 2000. Cohesion is high at an LCOM4 of 1 (Hitz and Montazeri,
see ``cohesion``); above, its reciprocal: the share of one of the classes that it
could be split into.
"""

from __future__ import annotations

LOW, HIGH = 9, 14


def coupling_score(coupling: int) -> float:
    """1.0 up to 9 coupled definitions, .5 up to 14, 0.0 above."""
    if coupling <= LOW:
        return 1.0
    return 0.5 if coupling <= HIGH else 0.0


def cohesion_score(lcom4: int | None) -> float | None:
    """1.0 for one group of methods, 1/n for n; ``None`` where there is nothing to compare."""
    return None if lcom4 is None else 1.0 / max(lcom4, 1)


def maintainability_score(coupling: int, lcom4: int | None) -> float:
    """Half low coupling, half high cohesion; without cohesion (a function), coupling alone."""
    cohesion = cohesion_score(lcom4)
    score = coupling_score(coupling)
    return round(score if cohesion is None else 0.5 * score + 0.5 * cohesion, 4)
