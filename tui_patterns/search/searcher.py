"""A whole search: words, vectors if there are any, fused, with a relevance each."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

from tui_patterns.learning import records
from tui_patterns.learning.confidence import STRENGTH
from tui_patterns.learning.evidence import HALF_LIFE_DAYS
from tui_patterns.models import Filters, Hit, Pattern, SearchResult, SemanticRows
from tui_patterns.search import lexical
from tui_patterns.search.fusion import fuse
from tui_patterns.search.relevance import coverage, named, relevance, weights_of
from tui_patterns.search.terms import content
from tui_patterns.store import fts, patterns, retired, vectors
from tui_patterns.store.sqlite import reading

DEPTH = 50  # how deep each ranking goes before they are fused
_FOUND_BY = re.compile(r"[^\W_]+")  # as the full-text index splits what was split by case when it was stored


@dataclass(frozen=True, slots=True)
class Rankings:
    """Row ids best first, and what was observed of each."""

    by_words: tuple[int, ...]
    by_meaning: tuple[int, ...]
    ranks: Mapping[int, float]
    cosines: Mapping[int, float]


def search(
    conn: sqlite3.Connection,
    query: str,
    limit: int,
    filters: Filters = Filters(),
    semantic: SemanticRows | None = None,
    *,
    rrf_k: int = 60,
    strength: float = STRENGTH,
    home: Collection[str] = (),
    half_life_days: float = HALF_LIFE_DAYS,
) -> SearchResult:
    """Search by words, and by meaning where ``semantic`` says what is near.

    ``home`` are the roots of the projects that ask. Retired patterns come last.

    Raises lexical.SearchInterrupted when another thread interrupted it.
    """
    with reading(conn):  # what is found must still be there when it is read
        return _search(conn, query, limit, filters, semantic, rrf_k, (strength, half_life_days, home))


def _search(
    conn: sqlite3.Connection,
    query: str,
    limit: int,
    filters: Filters,
    semantic: SemanticRows | None,
    rrf_k: int,
    belief: tuple[float, float, Collection[str]],
) -> SearchResult:
    rankings = _rankings(conn, query, max(limit, DEPTH), filters, semantic)
    every = fuse([rankings.by_words, rankings.by_meaning], rrf_k)
    fused, shown = _folded(conn, every, limit)
    rows = [row_id for row_id, _ in fused]
    strength, half_life_days, home = belief
    found = records.load(conn, shown, strength, home=home, half_life_days=half_life_days)
    words = content(lexical.query_words(query))
    covered = _coverages(conn, words, rows)
    cosines = _cosines(conn, rankings, rows, semantic) if semantic else {}
    hits = tuple(
        Hit(one, score, relevance(*seen), _why(row_id, rankings, seen) | _broken(one) | _retired(one))
        for one, (row_id, score) in zip(found, fused, strict=True)
        for seen in [(cosines.get(row_id), covered[row_id], named(words, _name(one)))]
    )
    return SearchResult(
        query, "hybrid" if semantic else "lexical", semantic.index if semantic else None, hits
    )


def _rankings(
    conn: sqlite3.Connection, query: str, depth: int, filters: Filters, semantic: SemanticRows | None
) -> Rankings:
    words = lexical.search(conn, query, depth, filters)
    near = _near(conn, semantic, filters)[:depth] if semantic else []
    return Rankings(
        by_words=tuple(hit.row_id for hit in words),
        by_meaning=tuple(row_id for row_id, _ in near),
        ranks={hit.row_id: hit.rank for hit in words},
        cosines=dict(near),
    )


def _folded(
    conn: sqlite3.Connection, fused: Mapping[int, float], limit: int
) -> tuple[list[tuple[int, float]], list[int]]:
    """The best of each group of near-copies with its score, and the row ids that they are shown by.

    What is retired comes last.
    """
    leads = patterns.leads(conn, fused)
    best: dict[int, tuple[int, float]] = {}
    for row_id, score in fused.items():
        if row_id in leads:
            best.setdefault(leads[row_id], (row_id, score))
    out = retired.among(conn, [*best, *(row_id for row_id, _ in best.values())])
    # A stable sort: all else stays as it was ranked.
    order = sorted(best, key=lambda lead: lead in out or best[lead][0] in out)[:limit]
    return [best[lead] for lead in order], order


def _near(conn: sqlite3.Connection, semantic: SemanticRows, filters: Filters) -> list[tuple[int, float]]:
    """Semantic rows by row id, without what is gone or filtered out."""
    admitted = patterns.allowed(conn, filters)
    ids = (
        admitted
        if admitted is not None
        else patterns.row_ids(conn, [uuid for uuid, _ in semantic.rows], live=True)
    )
    return [(ids[uuid], cosine) for uuid, cosine in semantic.rows if uuid in ids]


def _coverages(conn: sqlite3.Connection, words: Sequence[str], row_ids: Sequence[int]) -> dict[int, float]:
    if not words:
        return dict.fromkeys(row_ids, 0.0)
    telling = weights_of(fts.frequencies(conn, words), fts.size(conn))
    texts = fts.words_of(conn, row_ids)
    return {
        row_id: coverage(words, _FOUND_BY.findall(texts.get(row_id, "").lower()), telling)
        for row_id in row_ids
    }


def _name(pattern: Pattern) -> list[str]:
    """The words of what the function or class itself is called."""
    return content(lexical.query_words(pattern.qualname.rpartition(".")[2]))


def _cosines(
    conn: sqlite3.Connection, rankings: Rankings, row_ids: Sequence[int], semantic: SemanticRows
) -> dict[int, float]:
    """Cosine by row id, also of hits that only words found; what is not embedded is left out."""
    known = dict(rankings.cosines)
    unknown = [row_id for row_id in row_ids if row_id not in known]
    query = array("f", semantic.vector)
    for row_id, blob in vectors.of_rows(conn, semantic.fingerprint, unknown).items():
        known[row_id] = sum(map(mul, query, array("f", blob)))
    return known


def _why(row_id: int, rankings: Rankings, seen: tuple[float | None, float, float]) -> dict[str, Any]:
    """What was observed of a hit: its rank by words and by meaning, and what its relevance rests on."""
    (cosine, share, name), bm25 = seen, rankings.ranks.get(row_id)
    return {
        "words": _rank(rankings.by_words, row_id),
        "bm25": None if bm25 is None else round(bm25, 4),
        "meaning": _rank(rankings.by_meaning, row_id),
        "cosine": None if cosine is None else round(cosine, 4),
        "coverage": round(share, 4),
        "named": round(name, 4),
    }


def _broken(pattern: Pattern) -> dict[str, Any]:
    """Why a hit will not go into a prompt, if a test that covers it failed when last run."""
    return {"broken": list(pattern.tests.failing)} if pattern.tests.broken else {}


def _retired(pattern: Pattern) -> dict[str, Any]:
    """Why a hit stands last, if it was retired."""
    return {"retired": True} if pattern.retired is not None else {}


def _rank(ranking: Sequence[int], row_id: int) -> int | None:
    return ranking.index(row_id) + 1 if row_id in ranking else None
