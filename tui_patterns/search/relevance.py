"""How likely it is that a hit answers the query, in 0..1, whatever ranked it.

A logistic model over observations that do not depend on how scores are fused,
nor on other hits: the cosine between query and pattern; the share of the query's
words, weighted by how telling they are, that the pattern is found by; and how
much of the pattern's own name the query says. The weights are those that
``benchmarks/calibrate.py`` fits; it prints how well they are calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui_patterns.search.terms import stem


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds: a constant, and per unit of each observation."""

    constant: float
    cosine: float
    coverage: float
    named: float


# Fitted by benchmarks/calibrate.py; run it again after a change of what is observed or embedded.
HYBRID = Weights(constant=-5.1, cosine=6.41, coverage=2.68, named=2.08)
LEXICAL = Weights(constant=-3.97, cosine=0.0, coverage=3.66, named=4.89)


def relevance(cosine: float | None, coverage: float, named: float = 0.0) -> float:
    """Probability that a pattern answers the query; ``cosine`` is ``None`` if not known."""
    weights = LEXICAL if cosine is None else HYBRID
    odds = (
        weights.constant
        + weights.cosine * (cosine or 0.0)
        + weights.coverage * coverage
        + weights.named * named
    )
    return 1.0 / (1.0 + math.exp(-odds))


def coverage(query: Sequence[str], found: Iterable[str], telling: Mapping[str, float]) -> float:
    """Share of the query's words in 0..1 that are among ``found`` in whatever form, by weight.

    The last word counts when it begins a found word: it may be half typed.
    """
    total = sum(telling[word] for word in query)
    if total <= 0.0:
        return 0.0
    words = frozenset(found)
    stems = frozenset(map(stem, words))
    matched = sum(telling[word] for word in query if stem(word) in stems)
    last = query[-1]
    if stem(last) not in stems and any(word.startswith(last) for word in words):
        matched += telling[last]
    return matched / total


def named(query: Sequence[str], name: Sequence[str]) -> float:
    """How much of a pattern's ``name``, in words, the query says: n of n words give n / (n + 1).

    A name of one word is easily met by chance (stop, feed, watch), one of three hardly.
    """
    said = frozenset(map(stem, query))
    return sum(stem(word) in said for word in name) / (len(name) + 1)


def weights_of(frequencies: Mapping[str, int], total: int) -> dict[str, float]:
    """Inverse document frequency by word: ln(1 + N / (1 + n)), as common as nothing is worth nothing."""
    return {word: math.log(1.0 + total / (1.0 + count)) for word, count in frequencies.items()}
