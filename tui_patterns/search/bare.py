"""Files without a pattern, found by the names that they give to values and by their paths.

A list of signals, settings or type aliases has nothing to extract, and may be just what
is asked for. It is scored by words like any pattern that is not embedded.
"""

from __future__ import annotations

import sqlite3

from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.models import Filters
from tui_patterns.search import lexical, query, scoring
from tui_patterns.search.files import FileHit
from tui_patterns.search.parameters import FIELDS, FILE_PATH
from tui_patterns.search.relevance import log_odds, share
from tui_patterns.search.terms import folded, stem
from tui_patterns.store import fts
from tui_patterns.store.bare_files import BareFile, bare_files


def bare(conn: sqlite3.Connection, text: str, filters: Filters = Filters()) -> list[FileHit]:
    """Those that say a word of ``text``, unranked; none where patterns are filtered by what only they have."""
    asked = query.read(text)
    if not asked.plain or filters != Filters(project=filters.project):
        return []
    words = scoring.telling(asked, lexical.frequencies(conn, asked), fts.size(conn))
    scored = ((file, scoring.score(words, _fields(file))) for file in bare_files(conn, filters.project))
    return [
        FileHit(file.root, file.path, share(log_odds(None, met.share) + FILE_PATH * _path(met)), ())
        for file, met in scored
        if met.share > 0.0
    ]


def _fields(file: BareFile) -> list[str]:
    texts = {"names": _stems(" ".join(file.names)), "path": _stems(file.path)}
    return [texts.get(field, "") for field in FIELDS]


def _stems(text: str) -> str:
    return " ".join(dict.fromkeys(stem(folded(word)) for word in split_words(text)))


def _path(met: scoring.WordMatch) -> float:
    return dict(met.fields).get("path", 0.0)
