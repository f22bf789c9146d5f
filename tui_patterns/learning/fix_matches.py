"""How a fix is found for an error, and what speaks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from tui_patterns.learning.signatures import ErrorSeen, likeness, stems
from tui_patterns.learning.voters import OTHER_PROJECT, SAME_PROJECT, Voter, recency
from tui_patterns.models import Interval
from tui_patterns.store.fixes import FixRow
from tui_patterns.store.sql import now

Level = Literal["signature", "message", "words", "meaning"]
LEVELS: tuple[Level, ...] = get_args(Level)
Matches = dict[str, tuple[FixRow, Level, float]]

# Least shared share of two errors' words: one of 180 pairs of unlike messages reached it, of 10 alike ones 6.
WORDS_ALIKE = 0.34
SAME_CLASS = 0.1
# What the voter of similarity says of a match.
_SURE: dict[Level, float] = {"signature": 0.95, "message": 0.85, "words": 0.5, "meaning": 0.5}


def votes_for(
    fix: FixRow, level: Level, similarity: float, believed: Interval, home: frozenset[str]
) -> dict[Voter, float]:
    """What each voter says for a fix found so; one that knows nothing is left out."""
    sure = _SURE[level]
    votes: dict[Voter, float] = {
        "similarity": sure if sure > 0.5 else 0.5 + 0.3 * similarity,
        "recency": recency(now() - fix.found),
    }
    if believed.n > 0.0:
        votes["evidence"] = believed.mean
    if home and fix.project is not None:
        votes["affinity"] = SAME_PROJECT if fix.project in home else OTHER_PROJECT
    return votes


def by_signature(error: ErrorSeen, found: Iterable[FixRow]) -> Matches:
    """Of one shape; where the place is the same too, or is not known of the error, as sure as can be."""
    return {
        one.id: (one, "signature" if one.signature == error.signature else "message", 1.0) for one in found
    }


def by_words(error: ErrorSeen, known: Iterable[FixRow]) -> Matches:
    """Errors whose words, or words and class, are enough alike."""
    asked = stems(error.type, error.message)
    found: Matches = {}
    for one in known:
        share = likeness(asked, stems(one.error_type, one.message))
        share += SAME_CLASS * (one.error_class == error.error_class)
        if share >= WORDS_ALIKE:
            found[one.id] = (one, "words", min(share, 1.0))
    return found
