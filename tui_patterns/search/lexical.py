"""Candidates by words: a query turned into an FTS5 expression that stays quick.

Words are met in whatever form, by their stems; the last one, while it is being
typed, also as the beginning of a word in a name. Any of the telling words will
do, the commonest only together with all others: what a search costs is the rows
that it must rank, and a word that stands everywhere decides nothing alone. The
ranking afterwards counts every word (``search/scoring.py``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from tui_patterns.models import Filters
from tui_patterns.search.parameters import POSTINGS
from tui_patterns.search.query import Query, rarest, read
from tui_patterns.search.terms import folded, stem
from tui_patterns.store import fts
from tui_patterns.store.fts import TextHit, quote

MAX_WORDS = 24  # of a pasted page, the rarest words say enough
SHORT = 3


class SearchInterrupted(Exception):
    """A newer query took over; the answer is of no use any more."""


def search(
    conn: sqlite3.Connection,
    query: str | Query,
    limit: int,
    filters: Filters = Filters(),
    counts: Mapping[str, int] | None = None,
) -> list[TextHit]:
    """Patterns by words, best first; ``counts`` are their ``frequencies``, where these are known.

    Raises SearchInterrupted, sqlite3.Error.
    """
    asked = read(query) if isinstance(query, str) else query
    try:
        counts = frequencies(conn, asked) if counts is None else counts
        wanted = expression(asked, counts)
        if _alone_and_common(counts):
            return _named_first(conn, wanted, limit, filters)
        ranked = not _begins_anything(asked) or fts.size(conn) <= POSTINGS
        return fts.match(conn, wanted, limit, filters, ranked=ranked) if wanted else []
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise SearchInterrupted from error
        raise


def _alone_and_common(counts: Mapping[str, int]) -> bool:
    """Whether one word is all that is asked for, and stands in more patterns than are worth ranking."""
    return len(counts) == 1 and max(counts.values()) > POSTINGS


def _named_first(conn: sqlite3.Connection, wanted: str, limit: int, filters: Filters) -> list[TextHit]:
    """Patterns that are named by a very common word, best first, then any that hold it, the newest first."""
    named = fts.match(conn, f"{{title names}} : ({wanted})", limit, filters)
    if len(named) >= limit:
        return named
    known = {hit.row_id for hit in named}
    others = fts.match(conn, wanted, limit, filters, ranked=False)
    return [*named, *(hit for hit in others if hit.row_id not in known)][:limit]


def frequencies(conn: sqlite3.Connection, query: Query) -> dict[str, int]:
    """In how many patterns each word stands, in any form: those of ``query`` that are searched for."""
    stems = {word: stem(folded(word)) for word in query.words}
    counts = fts.frequencies(conn, set(stems.values()))
    found = {word: counts[stems[word]] for word in query.words}
    return {word: found[word] for word in rarest(query.words, found, MAX_WORDS)}


def expression(query: Query, counts: Mapping[str, int]) -> str:
    """``query`` for FTS5, by the words that ``counts`` holds; empty if nothing of it can be searched for."""
    words = _searched(query, list(counts))
    if not words:
        return ""
    terms = {word: _term(word, typing=query.typing and word == query.words[-1]) for word in words}
    telling = _affordable(words, counts)
    together = " AND ".join(terms.values())
    anyone = " OR ".join(terms[word] for word in telling)
    wanted = f"({anyone}) OR ({together})" if telling and len(telling) < len(words) else anyone or together
    for phrase in query.phrases:
        wanted = f"({wanted}) AND {quote(' '.join(phrase))}"
    if query.excluded:
        wanted = f"({wanted}) NOT ({' OR '.join(map(quote, sorted(query.excluded)))})"
    return wanted


def _begins_anything(query: Query) -> bool:
    """Whether all that was typed is a letter or two: of many patterns, not worth ranking."""
    return query.typing and len(query.words) == 1 and len(query.words[0]) < SHORT


def _searched(query: Query, words: list[str]) -> list[str]:
    """``words`` without the last one while it could still become almost any, if there are others."""
    half = query.typing and len(query.words) > 1 and len(query.words[-1]) < SHORT
    return [word for word in words if not half or word != query.words[-1]]


def _affordable(words: Sequence[str], counts: Mapping[str, int]) -> list[str]:
    """The rarest words, as many as may match anywhere within ``POSTINGS``."""
    left, kept = POSTINGS, set()
    for word in sorted(words, key=lambda word: counts[word]):
        left -= counts[word]
        if left < 0:
            break
        kept.add(word)
    return [word for word in words if word in kept]


def _term(word: str, *, typing: bool) -> str:
    """A word in any of its forms; while it is typed also as a beginning, and if short only in names."""
    whole = quote(stem(folded(word)))
    if not typing:
        return whole
    begins = fts.beginning(word)
    return f"({begins})" if len(word) < SHORT else f"({whole} OR ({begins}))"
