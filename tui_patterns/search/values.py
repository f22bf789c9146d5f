"""What files say by the names that they give to values, which are no patterns.

A list of signals, settings or type aliases has nothing to extract, and may be just
what is asked for. It is scored by words, as a pattern that is not embedded.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.models import Filters
from tui_patterns.search import lexical, query, scoring
from tui_patterns.search.files import Place, with_path
from tui_patterns.search.parameters import FIELDS
from tui_patterns.search.relevance import log_odds
from tui_patterns.search.scoring import Telling
from tui_patterns.search.terms import folded, stem
from tui_patterns.store import fts
from tui_patterns.store.value_names import ValueNames, value_names


def values(conn: sqlite3.Connection, text: str, filters: Filters = Filters()) -> dict[Place, float]:
    """Log-odds that a file's values answer ``text``, where they or its path say a word of it.

    None for code and errors, and where patterns are filtered by what only they have.
    """
    asked = query.read(text)
    if not asked.plain or filters != Filters(project=filters.project):
        return {}
    words = scoring.telling(asked, lexical.frequencies(conn, asked), fts.size(conn))
    files = value_names(conn, [word.stem for word in words], filters.project)
    odds = {(file.root, file.path): _odds(words, file) for file in files}
    return {place: found for place, found in odds.items() if found is not None}


def _odds(words: Sequence[Telling], file: ValueNames) -> float | None:
    texts = {"names": _stems(" ".join(file.names)), "path": _stems(file.path)}
    met = scoring.score(words, [texts.get(field, "") for field in FIELDS])
    return with_path(log_odds(None, met.share), dict(met.fields)) if met.share else None


def _stems(text: str) -> str:
    return " ".join(dict.fromkeys(stem(folded(word)) for word in split_words(text)))
