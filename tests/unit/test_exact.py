"""The exact scan finds the nearest vectors, all of them, in a fixed order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.search.exact import ExactIndex, as_matrix, top
from tui_patterns.search.vectors import VectorIndex


def unit_rows(count: int, dimension: int = 8, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    scaled: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return scaled


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 5))
def test_same_as_sorting_everything(count: int, limit: int, seed: int) -> None:
    matrix = unit_rows(count, seed=seed)
    ids = [f"p{row}" for row in range(count)]
    query = unit_rows(1, seed=99)[0]
    expected = sorted(zip((matrix @ query).tolist(), ids, strict=True), key=lambda pair: -pair[0])[:limit]
    assert [match[0] for match in top(query, ids, matrix, limit)] == [pair[1] for pair in expected]


def test_ties_keep_the_order_of_the_rows() -> None:
    matrix = np.tile(unit_rows(1), (6, 1))
    assert [match[0] for match in top(matrix[0], list("abcdef"), matrix, 3)] == ["a", "b", "c"]


def test_a_vector_finds_itself_with_cosine_one() -> None:
    matrix = unit_rows(50)
    found = ExactIndex([str(row) for row in range(50)], matrix).query(matrix[7], 1)
    assert found[0][0] == "7"
    assert found[0][1] == pytest.approx(1.0, abs=1e-6)


def test_only_allowed_ids_answer() -> None:
    index = ExactIndex([str(row) for row in range(20)], unit_rows(20))
    found = index.query(index.matrix[3], 10, allowed={"5", "6", "unknown"})
    assert {match[0] for match in found} == {"5", "6"}
    assert index.query(index.matrix[3], 10, allowed=[]) == []


def test_a_broken_vector_comes_last_and_spoils_nothing() -> None:
    matrix = unit_rows(4)
    matrix[1] = np.nan
    assert top(matrix[0], list("abcd"), matrix, 4)[0][0] == "a"
    assert ("b", -1.0) in top(matrix[0], list("abcd"), matrix, 4)


def test_nothing_stored_gives_nothing() -> None:
    assert ExactIndex.from_blob([], b"", 8).query(unit_rows(1)[0], 5) == []
    assert ExactIndex(["a"], unit_rows(1)).query(unit_rows(1)[0], 0) == []


def test_blobs_are_little_endian_rows() -> None:
    matrix = unit_rows(3)
    assert np.array_equal(as_matrix(matrix.astype("<f4").tobytes(), 8), matrix)


def test_a_torn_blob_or_wrong_count_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        as_matrix(b"\0" * 33, 8)
    with pytest.raises(ValueError, match="ids do not fit"):
        ExactIndex(["a", "b"], unit_rows(3))


def test_it_is_a_vector_index() -> None:
    index: VectorIndex = ExactIndex(["a"], unit_rows(1))
    assert index.kind == "exact"
