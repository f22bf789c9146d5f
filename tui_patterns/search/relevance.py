"""How likely it is that a hit answers the query, in 0..1, whatever ranked it.

A logistic model over two observations that do not depend on how scores are
fused: the cosine between query and pattern, and the share of the query's words,
weighted by how telling they are, that the pattern is found by. The weights were
fitted by ``benchmarks/calibrate.py``; it prints how well they are calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds: a constant, per unit of cosine, per unit of coverage."""

    constant: float
    cosine: float
    coverage: float


HYBRID = Weights(constant=-6.0, cosine=10.0, coverage=2.5)
LEXICAL = Weights(constant=-3.0, cosine=0.0, coverage=5.0)


def relevance(cosine: float | None, coverage: float) -> float:
    """Probability that a pattern answers the query; ``cosine`` is ``None`` if not known."""
    weights = LEXICAL if cosine is None else HYBRID
    odds = weights.constant + weights.cosine * (cosine or 0.0) + weights.coverage * coverage
    return 1.0 / (1.0 + math.exp(-odds))


def coverage(query: Sequence[str], found: frozenset[str], telling: Mapping[str, float]) -> float:
    """Share of the query's words in 0..1 that are among ``found``, by weight.

    The last word counts when it begins a found word: it may be half typed.
    """
    total = sum(telling[word] for word in query)
    if total <= 0.0:
        return 0.0
    matched = sum(telling[word] for word in query if word in found)
    last = query[-1]
    if last not in found and any(word.startswith(last) for word in found):
        matched += telling[last]
    return matched / total


def weights_of(frequencies: Mapping[str, int], total: int) -> dict[str, float]:
    """Inverse document frequency by word: ln(1 + N / (1 + n)), as common as nothing is worth nothing."""
    return {word: math.log(1.0 + total / (1.0 + count)) for word, count in frequencies.items()}
