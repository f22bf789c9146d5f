"""Which files are about a query: each by what all of its patterns that were found say together.

``FILE_HEAT · ln Σ exp(odds / FILE_HEAT)`` over a file's hits: nearly the best of
them, and more where several are good, since a file in which much answers is the
one to open first; and more for the part of the query that its path says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_patterns.models import Hit
from tui_patterns.search.parameters import FILE_HEAT, FILE_PATH
from tui_patterns.search.relevance import share


@dataclass(frozen=True, slots=True)
class FileHit:
    """A file by project's root and path, its hits best first, and how likely it answers."""

    root: str
    path: str
    score: float
    hits: tuple[Hit, ...]


def by_file(hits: Iterable[Hit], others: Iterable[FileHit] = ()) -> list[FileHit]:
    """The files of ``hits``, which come best first, and ``others`` without a pattern; best first."""
    found: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        found.setdefault((hit.pattern.root, hit.pattern.path), []).append(hit)
    files = [FileHit(root, path, share(_together(own)), tuple(own)) for (root, path), own in found.items()]
    return sorted([*files, *others], key=lambda file: -file.score)


def _together(hits: Sequence[Hit]) -> float:
    odds = [_odds(hit.score) / FILE_HEAT for hit in hits]
    highest = max(odds)
    said: float = max(hit.why.get("fields", {}).get("path", 0.0) for hit in hits)
    together = highest + math.log(sum(math.exp(one - highest) for one in odds))
    return FILE_HEAT * together + FILE_PATH * said


def _odds(score: float) -> float:
    certain = min(max(score, 1e-12), 1.0 - 1e-12)
    return math.log(certain / (1.0 - certain))
