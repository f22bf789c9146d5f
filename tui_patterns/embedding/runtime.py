"""A converted model in memory: its tokenizer, and its graph in ONNX Runtime; no torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.embedding.fingerprint import META_FILE, MODEL_FILE, TOKENIZER_FILE
from tui_patterns.embedding.threads import Threads

if TYPE_CHECKING:
    import numpy as np

# More at once is no faster: 165 texts a second with 512 tokens (int8), 162 with 1,024.
_MOST_TOKENS = 512
# A tokenizer reads all of a text before it cuts: so many characters a token are enough but for odd texts.
CHARS = 6
Tokens = tuple[list[int], list[int]]
"""Ids and types of one input's tokens."""


class Runtime:
    """What ``convert`` wrote to a folder, ready to run; several threads may use it.

    A batch runs on one core, and several run side by side: two threads on one
    batch wait for each other at each of its 200 steps (100 texts a second against 165).
    """

    def __init__(self, folder: Path, threads: int = 0, *, low_priority: bool = False) -> None:
        """Raises what ONNX Runtime or tokenizers raise; the options are as in ``Threads``."""
        from tokenizers import Tokenizer

        self.meta: dict[str, Any] = json.loads((folder / META_FILE).read_bytes())
        self.fingerprint: str = self.meta["fingerprint"]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self.meta["max_tokens"])
        self._session = _session(folder / MODEL_FILE)
        self._threads = Threads(threads, low_priority=low_priority)

    def outputs(self, tokens: Sequence[Tokens], size: int) -> Iterator[tuple[list[int], np.ndarray]]:
        """(row numbers, their outputs) for all of ``tokens``, at most ``size`` at once, the longest first."""
        batches = list(_batches([len(ids) for ids, _ in tokens], size))
        found = self._threads.map(self._run, [[tokens[row] for row in rows] for rows in batches])
        return zip(batches, found, strict=True)

    def _plain(self, text: str) -> str:
        # A lone surrogate has no UTF-8, which tokenizers demand.
        text = text.encode("utf-8", "replace").decode("utf-8")
        return text.lower() if self.meta["lower"] else text

    def _run(self, tokens: Sequence[Tokens]) -> np.ndarray:
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


def _session(model: Path) -> Any:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.intra_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3
    ort.disable_telemetry_events()
    return ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
