"""Holds a converted cross-encoder against ``CrossEncoder.predict``: same pairs in, two scores out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tui_patterns.embedding import export
from tui_patterns.embedding.errors import ConversionFailed
from tui_patterns.embedding.fingerprint import MODEL_FILE
from tui_patterns.embedding.parity import TEXTS
from tui_patterns.embedding.reranker import Reranker

FP32_MOST = 0.01
"""Largest difference of two scores, as a share of how far the original's scores lie apart."""
INT8_LEAST = 0.98
"""Least correlation with the original's scores; below it the fp32 form is kept."""


def check_fp32(original: Any, folder: Path) -> dict[str, float]:
    """Largest difference and correlation of the fp32 graph; raises ``ConversionFailed`` if it is off."""
    found = compare(original, folder)
    if not found["difference"] <= FP32_MOST:
        raise ConversionFailed(
            f"its ONNX form differs from the original (by {found['difference']:.4f} of the scores' range, "
            f"allowed {FP32_MOST}): choose another model"
        )
    return found


def quantise_checked(original: Any, exported: Path, folder: Path) -> tuple[bool | None, dict[str, float]]:
    """Replace the model in ``folder`` by its int8 form, unless that orders otherwise.

    Returns (7-bit weights used, differences); ``None`` where fp32 was kept.
    """
    found: dict[str, float] = {}
    for reduced in (False, True):
        export.quantise(exported, folder / MODEL_FILE, reduce_range=reduced)
        found = compare(original, folder)
        if found["correlation"] >= INT8_LEAST:
            return reduced, found
    export.optimise(exported, folder / MODEL_FILE)
    return None, found


def compare(original: Any, folder: Path) -> dict[str, float]:
    """Largest difference by the range of the original's scores, and correlation of the two."""
    import torch

    queries = [*TEXTS[:3], "x"] * 5
    pairs = [[query, text] for query, text in zip(queries, TEXTS, strict=True)]
    reference = original.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)
    reranker = Reranker(folder)
    scores = np.array([reranker.scores(query, [text])[0] for query, text in pairs])
    spread = max(float(np.ptp(reference)), 1e-6)
    together = float(np.corrcoef(reference, scores)[0, 1]) if np.ptp(scores) else 0.0
    difference = float(np.abs(reference - scores).max()) / spread
    return {"difference": round(difference, 6), "correlation": round(together, 6)}
