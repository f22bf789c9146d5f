"""The exact scan: every stored vector against the query. The oracle in tests, and the stand-in for Chroma.

At 10,000 vectors of 384 numbers it is one 15 MB matrix-vector product.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from tui_patterns.models import IndexKind
from tui_patterns.search.vectors import Match


class ExactIndex:
    """Vectors in memory as ``store.vectors.live`` gives them: ids, and float32 rows of length 1."""

    def __init__(self, ids: Sequence[str], matrix: np.ndarray) -> None:
        """``matrix`` is ``[len(ids), dimension]``; raises ``ValueError`` if it is not."""
        if matrix.ndim != 2 or len(ids) != len(matrix):
            raise ValueError(f"{len(ids)} ids do not fit a matrix of shape {matrix.shape}")
        self.ids = list(ids)
        self.matrix = matrix
        self._rows = {pattern_id: row for row, pattern_id in enumerate(self.ids)}

    @classmethod
    def from_blob(cls, ids: Sequence[str], blob: bytes | memoryview, dimension: int) -> ExactIndex:
        """From little-endian float32 rows joined into one buffer."""
        return cls(ids, as_matrix(blob, dimension))

    @property
    def kind(self) -> IndexKind:
        """Always ``exact``."""
        return "exact"

    def query(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None = None) -> list[Match]:
        """As ``VectorIndex.query``; equal similarities keep the order of the rows."""
        if allowed is None:
            return top(vector, self.ids, self.matrix, limit)
        rows = sorted({self._rows[pattern_id] for pattern_id in allowed if pattern_id in self._rows})
        return top(vector, [self.ids[row] for row in rows], self.matrix[rows], limit)


def as_matrix(blob: bytes | memoryview, dimension: int) -> np.ndarray:
    """``[n, dimension]`` float32 over ``blob`` without a copy; raises ``ValueError`` on a torn row."""
    return np.frombuffer(blob, dtype="<f4").reshape(-1, dimension)


def top(query: np.ndarray, ids: Sequence[str], matrix: np.ndarray, limit: int) -> list[Match]:
    """The ``limit`` rows nearest to ``query`` by dot product (cosine, for rows of length 1), best first.

    Equal similarities come in the order of the rows. A row that is not finite comes last, as -1.
    """
    if limit <= 0 or not len(ids):
        return []
    with np.errstate(invalid="ignore", over="ignore"):
        scores = matrix @ np.asarray(query, dtype=np.float32)
    scores = np.where(np.isfinite(scores), scores, np.float32(-1.0))
    best = _best_rows(scores, min(limit, len(ids)))
    return [(ids[row], float(scores[row])) for row in best]


def _best_rows(scores: np.ndarray, limit: int) -> np.ndarray:
    """Row numbers of the ``limit`` highest scores; sorts only those at or above the last one's score."""
    if limit < len(scores):
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        rows = np.flatnonzero(scores >= least)
    else:
        rows = np.arange(len(scores))
    ordered: np.ndarray = rows[np.argsort(-scores[rows], kind="stable")][:limit]
    return ordered
