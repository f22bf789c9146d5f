"""A whole search: candidates by words and by meaning, ranked by all that speaks for each."""

from __future__ import annotations

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
from tui_patterns.search import called, lexical, query, ranking, scoring
from tui_patterns.search.parameters import POOL
from tui_patterns.search.query import Query
from tui_patterns.search.ranking import Evidence
from tui_patterns.search.relevance import share
from tui_patterns.store import fts, patterns, retired, vectors
from tui_patterns.store.fts import TextHit
from tui_patterns.store.sqlite import reading

_SPARE = 2  # so many times the hits wanted are loaded: priors may move some up, copies fall away


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: what for, how many, among what, with which vectors, and from which projects."""

    query: Query
    limit: int
    filters: Filters = Filters()
    semantic: SemanticRows | None = None
    strength: float = STRENGTH
    home: Collection[str] = ()
    half_life_days: float = HALF_LIFE_DAYS


def search(
    conn: sqlite3.Connection,
    text: str,
    limit: int,
    filters: Filters = Filters(),
    semantic: SemanticRows | None = None,
    *,
    strength: float = STRENGTH,
    home: Collection[str] = (),
    half_life_days: float = HALF_LIFE_DAYS,
) -> SearchResult:
    """Search by words, and by meaning where ``semantic`` says what is near.

    ``home`` are the roots of the projects that ask. Of near-copies the best stands for
    all; what is retired comes last. Raises lexical.SearchInterrupted when another
    thread interrupted it.
    """
    asked = Asked(query.read(text), limit, filters, semantic, strength, home, half_life_days)
    return _answer(conn, text, asked)


def like(
    conn: sqlite3.Connection,
    limit: int,
    *,
    code: str | None = None,
    error: str | None = None,
    semantic: SemanticRows | None = None,
    filters: Filters = Filters(),
    strength: float = STRENGTH,
) -> SearchResult:
    """Search by example, through the same ranking: patterns like ``code``, or for an ``error``'s text.

    ``semantic`` holds what is near the example's own vector. Raises ValueError
    unless there is exactly one example.
    """
    if (code is None) == (error is None):
        raise ValueError("an example is either code or an error's text")
    asked = query.of_code(code) if code is not None else query.of_error(error or "")
    return _answer(conn, code or error or "", Asked(asked, limit, filters, semantic, strength))


def _answer(conn: sqlite3.Connection, text: str, asked: Asked) -> SearchResult:
    with reading(conn):  # what is found must still be there when it is read
        hits = _hits(conn, asked)
    semantic = asked.semantic
    return SearchResult(
        text, "hybrid" if semantic else "lexical", semantic.index if semantic else None, tuple(hits)
    )


def _hits(conn: sqlite3.Connection, asked: Asked) -> list[Hit]:
    return ranked(conn, ranking.order(found(conn, asked)), asked)


def ranked(conn: sqlite3.Connection, ordered: Sequence[Evidence], asked: Asked) -> list[Hit]:
    """The best of what was found, without near-copies, as hits."""
    best = _in_reach(_folded(conn, ordered), asked.limit)
    rows = [one.row_id for one in best]
    found = records.load(conn, rows, asked.strength, home=asked.home, half_life_days=asked.half_life_days)
    hits = [_hit(pattern, one, asked.home) for pattern, one in zip(found, best, strict=True)]
    return sorted(hits, key=lambda hit: (hit.pattern.retired is not None, -hit.score))[: asked.limit]


def _in_reach(ordered: Sequence[Evidence], limit: int) -> list[Evidence]:
    """The best, and of as many more those that what is believed of patterns may still move up among them."""
    best, others = ordered[:limit], ordered[limit : limit * _SPARE]
    least = min((one.odds for one in best), default=0.0) - ranking.REACH
    return [*best, *(one for one in others if one.odds >= least)]


def _folded(conn: sqlite3.Connection, ordered: Sequence[Evidence]) -> list[Evidence]:
    """The best of each group of near-copies; what is retired last, all else as it was ranked."""
    leads = patterns.leads(conn, [one.row_id for one in ordered])
    best: dict[int, Evidence] = {}
    for one in ordered:
        if one.row_id in leads:
            best.setdefault(leads[one.row_id], one)
    out = retired.among(conn, [*best, *(one.row_id for one in best.values())])
    return [best[lead] for lead in sorted(best, key=lambda lead: lead in out or best[lead].row_id in out)]


def _hit(pattern: Pattern, one: Evidence, home: Collection[str]) -> Hit:
    believed = ranking.prior(pattern, home)
    score = share(one.odds + sum(believed.values()))
    return Hit(pattern, score, one.relevance, ranking.explain(one, believed) | _state(pattern))


def _state(pattern: Pattern) -> dict[str, Any]:
    """Why a hit will not go into a prompt (a test that covers it fails), or stands last."""
    broken = {"broken": list(pattern.tests.failing)} if pattern.tests.broken else {}
    return broken | ({"retired": True} if pattern.retired is not None else {})


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates of one query: those found by words, those near it in meaning, and its words' counts."""

    counts: Mapping[str, int]
    by_words: Sequence[TextHit]
    near: Sequence[tuple[int, float]]

    @property
    def rows(self) -> list[int]:
        """Row ids, each once."""
        return list(dict.fromkeys([*(hit.row_id for hit in self.by_words), *(row for row, _ in self.near)]))


@dataclass(frozen=True, slots=True)
class Texts:
    """What patterns are compared by, by row id: their fields, and those with who calls them."""

    fields: Mapping[int, Sequence[str]]
    called: Mapping[int, Sequence[str]]


def found(conn: sqlite3.Connection, asked: Asked) -> list[Evidence]:
    """All that was observed of every candidate."""
    own = candidates(conn, asked, max(asked.limit, POOL))
    return observe(conn, asked, own, own.rows, texts_of(conn, own.rows, plain=asked.query.plain))


def candidates(conn: sqlite3.Connection, asked: Asked, depth: int) -> Found:
    """At most ``depth`` by words, and as many by meaning."""
    counts = lexical.frequencies(conn, asked.query)  # once: it reads what is listed of each word
    by_words = lexical.search(conn, asked.query, depth, asked.filters, counts)
    near = _near(conn, asked.semantic, asked.filters)[:depth] if asked.semantic else []
    return Found(counts, by_words, near)


def texts_of(conn: sqlite3.Connection, rows: Sequence[int], *, plain: bool) -> Texts:
    """The texts of these rows; ``plain``: callers too, which only what a person says is compared with."""
    texts: Mapping[int, Sequence[str]] = fts.fields_of(conn, rows)
    return Texts(texts, called.described(conn, texts, rows) if plain else texts)


def observe(
    conn: sqlite3.Connection, asked: Asked, found: Found, rows: Sequence[int], texts: Texts
) -> list[Evidence]:
    """All that was observed of these rows for what was asked."""
    rows = [row_id for row_id in rows if _admitted(asked.query, texts.fields.get(row_id, ()))]
    said = texts.called if asked.query.plain else texts.fields
    cosines = _cosines(conn, dict(found.near), rows, asked.semantic) if asked.semantic else {}
    words = scoring.telling(asked.query, found.counts, fts.size(conn))
    names = patterns.qualnames(conn, rows) if asked.query.symbols else {}
    return _observed(asked.query, rows, words, said, cosines, names, found.by_words, found.near)


def _observed(
    asked: Query,
    rows: Sequence[int],
    words: Sequence[scoring.Telling],
    texts: Mapping[int, Sequence[str]],
    cosines: Mapping[int, float],
    names: Mapping[int, str],
    by_words: Sequence[TextHit],
    near: Sequence[tuple[int, float]],
) -> list[Evidence]:
    word_ranks = ranking.ranks([hit.row_id for hit in by_words])
    near_ranks = ranking.ranks([row_id for row_id, _ in near])
    bm25 = {hit.row_id: hit.rank for hit in by_words}
    return [
        Evidence(
            row_id,
            scoring.score(words, texts.get(row_id, ())),
            cosines.get(row_id),
            ranking.exactness(names.get(row_id, ""), asked.symbols) if asked.symbols else 0.0,
            word_ranks.get(row_id),
            near_ranks.get(row_id),
            bm25.get(row_id),
            len(words),
        )
        for row_id in rows
    ]


def _admitted(asked: Query, texts: Sequence[str]) -> bool:
    """Whether a pattern has every phrase asked for, and nothing excluded; words are filtered by the index."""
    if not asked.phrases and not asked.excluded:
        return True
    return scoring.admits(texts, asked.phrases, asked.excluded)


def _near(conn: sqlite3.Connection, semantic: SemanticRows, filters: Filters) -> list[tuple[int, float]]:
    """Semantic rows by row id, without what is gone or filtered out."""
    ids = patterns.admitted(conn, [uuid for uuid, _ in semantic.rows], filters)
    return [(ids[uuid], cosine) for uuid, cosine in semantic.rows if uuid in ids]


def _cosines(
    conn: sqlite3.Connection, known: dict[int, float], row_ids: Sequence[int], semantic: SemanticRows
) -> dict[int, float]:
    """Cosine by row id, also of hits that only words found; what is not embedded is left out."""
    unknown = [row_id for row_id in row_ids if row_id not in known]
    vector = array("f", semantic.vector)
    for row_id, blob in vectors.of_rows(conn, semantic.fingerprint, unknown).items():
        known[row_id] = sum(map(mul, vector, array("f", blob)))
    return known
