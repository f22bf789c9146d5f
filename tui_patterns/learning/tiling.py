"""Runs of tokens that stand in two streams, each token used once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui_patterns.extraction.fingerprint import K
from tui_patterns.learning.token_stream import Code

LEAST_TOKENS = 8
MOST_PLACES = 16  # of one run of K tokens: what is everywhere tells nothing, and costs


@dataclass(frozen=True, slots=True)
class Tile:
    """``size`` tokens from ``pattern`` on in the one stream and from ``now`` on in the other."""

    pattern: int
    now: int
    size: int


def tiles(pattern: Code, now: Code) -> list[Tile]:
    """Runs of at least LEAST_TOKENS tokens, the longest first; of equals, the first in the new code."""
    free_pattern, free_now = bytearray(b"\1") * len(pattern.tokens), bytearray(b"\1") * len(now.tokens)
    found = []
    for run in sorted(_runs(pattern, now), key=lambda one: (-one.size, one.now, one.pattern)):
        for tile in _free_parts(run, free_pattern, free_now):
            free_pattern[tile.pattern : tile.pattern + tile.size] = bytes(tile.size)
            free_now[tile.now : tile.now + tile.size] = bytes(tile.size)
            found.append(tile)
    return found


def _runs(pattern: Code, now: Code) -> list[Tile]:
    """Every run that cannot be made longer."""
    places: dict[int, list[int]] = {}
    for at, gram in enumerate(now.grams):
        places.setdefault(gram, []).append(at)
    found: list[Tile] = []
    begun: dict[int, int] = {}  # where a run started in the pattern, by diagonal
    for at, gram in enumerate(pattern.grams):
        diagonals = {there - at for there in places.get(gram, ())}
        found += _ended(begun, begun.keys() - diagonals, at)
        if len(diagonals) <= MOST_PLACES:  # what is common may go on with a run, and start none
            for diagonal in diagonals:
                begun.setdefault(diagonal, at)
    return found + _ended(begun, begun.keys(), len(pattern.grams))


def _ended(begun: dict[int, int], diagonals: Iterable[int], at: int) -> list[Tile]:
    """Runs whose last gram starts just before ``at``."""
    starts = [(begun.pop(diagonal), diagonal) for diagonal in list(diagonals)]
    tiles_ = [Tile(start, start + diagonal, at - start + K - 1) for start, diagonal in starts]
    return [tile for tile in tiles_ if tile.size >= LEAST_TOKENS]


def _free_parts(run: Tile, free_pattern: bytearray, free_now: bytearray) -> list[Tile]:
    """What is left of a run where longer ones have taken tokens."""
    parts: list[Tile] = []
    begun: int | None = None
    for step in range(run.size + 1):
        free = step < run.size and free_pattern[run.pattern + step] and free_now[run.now + step]
        if free and begun is None:
            begun = step
        elif not free and begun is not None:
            if step - begun >= LEAST_TOKENS:
                parts.append(Tile(run.pattern + begun, run.now + begun, step - begun))
            begun = None
    return parts
