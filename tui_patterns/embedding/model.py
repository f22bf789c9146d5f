"""Vectors from text, every day: ONNX Runtime and tokenizers, no torch.

``load_model`` converts the sentence-transformers model first if that was never
done. Shapes: ``n`` texts give a float32 matrix ``[n, dimension]`` whose rows
have length 1, so that a dot product is the cosine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tui_patterns.embedding.errors import ConversionFailed, EmbeddingError, ModelMissing
from tui_patterns.embedding.fingerprint import META_FILE, MODEL_FILE, TOKENIZER_FILE, find_converted
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.embedding.threads import Threads

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
# More at once is no faster: 165 texts a second with 512 tokens (int8), 162 with 1,024.
_MOST_TOKENS = 512
# A tokenizer reads all of a text before it cuts: so many characters a token are enough but for odd texts.
_CHARS = 6


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
    folder = find_converted(name, precision, max_tokens, cache_dir)
    broken = None
    if folder is not None:
        try:
            return EmbeddingModel(folder, threads, low_priority=low_priority)
        except (ImportError, MemoryError):
            raise
        except Exception:  # ORT and tokenizers raise types of their own; the cure is the same
            from tui_patterns.embedding.onnx import stamp

            broken = stamp(folder)
    from tui_patterns.embedding.onnx import ensure_converted

    folder = ensure_converted(name, precision, max_tokens, cache_dir, on_progress, broken)
    return EmbeddingModel(folder, threads, low_priority=low_priority)


class EmbeddingModel:
    """One converted model in memory. ``embed`` may be called from several threads.

    A batch runs on one core, and several run side by side: two threads on one
    batch wait for each other at each of its 200 steps (100 texts a second against 165).
    """

    def __init__(self, folder: Path, threads: int = 0, *, low_priority: bool = False) -> None:
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
        self._session = _session(folder / MODEL_FILE)
        self._threads = Threads(threads, low_priority=low_priority)

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
        tokens = [(encoding.ids, encoding.type_ids) for encoding in encodings]
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        batches = list(_batches([len(ids) for ids, _ in tokens], batch_size))
        found = self._threads.map(self._run, [[tokens[row] for row in rows] for rows in batches])
        for rows, output in zip(batches, found, strict=True):
            vectors[rows] = output
        self.truncated += sum(flags)
        return _normalised(vectors), flags

    def _encoded(self, texts: Sequence[str]) -> list[Encoding]:
        """Token ids; of long texts first the beginning, and the rest only where that was not enough."""
        enough = self.meta["max_tokens"] * _CHARS
        encodings: list[Encoding] = self._tokenizer.encode_batch([text[:enough] for text in texts])
        for row, text in enumerate(texts):
            if len(text) > enough and not encodings[row].overflowing:
                encodings[row] = self._tokenizer.encode(text)
        return encodings

    def _prepared(self, text: str, role: Role) -> str:
        # A lone surrogate has no UTF-8, which tokenizers demand.
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = self.meta["prompts"].get(role, "") + text
        return text.lower() if self.meta["lower"] else text

    def _run(self, tokens: Sequence[tuple[list[int], list[int]]]) -> np.ndarray:
        import numpy as np

        shape = (len(tokens), max(1, *(len(ids) for ids, _ in tokens)))
        ids = np.full(shape, self.meta["pad_id"], np.int64)
        mask, types = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, (given, kinds) in enumerate(tokens):
            length = len(given)
            ids[row, :length], mask[row, :length], types[row, :length] = given, 1, kinds
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        output: np.ndarray = self._session.run(None, {key: feed[key] for key in self.meta["inputs"]})[0]
        return output


def _batches(lengths: Sequence[int], size: int) -> Iterator[list[int]]:
    """Row numbers in batches of like length, the longest first: padding costs as much as text."""
    order = sorted(range(len(lengths)), key=lambda row: -lengths[row])
    start = 0
    while start < len(order):
        longest = max(1, lengths[order[start]])
        fitting = max(1, min(size, _MOST_TOKENS // longest))
        yield order[start : start + fitting]
        start += fitting


def _normalised(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: np.ndarray = vectors / np.maximum(lengths, 1e-12)
    return scaled


def _session(model: Path) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.intra_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    ort.disable_telemetry_events()
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
