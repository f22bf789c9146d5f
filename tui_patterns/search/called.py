"""What a pattern is called for: the names of those who call it are words of its context.

They are looked up for candidates alone, so that no index must follow when a caller
elsewhere comes, goes or takes another name.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from tui_patterns.embedding.identifiers import split_identifier
from tui_patterns.search.parameters import FIELDS
from tui_patterns.search.terms import folded, stem
from tui_patterns.store import calls

_CONTEXT = list(FIELDS).index("context")

Texts = Mapping[int, Sequence[str]]
"""By row id, a text for each field, as ``store.fts.fields_of`` gives them."""


def described(conn: sqlite3.Connection, texts: Texts, row_ids: Sequence[int]) -> Texts:
    """``texts``, those of ``row_ids`` with the words of their callers' names in the context."""
    callers = calls.callers(conn, (row_id for row_id in row_ids if row_id in texts))
    return {**texts, **{row_id: _with(texts[row_id], names) for row_id, names in callers.items()}}


def _with(fields: Sequence[str], names: set[str]) -> list[str]:
    said = {stem(folded(word)) for name in names for word in split_identifier(name)}
    found = list(fields)
    found[_CONTEXT] = f"{found[_CONTEXT]} {' '.join(sorted(said))}"
    return found
