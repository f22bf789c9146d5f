"""What every vector index does, whoever answers: Chroma, or the exact scan while Chroma cannot."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

from tui_patterns.models import IndexKind

if TYPE_CHECKING:
    import numpy as np

Match = tuple[str, float]
"""A pattern's id and its cosine similarity to the query, -1..1."""


class VectorIndex(Protocol):
    """Nearest patterns to a vector, by cosine."""

    @property
    def kind(self) -> IndexKind:
        """What answers, as ``search --json`` names it."""

    def query(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None = None) -> list[Match]:
        """At most ``limit`` matches, best first; only among ``allowed`` ids if given.

        ``vector`` is float32 ``[dimension]`` of length 1. Ids that the index
        does not hold are passed over.
        """
