"""Vectors from text, every day: ONNX Runtime and tokenizers, no torch.

``load_model`` converts the sentence-transformers model first if that was never
done. Shapes: ``n`` texts give a float32 matrix ``[n, dimension]`` whose rows
have length 1, so that a dot product is the cosine.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_patterns.embedding.errors import ConversionFailed, EmbeddingError, ModelMissing
from tui_patterns.embedding.fingerprint import META_FILE, MODEL_FILE, TOKENIZER_FILE, find_converted
from tui_patterns.embedding.locate import resolve_model

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
# More at once is no faster, and takes the process from 220 to 450 MB.
_MOST_TOKENS = 1024


def load_model(
    name: str,
    precision: str,
    max_tokens: int,
    threads: int,
    cache_dir: Path,
    on_progress: Callable[[str], None] | None = None,
) -> EmbeddingModel:
    """The model that the settings name, converted first if need be (seconds, and 900 MB for that time).

    ``threads`` = 0 means one for each core. A converted model that no longer
    loads is made again. Raises ``ModelMissing`` or ``ConversionFailed``.
    """
    folder = find_converted(name, precision, max_tokens, cache_dir)
    broken = None
    if folder is not None:
        try:
            return EmbeddingModel(folder, threads)
        except (ImportError, MemoryError):
            raise
        except Exception:  # ORT and tokenizers raise types of their own; the cure is the same
            from tui_patterns.embedding.onnx import stamp

            broken = stamp(folder)
    from tui_patterns.embedding.onnx import ensure_converted

    folder = ensure_converted(name, precision, max_tokens, cache_dir, on_progress, broken)
    return EmbeddingModel(folder, threads)


class EmbeddingModel:
    """One converted model in memory. ``embed`` may be called from several threads."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """Load what ``convert`` wrote to ``folder``; raises what ONNX Runtime or tokenizers raise."""
        from tokenizers import Tokenizer

        self.meta: dict[str, Any] = json.loads((folder / META_FILE).read_bytes())
        self.fingerprint: str = self.meta["fingerprint"]
        self.dimension: int = self.meta["dimension"]
        self.truncated = 0
        """How many of all texts embedded so far were longer than the model reads."""
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.meta["max_tokens"])
        self._session = _session(folder / MODEL_FILE, threads)

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

        encodings = self._tokenizer.encode_batch([self._prepared(text, role) for text in texts])
        flags = [bool(encoding.overflowing) for encoding in encodings]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for rows in _batches(encodings, batch_size):
            vectors[rows] = self._run([encodings[row] for row in rows])
        self.truncated += sum(flags)
        return _normalised(vectors), flags

    def _prepared(self, text: str, role: Role) -> str:
        # A lone surrogate has no UTF-8, which tokenizers demand.
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = self.meta["prompts"].get(role, "") + text
        return text.lower() if self.meta["lower"] else text

    def _run(self, encodings: list[Encoding]) -> np.ndarray:
        import numpy as np

        shape = (len(encodings), max(1, *(len(encoding.ids) for encoding in encodings)))
        ids = np.full(shape, self.meta["pad_id"], np.int64)
        mask, types = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            length = len(encoding.ids)
            ids[row, :length], mask[row, :length], types[row, :length] = encoding.ids, 1, encoding.type_ids
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        output: np.ndarray = self._session.run(None, {key: feed[key] for key in self.meta["inputs"]})[0]
        return output


def _batches(encodings: Sequence[Encoding], size: int) -> Iterator[list[int]]:
    """Row numbers in batches of like length: padding costs as much as text."""
    order = sorted(range(len(encodings)), key=lambda row: -len(encodings[row].ids))
    start = 0
    while start < len(order):
        longest = max(1, len(encodings[order[start]].ids))
        fitting = max(1, min(size, _MOST_TOKENS // longest))
        yield order[start : start + fitting]
        start += fitting


def _normalised(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: np.ndarray = vectors / np.maximum(lengths, 1e-12)
    return scaled


def _session(model: Path, threads: int) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    # Threads that wait busily for the next batch take the cores from the editor and the parsers.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    ort.disable_telemetry_events()
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
