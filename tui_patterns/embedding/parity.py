"""Holds a converted model against the original: same texts in, cosine of the two vectors out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tui_patterns.embedding import export
from tui_patterns.embedding.errors import ConversionFailed
from tui_patterns.embedding.fingerprint import MODEL_FILE
from tui_patterns.embedding.model import EmbeddingModel

FP32_LEAST = 0.999
INT8_LEAST_MEAN = 0.98
# Below this, int8 costs more retrieval than it saves time.
INT8_REFUSED_MEAN = 0.95
TEXTS = (
    "wrap text to a given width",
    "Retry a database transaction with exponential backoff",
    "parse http response v2",
    "def fetch(self, url: str, *, timeout: float = 3.0) -> Response",
    "class UserRepository(BaseRepository[User]): find by email, save, delete",
    "for chunk in iter(lambda: stream.read(8192), b''): digest.update(chunk)",
    "SELECT id, name FROM users WHERE active = 1 ORDER BY name LIMIT 10",
    "Raise ValueError if the path does not exist or is not a directory.",
    "x",
    "",
    "UPPER CASE AND MiXeD cAsE",
    "Größe, naïve café — déjà vu",
    "文字列を指定された幅で折り返す",
    "обернуть текст по ширине",
    "emoji 🎉 and symbols ← → ≤ ∑",
    "0x7fff 3.14159 1e-9 192.168.0.1",
    "a\tb\nc\r\n  d",
    "async with semaphore: await asyncio.gather(*tasks, return_exceptions=True)",
    "config logging handler formatter rotate file size backup count level debug",
    "token " * 600,
)


def check_fp32(original: Any, folder: Path) -> dict[str, float]:
    """Least and mean cosine of the fp32 graph; raises ``ConversionFailed`` below 0.999."""
    found = compare(original, folder)
    if found["min"] < FP32_LEAST:
        raise ConversionFailed(
            f"its ONNX form differs from the original (cosine {found['min']:.4f}, needed {FP32_LEAST}): "
            "choose another embedding.model"
        )
    return found


def quantise_checked(original: Any, exported: Path, folder: Path) -> tuple[bool, dict[str, float]]:
    """Replace the model in ``folder`` by its int8 form; return (7-bit weights used, cosines).

    A CPU without VNNI adds pairs of products in 16 bits and may saturate: where
    8-bit weights come out bad, 7-bit ones are tried
    (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html).
    """
    tried: list[tuple[float, bool, dict[str, float]]] = []
    for reduced in (False, True):
        export.quantise(exported, folder / MODEL_FILE, reduce_range=reduced)
        cosines = compare(original, folder)
        if cosines["mean"] >= INT8_LEAST_MEAN:
            return reduced, cosines
        tried.append((cosines["mean"], reduced, cosines))
    mean, reduced, cosines = max(tried, key=lambda one: one[0])
    if mean < INT8_REFUSED_MEAN:
        raise ConversionFailed(f'its int8 form is off (cosine {mean:.3f}): set embedding.precision = "fp32"')
    export.quantise(exported, folder / MODEL_FILE, reduce_range=reduced)
    return reduced, cosines


def compare(original: Any, folder: Path) -> dict[str, float]:
    """Least and mean cosine between original and converted model, by the runtime's own way through."""
    texts = list(TEXTS)
    reference = original.encode(texts, convert_to_numpy=True, show_progress_bar=False, prompt="")
    reference = reference / np.maximum(np.linalg.norm(reference, axis=1, keepdims=True), 1e-12)
    converted = EmbeddingModel(folder)
    converted.meta["prompts"] = {}
    cosines = np.sum(reference * converted.embed(texts), axis=1)
    return {"min": round(float(cosines.min()), 6), "mean": round(float(cosines.mean()), 6)}
