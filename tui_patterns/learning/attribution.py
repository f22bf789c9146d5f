"""Was an injected pattern used? New code compared with the code that was shown.

Both are read as streams of syntax tokens with local names blotted out, as for likeness
(``extraction.fingerprint``), so that other names, comments, layout, ``async`` and constants' values
change nothing. Runs of tokens that stand in both are found greedily, the longest first (string
tiling: Wise 1993; Prechelt, Malpohl, Philippsen 2002, JPlag). A token weighs what it tells: syntax
little, a name the more the fewer pieces of the project's own code know it. What stood in the unit
before the injection counts on neither side.

Code that was adapted holds most of the pattern; of a part that was taken, most is the pattern's.
Two who solve one problem independently share names and short runs: never long ones with rare names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from tui_patterns.extraction.fingerprint import K
from tui_patterns.learning.rarity import Rarity
from tui_patterns.learning.tiling import tiles
from tui_patterns.learning.token_stream import Code

# Fitted on the development half of `benchmarks/learning.py attribution`.
LEAST_MASS = 5.0
LEAST_RUN = 12
LEAST_HELD = 0.35  # enough by itself: much of the pattern is there
LEAST_TAKEN, LEAST_PART = 0.40, 0.20  # or less of it, but then what is new is for a large part the pattern's
LEAST_SHARED_GRAMS = LEAST_RUN - K + 1  # what a run of LEAST_RUN tokens has: with fewer, nothing is used
ABOVE_OWN = 1.25  # how many times as much as the project's own code has


@dataclass(frozen=True, slots=True)
class Match:
    """How far new code follows a pattern.

    ``similarity`` lies in 0..1; ``lines`` are lines of the new code, from 1, that follow it, and
    ``pattern_lines`` those of the pattern that they follow. ``held`` is the share of the pattern that is
    in the new code, ``taken`` the share of the new code that is the pattern's, ``mass`` how much was
    found alike, ``run`` the tokens of the longest run; shares and masses are weighted by rarity.
    """

    used: bool
    similarity: float
    lines: tuple[int, ...] = ()
    pattern_lines: tuple[int, ...] = ()
    held: float = 0.0
    taken: float = 0.0
    mass: float = 0.0
    run: int = 0


NOTHING = Match(used=False, similarity=0.0)


def attribute(
    pattern: Code, now: Code, before: Sequence[Code], rarity: Rarity, own: Iterable[Code] = ()
) -> Match:
    """Compare the unit as it is *now* with the *pattern*.

    *before* is what stood there when the pattern was injected, or was moved from elsewhere since.
    *own* is other code of the project from before, most alike first: what follows it as well follows
    the habits of the project. It is asked only where the pattern seems to be used.
    """
    fresh = fresh_tokens(now, before)
    weights = rarity.weights(now)
    match = _measured(pattern, now, fresh, rarity.weights(pattern), weights)
    if not follows(match):
        return match
    if any(match.mass < ABOVE_OWN * _mass(one, now, fresh, weights) for one in own):
        return match
    return replace(match, used=True)


def follows(match: Match) -> bool:
    """Whether so much is alike that it cannot be chance."""
    if match.mass < LEAST_MASS or match.run < LEAST_RUN:
        return False
    return match.held >= LEAST_HELD or (match.taken >= LEAST_TAKEN and match.held >= LEAST_PART)


def _mass(other: Code, now: Code, fresh: bytearray, weights: Sequence[float]) -> float:
    return sum(
        weights[at] for tile in tiles(other, now) for at in range(tile.now, tile.now + tile.size) if fresh[at]
    )


def fresh_tokens(now: Code, before: Sequence[Code]) -> bytearray:
    """1 for each token of *now* that none of *before* explains, by its whole line or by a run of tokens."""
    fresh = bytearray(b"\1") * len(now.tokens)
    for old in before:
        for tile in tiles(old, now):
            fresh[tile.now : tile.now + tile.size] = bytes(tile.size)
        kept = _kept_lines(old, now)
        for at, line in enumerate(now.lines):
            if line in kept:
                fresh[at] = 0
    return fresh


def _kept_lines(old: Code, now: Code) -> set[int]:
    blocks = SequenceMatcher(None, old.text, now.text, autojunk=False).get_matching_blocks()
    return {line for block in blocks for line in range(block.b + 1, block.b + block.size + 1)}


def _measured(
    pattern: Code, now: Code, fresh: bytearray, pattern_weights: Sequence[float], weights: Sequence[float]
) -> Match:
    found = tiles(pattern, now)
    pairs = [
        (tile.pattern + step, tile.now + step)
        for tile in found
        for step in range(tile.size)
        if fresh[tile.now + step]
    ]
    if not pairs:
        return NOTHING
    mass = sum(weights[at] for _, at in pairs)
    held = min(mass / sum(pattern_weights), 1.0)
    taken = mass / sum(weight for weight, is_fresh in zip(weights, fresh, strict=True) if is_fresh)
    return Match(
        used=False,
        similarity=round(max(held, taken * min(held / LEAST_PART, 1.0)), 4),
        lines=_telling_lines(now.lines, [at for _, at in pairs]),
        pattern_lines=_telling_lines(pattern.lines, [at for at, _ in pairs]),
        held=held,
        taken=taken,
        mass=mass,
        run=max(sum(fresh[tile.now : tile.now + tile.size]) for tile in found),
    )


def _telling_lines(lines: Sequence[int], found: Sequence[int]) -> tuple[int, ...]:
    """The lines of which at least half of the tokens were found."""
    whole, here = Counter(lines), Counter(lines[at] for at in found)
    return tuple(sorted(line for line, count in here.items() if 2 * count >= whole[line]))
