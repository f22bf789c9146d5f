"""One vector for a document of several parts: the mean of its parts' vectors, of length 1.

A query's cosine to the mean is the mean of its cosines to the parts, but for a
factor that differs little between documents: two views of a pattern for the
storage of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_patterns.embedding.document import parts_of

if TYPE_CHECKING:
    import numpy as np

    from tui_patterns.embedding.model import EmbeddingModel


def embed_documents(model: EmbeddingModel, documents: Sequence[str], batch_size: int = 32) -> np.ndarray:
    """``[len(documents), dimension]`` float32, rows of length 1, in the order of ``documents``."""
    import numpy as np

    parts = [parts_of(document) for document in documents]
    rows = model.embed([text for texts in parts for text in texts], batch_size)
    ends = np.cumsum([len(texts) for texts in parts])
    means = np.stack(
        [rows[end - len(texts) : end].mean(axis=0) for end, texts in zip(ends, parts, strict=True)]
    )
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    pooled: np.ndarray = (means / np.maximum(lengths, 1e-12)).astype(np.float32)
    return pooled
