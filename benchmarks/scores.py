"""The scores of ranked answers, for cases that come without a scorer of their own.

NDCG is that of Järvelin and Kekäläinen (ACM TOIS 20, 2002) with gains of 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Chunk = tuple[str, int, int]
"""A path with its first and last line."""


def docstring_metrics(ranked: Mapping[str, Sequence[str]], queries: Sequence[Row]) -> dict[str, float]:
    """``{"mrr10", "recall@10"}`` over queries with one ``target`` each; what was found by query id."""
    places = [_place(ranked.get(row["id"], ()), row["target"]) for row in queries]
    found = [place for place in places if place is not None]
    return {
        "mrr10": sum(1 / (place + 1) for place in found) / len(queries),
        "recall@10": len(found) / len(queries),
    }


def semble_ndcg10(ranked: Sequence[Chunk], task: Row, depth: int = 10) -> float:
    """NDCG of ``ranked`` for the targets ``relevant`` and ``secondary``, each at its first chunk.

    A target is a path, which one side may know from further up, and lines or none. Without targets it is 0.
    """
    targets = [*task["relevant"], *task["secondary"]]
    if not targets:
        return 0.0
    hits = {next((at for at, one in enumerate(ranked[:depth]) if _meets(one, row)), None) for row in targets}
    return _gain(hits - {None}) / _gain(range(min(depth, len(targets))))


def _place(found: Sequence[str], target: str) -> int | None:
    return found.index(target) if target in found[:10] else None


def _meets(chunk: Chunk, target: Row) -> bool:
    path, first, last = chunk
    wanted = target["path"]
    if path != wanted and not path.endswith(f"/{wanted}") and not wanted.endswith(f"/{path}"):
        return False
    start = target.get("start_line")
    return start is None or not (last < start or first > target["end_line"])


def _gain(places: Iterable[int | None]) -> float:
    return sum(1 / math.log2(place + 2) for place in places if place is not None)
