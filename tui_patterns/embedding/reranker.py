"""Scores of pairs from a converted cross-encoder: how well a text answers a question.

A cross-encoder reads both at once, so it costs a run of the model for each pair, and
only the best hits of a search are given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tui_patterns.embedding.fingerprint import find_converted
from tui_patterns.embedding.loading import load_converted
from tui_patterns.embedding.runtime import CHARS, Runtime

MAX_TOKENS = 256
"""Of a question and a text together; what a pair costs grows with it, and MiniLM's own limit is 512."""
_BATCH = 32


class Reranker(Runtime):
    """One converted cross-encoder in memory; several threads may use it."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """A score for each text, in their order; unbounded, higher is better.

        Of pairs that are too long, the longer part loses its end.
        """
        enough = self.meta["max_tokens"] * CHARS
        asked = self._plain(query)[:enough]
        pairs = [(asked, self._plain(text)[:enough]) for text in texts]
        tokens = [(one.ids, one.type_ids) for one in self._tokenizer.encode_batch(pairs)]
        found = [0.0] * len(texts)
        for rows, output in self.outputs(tokens, _BATCH):
            for row, score in zip(rows, output.reshape(len(rows)), strict=True):
                found[row] = float(score)
        return found


def find_reranker(name: str, precision: str, cache_dir: Path) -> Path | None:
    """The folder of the converted reranker, or ``None`` while it is not converted; raises ModelMissing."""
    return find_converted(name, precision, MAX_TOKENS, cache_dir, "reranker")


def load_reranker(
    name: str,
    precision: str,
    threads: int,
    cache_dir: Path,
    on_progress: Callable[[str], None] | None = None,
) -> Reranker:
    """The reranker that the settings name, converted first if need be (seconds, and 900 MB for that time).

    A converted one that no longer loads is made again. Raises ``ModelMissing`` or ``ConversionFailed``.
    """
    return load_converted(
        lambda folder: Reranker(folder, threads),
        "reranker",
        name,
        precision,
        MAX_TOKENS,
        cache_dir,
        on_progress,
    )
