"""How well a pattern's words answer a query: BM25F over its fields, as a share of the most there could be.

Robertson, Zaragoza and Taylor, *Simple BM25 extension to multiple weighted
fields* (CIKM 2004), with what a word counts for in each field summed before it
saturates. As fields hold each word once, and the usual length is fixed, a
pattern's share depends on the query and the library's word counts alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui_patterns.search.kin import Kin, kin
from tui_patterns.search.parameters import FIELDS, HALF_TYPED, KIN, LENGTH, RARITY, SATURATION, USUAL_WORDS
from tui_patterns.search.query import Query
from tui_patterns.search.terms import folded, stem

_WRITTEN = 2  # the first fields, title and names, hold words as they are written too
_WEIGHTS = tuple(FIELDS.values())
_NAMES = list(FIELDS).index("names")


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of the query: its stem, how it begins if it is being typed, its worth, its kin in names."""

    word: str
    stem: str
    beginning: str | None
    worth: float
    kin: Kin = ()


@dataclass(frozen=True, slots=True)
class WordMatch:
    """``share`` of the most that words could score, 0..1; ``covered`` is the part of the query found at all.

    ``fields`` says, for each, what part of the query it holds; those with nothing are left out.
    ``meant`` are words of the query, each with the one that the name has for it.
    """

    share: float = 0.0
    covered: float = 0.0
    fields: tuple[tuple[str, float], ...] = ()
    meant: tuple[tuple[str, str], ...] = ()


NOTHING = WordMatch()


def telling(query: Query, counts: Mapping[str, int], total: int) -> list[Telling]:
    """The words of ``counts`` with their worth: ln(1 + (N - n + ½) / (n + ½)), to the power of ``RARITY``."""
    found = []
    for word in counts:
        typed = query.typing and word == query.words[-1]
        count = counts[word] or (total * HALF_TYPED if typed else 0.0)
        count = min(count, total)
        worth = math.log(1.0 + (total - count + 0.5) / (count + 0.5)) ** RARITY
        plain = folded(word)
        otherwise = kin(stem(plain)) if query.plain else ()
        found.append(Telling(word, stem(plain), plain if typed else None, worth, otherwise))
    return found


def score(words: Sequence[Telling], texts: Sequence[str]) -> WordMatch:
    """How well the fields of a pattern, as ``store.fts.fields_of`` gives them, answer ``words``."""
    total = sum(word.worth for word in words)
    if total <= 0.0:
        return NOTHING
    fields = [frozenset(folded(text).split()) for text in texts]
    norm = SATURATION * (1.0 - LENGTH + LENGTH * sum(map(len, fields)) / USUAL_WORDS)
    got = covered = 0.0
    held, meant = [0.0] * len(fields), []
    for word in words:
        places = _places(word, fields)
        other, strength = _meant(word, fields[_NAMES])
        frequency = sum(_WEIGHTS[at] for at in places) + KIN * _WEIGHTS[_NAMES] * strength
        got += word.worth * frequency / (frequency + norm)
        covered += word.worth if places else 0.0
        for at in places:
            held[at] += word.worth / total
        meant += [(word.word, other)] if strength else []
    named = ((field, round(share, 4)) for field, share in zip(FIELDS, held, strict=True) if share)
    return WordMatch(got / total, covered / total, tuple(named), tuple(meant))


def _meant(word: Telling, names: frozenset[str]) -> tuple[str, float]:
    """The strongest other word that a name has for it, and how strongly it means it; 0 if it needs none."""
    if word.stem in names:
        return "", 0.0
    return next(((other, strength) for other, strength in word.kin if other in names), ("", 0.0))


def _places(word: Telling, fields: Sequence[frozenset[str]]) -> list[int]:
    """The numbers of the fields that hold ``word``; what is being typed may begin a word of a name."""
    found = [at for at, field in enumerate(fields) if word.stem in field]
    if word.beginning is not None and not any(at < _WRITTEN for at in found):
        begins = [
            at
            for at, field in enumerate(fields[:_WRITTEN])
            if any(other.startswith(word.beginning) for other in field)
        ]
        found = begins + found
    return found


def admits(texts: Sequence[str], phrases: Sequence[Sequence[str]], excluded: frozenset[str]) -> bool:
    """Whether fields hold every phrase, its stems side by side, and no excluded stem."""
    padded = [f" {folded(text)} " for text in texts]
    if any(f" {word} " in text for word in excluded for text in padded):
        return False
    return all(any(f" {' '.join(phrase)} " in text for text in padded) for phrase in phrases)
