"""What a cross-encoder says of the best hits, folded into their relevance.

Only differences count: of a score z, with m the mean over the hits that were read,
``RERANK * tanh((z - m) / 2)`` is added to a hit's log-odds. A cross-encoder with one score
is trained so that z is a log-odds, and ``tanh(x / 2)`` is the logistic function spread to
-1..1: what it finds certain moves a hit by ``RERANK``, what it cannot tell apart by nothing.
So on average the hits stay as relevant as words and vectors made them, and a question
about other things finds no more than without it; besides, no hit crosses the least
relevance that goes into a prompt, either way.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_patterns.embedding.document import first_sentence
from tui_patterns.models import Hit, SearchResult
from tui_patterns.search.parameters import RERANK, RERANKED
from tui_patterns.search.query import read
from tui_patterns.search.relevance import odds_of, share
from tui_patterns.store import patterns
from tui_patterns.store.patterns import PatternRow

if TYPE_CHECKING:
    from tui_patterns.embedding.reranker import Reranker

_MOST_CODE = 2_000  # characters; what the model does not read costs time all the same


def applies(query: str) -> bool:
    """Whether a reranker is asked: of plain words. A name, code and errors are met by what they hold."""
    return read(query).kind == "words"


def score(conn: sqlite3.Connection, reranker: Reranker, query: str, ids: Sequence[str]) -> dict[str, float]:
    """The cross-encoder's score of each pattern that is known; none where it does not apply."""
    if not applies(query):
        return {}
    rows = patterns.row_ids(conn, ids)
    found = patterns.fetch(conn, list(rows.values()))
    scores = reranker.scores(query, [passage(_told(one)) for one in found])
    return dict(zip((one.id for one in found), scores, strict=True))


def _told(row: PatternRow) -> dict[str, Any]:
    return {
        "name": row.columns["name"],
        **dict(zip(("code", "docstring", "signature"), row.texts(), strict=False)),
    }


def passage(columns: Mapping[str, Any] | sqlite3.Row) -> str:
    """What is read of a pattern: its name in words, what it says of itself, signature and code."""
    said = first_sentence(columns["docstring"])
    parts = (columns["name"], said, columns["signature"], columns["code"][:_MOST_CODE])
    return "\n".join(part for part in parts if part)


def reranked(result: SearchResult, scores: Mapping[str, float], least: float) -> SearchResult:
    """``result`` as ordered with ``scores``, by pattern; hits without one count as they did.

    ``least`` is the relevance that no hit crosses. What is retired stays last.
    """
    read_ones = [hit.pattern.id for hit in result.hits[:RERANKED] if hit.pattern.id in scores]
    if len(read_ones) < 2:
        return result
    mean = sum(scores[id] for id in read_ones) / len(read_ones)
    ranks = {id: rank for rank, id in enumerate(sorted(read_ones, key=lambda id: -scores[id]), 1)}
    hits = [
        _moved(hit, scores[hit.pattern.id], ranks, mean, least) if hit.pattern.id in ranks else hit
        for hit in result.hits
    ]
    hits.sort(key=lambda hit: (hit.pattern.retired is not None, -hit.score))
    return replace(result, hits=tuple(hits))


def _moved(hit: Hit, found: float, ranks: Mapping[str, int], mean: float, least: float) -> Hit:
    before = odds_of(hit.relevance)
    relevance = _held(share(before + RERANK * math.tanh((found - mean) / 2.0)), hit.relevance, least)
    moved = odds_of(relevance) - before
    why = {
        "score": round(found, 4),
        "rank": ranks[hit.pattern.id],
        "of": len(ranks),
        "moved": round(moved, 4),
    }
    odds = {"odds": round(hit.why["odds"] + moved, 4)} if hit.why.get("odds") is not None else {}
    return Hit(hit.pattern, share(odds_of(hit.score) + moved), relevance, hit.why | {"reranker": why} | odds)


def _held(wanted: float, before: float, least: float) -> float:
    """``wanted``, but on the side of ``least`` where it was before."""
    return max(wanted, least) if before >= least else min(wanted, math.nextafter(least, 0.0))
