"""Vectors from text, every day: ONNX Runtime and tokenizers, no torch.

``load_model`` converts the sentence-transformers model first if that was never
done. Shapes: ``n`` texts give a float32 matrix ``[n, dimension]`` whose rows
have length 1, so that a dot product is the cosine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui_patterns.embedding.errors import ConversionFailed, EmbeddingError, ModelMissing
from tui_patterns.embedding.fingerprint import find_converted
from tui_patterns.embedding.loading import load_converted
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.embedding.runtime import CHARS, Runtime

if TYPE_CHECKING:
    import numpy as np
    from tokenizers import Encoding

__all__ = [
    "ConversionFailed",
    "EmbeddingError",
    "EmbeddingModel",
    "ModelMissing",
    "find_converted",
    "load_model",
    "resolve_model",
]
Role = Literal["document", "query"]


def load_model(
    name: str,
    precision: str,
    max_tokens: int,
    threads: int,
    cache_dir: Path,
    on_progress: Callable[[str], None] | None = None,
    *,
    low_priority: bool = False,
) -> EmbeddingModel:
    """The model that the settings name, converted first if need be (seconds, and 900 MB for that time).

    ``threads`` and ``low_priority`` are as in ``Threads``. A converted model that no
    longer loads is made again. Raises ``ModelMissing`` or ``ConversionFailed``.
    """

    def make(folder: Path) -> EmbeddingModel:
        return EmbeddingModel(folder, threads, low_priority=low_priority)

    return load_converted(make, "embedding", name, precision, max_tokens, cache_dir, on_progress)


class EmbeddingModel(Runtime):
    """One converted model in memory. ``embed`` may be called from several threads."""

    def __init__(self, folder: Path, threads: int = 0, *, low_priority: bool = False) -> None:
        """Load what ``convert`` wrote to ``folder``; raises what ONNX Runtime or tokenizers raise."""
        super().__init__(folder, threads, low_priority=low_priority)
        self.dimension: int = self.meta["dimension"]
        self.truncated = 0
        """How many of all texts embedded so far were longer than the model reads."""

    def embed(self, texts: Sequence[str], batch_size: int = 32, role: Role = "document") -> np.ndarray:
        """``[len(texts), dimension]`` float32, rows of length 1, in the order of ``texts``.

        ``batch_size`` is the most texts that go through the model at once; long ones are fewer.
        """
        return self.embed_flagged(texts, batch_size, role)[0]

    def embed_flagged(
        self, texts: Sequence[str], batch_size: int = 32, role: Role = "document"
    ) -> tuple[np.ndarray, list[bool]]:
        """Vectors, and for each text whether its end was cut off."""
        import numpy as np

        encodings = self._encoded([self._prepared(text, role) for text in texts])
        flags = [bool(encoding.overflowing) for encoding in encodings]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for rows, output in self.outputs([(one.ids, one.type_ids) for one in encodings], batch_size):
            vectors[rows] = output
        self.truncated += sum(flags)
        return _normalised(vectors), flags

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        """Token ids; of long texts first the beginning, and the rest only where that was not enough."""
        enough = self.meta["max_tokens"] * CHARS
        encodings: list[Encoding] = self._tokenizer.encode_batch([text[:enough] for text in texts])
        for row, text in enumerate(texts):
            if len(text) > enough and not encodings[row].overflowing:
                encodings[row] = self._tokenizer.encode(text)
        return encodings

    def _prepared(self, text: str, role: Role) -> str:
        return self._plain(self.meta["prompts"].get(role, "") + text)


def _normalised(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: np.ndarray = vectors / np.maximum(lengths, 1e-12)
    return scaled
