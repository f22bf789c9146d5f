"""A document of several parts has one vector: their mean, of length 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from tui_patterns.embedding.document import PART
from tui_patterns.embedding.pooled import embed_documents


class Letters:
    """A model whose vectors count letters a to d."""

    def embed(self, texts: Sequence[str], batch_size: int = 32, role: str = "document") -> np.ndarray:
        rows = np.array([[text.count(letter) for letter in "abcd"] for text in texts], np.float32)
        scaled: np.ndarray = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        return scaled


MODEL = cast(Any, Letters())


def test_parts_count_alike_however_long() -> None:
    (row,) = embed_documents(MODEL, [f"aaaaaaaa{PART}b"])
    assert row == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0])


def test_one_part_is_as_it_was_and_rows_keep_their_order() -> None:
    rows = embed_documents(MODEL, ["ab", f"c{PART}", "", f"a{PART}b{PART}c"])
    assert rows.dtype == np.float32 and rows.shape == (4, 4)
    assert rows[0] == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0])
    assert rows[1] == pytest.approx([0, 0, 1, 0]) and not rows[2].any()
    assert rows[3] == pytest.approx([3**-0.5] * 3 + [0])
