"""Two rankings made one: reciprocal rank fusion.

``score = sum over rankings of 1 / (k + rank)`` (Cormack, Clarke and Büttcher,
SIGIR 2009). It needs no common scale, so words and vectors can be joined
without tuning one against the other.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def fuse(rankings: Sequence[Sequence[Key]], k: int) -> dict[Key, float]:
    """Fused scores, best first; equal scores keep the order of first appearance."""
    scores: dict[Key, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
