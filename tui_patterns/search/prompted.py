"""Patterns for a prompt: all that it says and each clause through the same ranking, one relevance a pattern.

What is about one clause of several says little to the prompt as a whole, and what shares words with
a clause may be far from what the prompt is about; so a pattern counts by both. How both add up, and
what probability that makes, is fitted on prompts (``benchmarks/prompts.py``), not on questions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from tui_patterns.learning.confidence import STRENGTH
from tui_patterns.learning.evidence import HALF_LIFE_DAYS
from tui_patterns.models import SearchResult, SemanticRows
from tui_patterns.search import query, ranking, searcher
from tui_patterns.search.clauses import clauses
from tui_patterns.search.parameters import CLAUSE_POOL, POOL
from tui_patterns.search.ranking import Evidence
from tui_patterns.search.relevance import log_odds, prompt_log_odds, seen_for_prompt
from tui_patterns.search.searcher import Asked
from tui_patterns.store.sqlite import reading


@dataclass(frozen=True, slots=True)
class Answer(Evidence):
    """What was observed of a pattern for the prompt as a whole, and of the ``best`` of its clauses for it."""

    best: Evidence | None = None
    clause: str = ""

    @property
    def odds(self) -> float:
        """Log-odds that it is what the prompt is about."""
        hybrid = self.cosine is not None
        if self.best is not None:
            return prompt_log_odds(_seen(self), _seen(self.best), hybrid=hybrid)
        # A prompt of one clause may as well be a question, whose relevance is known.
        asked = log_odds(self.cosine, self.words.share)
        return max(asked, prompt_log_odds(_seen(self), _seen(self), hybrid=hybrid))

    @property
    def told(self) -> Mapping[str, Any]:
        """The clause, where there are several, and how the pattern answers it."""
        if self.best is None:
            return {}
        cosine = None if self.best.cosine is None else round(self.best.cosine, 4)
        return {"clause": {"text": self.clause, "cosine": cosine, "match": round(self.best.words.share, 4)}}


def _seen(one: Evidence) -> float:
    return seen_for_prompt(one.cosine, one.words.share, one.exact, one.said)


def search(
    conn: sqlite3.Connection,
    prompt: str,
    limit: int,
    semantic: Sequence[SemanticRows] | None = None,
    *,
    strength: float = STRENGTH,
    home: Collection[str] = (),
    half_life_days: float = HALF_LIFE_DAYS,
) -> SearchResult:
    """Patterns for ``prompt``, best first; ``semantic`` is what is near each of its ``clauses``, in order.

    As many rows as there are clauses, or they belong to another prompt and are left aside.
    """
    whole = Asked(query.read(""), limit, home=home, strength=strength, half_life_days=half_life_days)
    with reading(conn):  # what is found must still be there when it is read
        hits = searcher.ranked(conn, ranking.order(answers(conn, prompt, semantic)), whole)
    index = semantic[0].index if semantic else None
    return SearchResult(prompt, "hybrid" if index else "lexical", index, tuple(hits))


def answers(
    conn: sqlite3.Connection, prompt: str, semantic: Sequence[SemanticRows] | None = None
) -> list[Answer]:
    """Every pattern that any of the prompt's queries found."""
    parts = clauses(prompt)
    if not parts:
        return []
    near = semantic if semantic and len(semantic) == len(parts) else [None] * len(parts)
    asked = [Asked(part.query, POOL, semantic=own) for part, own in zip(parts, near, strict=True)]
    depths = [POOL, *(CLAUSE_POOL for _ in parts[1:])]
    found = [searcher.candidates(conn, one, depth) for one, depth in zip(asked, depths, strict=True)]
    rows = list(dict.fromkeys(row for one in found for row in one.rows))
    texts = searcher.texts_of(conn, rows, plain=any(one.query.plain for one in asked))
    whole = sorted(searcher.observe(conn, asked[0], found[0], rows, texts), key=_seen, reverse=True)
    # Who is further down wins none of the few places.
    first = [one.row_id for one in whole[: 2 * CLAUSE_POOL]]
    best: dict[int, tuple[Evidence, str]] = {}
    for part, one, own in zip(parts[1:], asked[1:], found[1:], strict=True):
        for seen in searcher.observe(conn, one, own, list(dict.fromkeys([*first, *own.rows])), texts):
            if seen.row_id not in best or _seen(seen) > _seen(best[seen.row_id][0]):
                best[seen.row_id] = seen, part.said
    return [_answer(one, best.get(one.row_id)) for one in whole if len(parts) == 1 or one.row_id in best]


def _answer(whole: Evidence, best: tuple[Evidence, str] | None) -> Answer:
    said = {one.name: getattr(whole, one.name) for one in fields(Evidence)}
    return Answer(**said) if best is None else Answer(**said, best=best[0], clause=best[1])
