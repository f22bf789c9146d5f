"""Full-text search, the part of the store that only SQLite has (FTS5).

The index gives candidates, not the final order: few rows quickly, of 100,000 as
of 1,000. What a query costs is what it must rank, so a caller says which words
may match anywhere; ``rank`` as a configured column, and the limit inside the
subquery that touches the index alone, keep the rest cheap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from tui_patterns.models import Filters
from tui_patterns.store.conditions import conditions
from tui_patterns.store.packing import BEGINNINGS, BEGINS, unpack_words
from tui_patterns.store.sql import chunks, named_list


@dataclass(frozen=True, slots=True)
class TextHit:
    """A match: ``rank`` is bm25, positive, larger is better."""

    row_id: int
    id: str
    rank: float


_ALL = 1 << 40
_BROAD = {"language", "pattern_type", "min_quality", "complexity_range"}
_SETTINGS = {"prior_strength", "half_life_days"}  # how beliefs are made, not what is admitted


def quote(word: str) -> str:
    """``word`` as an FTS5 string, whatever is in it."""
    return '"' + word.replace('"', '""') + '"'


def beginning(word: str) -> str:
    """An FTS5 expression for words of titles and names that begin with ``word``."""
    if len(word) <= BEGINNINGS and word.isalnum():
        return f"begins : {quote(BEGINS + word)}"
    return f"{{title names}} : {quote(word)} *"


def frequencies(conn: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """In how many patterns each word occurs."""
    return {
        word: int(row[0])
        if (row := conn.execute("SELECT doc FROM search_words WHERE term = ?", (word,)).fetchone())
        else 0
        for word in words
    }


def size(conn: sqlite3.Connection) -> int:
    """How many patterns are indexed; an upper bound that costs nothing."""
    row = conn.execute("SELECT MAX(pattern_id) FROM search_docs").fetchone()
    return int(row[0] or 0)


def match(
    conn: sqlite3.Connection, query: str, limit: int, filters: Filters = Filters(), *, ranked: bool = True
) -> list[TextHit]:
    """Patterns that match an FTS5 ``query``, best first; if not ``ranked`` any of them, the newest first.

    Raises sqlite3.OperationalError when interrupted from another thread.
    """
    where, values = conditions(filters)
    chosen, order = ("rank", "rank") if ranked else ("0.0 AS rank", "rowid DESC")
    inner = f"SELECT rowid, {chosen} FROM search_index WHERE search_index MATCH :query ORDER BY {order}"
    in_order, join, last = f"{inner} LIMIT :most", "CROSS JOIN", ""
    if not _broad(filters):
        in_order, join, last = inner, "JOIN", f"ORDER BY hit.rank, p.id {'' if ranked else 'DESC'}"
    rows = conn.execute(
        f"""
        SELECT p.id, p.uuid, hit.rank FROM ({in_order}) AS hit
        {join} patterns p ON p.id = hit.rowid JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id WHERE p.gone IS NULL {where} {last} LIMIT :limit
        """,
        {"query": query, "limit": limit, "most": _ALL if where else limit, **values},
    ).fetchall()
    if ranked:
        rows.sort(key=lambda row: (row["rank"], row["id"]))
    return [TextHit(row["id"], row["uuid"], -row["rank"]) for row in rows]


def _broad(filters: Filters) -> bool:
    """Whether much of what matches is admitted: it is looked through as it is ranked, as far as needed.

    SQLite keeps a subquery's order where it has a limit, and CROSS JOIN keeps it first. Where
    little is admitted, SQLite may begin there instead.
    """
    return all(getattr(filters, one.name) == one.default or one.name in _BROAD | _SETTINGS
               for one in fields(filters))  # fmt: skip


def fields_of(conn: sqlite3.Connection, row_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The words that each pattern is found by, a text for each of ``words.FIELDS``."""
    found: dict[int, tuple[str, ...]] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT pattern_id, words FROM search_docs WHERE pattern_id IN ({names})", values
        )
        found.update((row[0], tuple(unpack_words(row[1]))) for row in rows)
    return found


def rebuild(conn: sqlite3.Connection) -> None:
    """Make the index anew from its words: entries that were deleted stay in it until then."""
    conn.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
