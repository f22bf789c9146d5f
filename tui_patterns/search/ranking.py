"""From candidates to an order: what speaks for each pattern, summed as log-odds.

Words and meaning are on one absolute scale, so a hit's place follows from how
relevant it is; a name that the query writes just as the code does adds to that.
What is believed of a pattern (quality, success rate, the project asked from)
only orders what is about equally relevant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.learning.confidence import Prior, posterior
from tui_patterns.models import Pattern
from tui_patterns.search.parameters import AFFINITY, EXACT, PRIOR
from tui_patterns.search.relevance import log_odds, share
from tui_patterns.search.scoring import NOTHING, WordMatch

REACH = PRIOR + AFFINITY
"""Log-odds by which what is believed of two patterns may differ at most (see ``prior``)."""
_MIDDLE = 0.5  # of what lies in 0..1; what is not known counts as this
_UNTRIED = posterior(0.0, 0.0, Prior(_MIDDLE)).low  # even odds, and no outcome yet


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was observed of one candidate. Ranks count from 1; ``None``: not among those found that way."""

    row_id: int
    words: WordMatch = NOTHING
    cosine: float | None = None
    exact: float = 0.0
    by_words: int | None = None
    by_meaning: int | None = None
    bm25: float | None = None
    said: int = 0  # words of the query that were searched for

    @property
    def told(self) -> Mapping[str, Any]:
        """What else a person who asks why is told."""
        return {}

    @property
    def odds(self) -> float:
        """Log-odds that it answers the query."""
        return log_odds(self.cosine, self.words.share) + EXACT * self.exact

    @property
    def relevance(self) -> float:
        """The same in 0..1."""
        return share(self.odds)


def exactness(qualname: str, symbols: Iterable[str]) -> float:
    """1 if the query writes this name just as the code does, ½ if only its case differs, else 0."""
    names = {qualname, qualname.rpartition(".")[2]}
    if not names.isdisjoint(symbols):
        return 1.0
    return 0.5 if not {name.lower() for name in names}.isdisjoint(map(str.lower, symbols)) else 0.0


def order(found: Iterable[Evidence]) -> list[Evidence]:
    """Best first; equals by their ranks, then by age."""
    last = 1 << 30
    return sorted(
        found, key=lambda one: (-one.odds, one.by_words or last, one.by_meaning or last, one.row_id)
    )


def prior(pattern: Pattern, home: Collection[str]) -> dict[str, float]:
    """Log-odds for what is believed of a pattern, at most ``PRIOR`` and ``AFFINITY`` in all; by reason.

    Of the success rate the interval's lower end counts, before the first outcome too: so a success
    always lifts a pattern above where it stood untried, and a failure always lowers it.
    """
    quality = _MIDDLE if pattern.quality.overall is None else pattern.quality.overall
    parts = {
        "quality": PRIOR / 2 * (quality - _MIDDLE),
        "success": PRIOR / 2 * (pattern.confidence.low - _UNTRIED),
        "project": AFFINITY if pattern.root in home else 0.0,
    }
    return {name: value for name, value in parts.items() if value}


def explain(one: Evidence, believed: Mapping[str, float]) -> dict[str, Any]:
    """Every part of a hit's place: its ranks, what was observed, and what each adds in log-odds."""
    return {
        "words": one.by_words,
        "bm25": _round(one.bm25),
        "meaning": one.by_meaning,
        "cosine": _round(one.cosine),
        "coverage": _round(one.words.covered),
        "match": _round(one.words.share),
        "fields": dict(one.words.fields),
        "meant": dict(one.words.meant),
        "exact": one.exact,
        "prior": {name: _round(value) for name, value in believed.items()},
        "odds": _round(one.odds),
        **one.told,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def ranks(row_ids: Sequence[int]) -> dict[int, int]:
    """Rank by row id, from 1."""
    return {row_id: rank for rank, row_id in enumerate(row_ids, start=1)}
