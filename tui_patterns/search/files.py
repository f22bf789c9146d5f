"""Which files are about a query: each by what all of its patterns that were found say together.

``FILE_HEAT · ln Σ exp(odds / FILE_HEAT)`` over a file's hits: nearly the best of
them, and more where several are good, since a file in which much answers is the
one to open first; and more for the part of the query that its path says. The
names that it gives to values (``values.py``) count as one hit more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tui_patterns.models import Hit
from tui_patterns.search.parameters import FILE_HEAT, FILE_PATH
from tui_patterns.search.relevance import share

Place = tuple[str, str]
"""A file: its project's root, and its path below that."""


@dataclass(frozen=True, slots=True)
class FileHit:
    """A file by project's root and path, its hits best first, if any, and how likely it answers."""

    root: str
    path: str
    score: float
    hits: tuple[Hit, ...]


def by_file(hits: Iterable[Hit], values: Mapping[Place, float] | None = None) -> list[FileHit]:
    """The files of ``hits``, which come best first, and those whose ``values`` answer; best first.

    ``values`` are log-odds by file.
    """
    own: dict[Place, list[Hit]] = {}
    for hit in hits:
        own.setdefault((hit.pattern.root, hit.pattern.path), []).append(hit)
    odds = {place: [_together(found)] for place, found in own.items()}
    for place, found in (values or {}).items():
        odds.setdefault(place, []).append(found)
    files = [
        FileHit(*place, share(_summed(parts)), tuple(own.get(place, ()))) for place, parts in odds.items()
    ]
    return sorted(files, key=lambda file: -file.score)


def with_path(odds: float, fields: Mapping[str, float]) -> float:
    """``odds`` and what the path adds; ``fields`` say what part of the query each holds."""
    return odds + FILE_PATH * fields.get("path", 0.0)


def _together(hits: Sequence[Hit]) -> float:
    said: float = max(hit.why.get("fields", {}).get("path", 0.0) for hit in hits)
    return with_path(_summed([_odds(hit.score) for hit in hits]), {"path": said})


def _summed(odds: Sequence[float]) -> float:
    highest = max(odds)
    return highest + FILE_HEAT * math.log(sum(math.exp((one - highest) / FILE_HEAT) for one in odds))


def _odds(score: float) -> float:
    certain = min(max(score, 1e-12), 1.0 - 1e-12)
    return math.log(certain / (1.0 - certain))
