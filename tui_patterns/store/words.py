"""The words a pattern is found by: split identifiers, path, prose and tags, never code."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from tui_patterns.embedding.identifiers import split_identifier
from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.store.sql import chunks, load, named_list

_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def refresh(conn: sqlite3.Connection, row_ids: Iterable[int]) -> None:
    """Write anew what these patterns are found by, from their current version and place."""
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.id, p.path, p.qualname, v.id AS version, v.name, v.signature, v.docstring, v.tags,
                   v.framework, v.category, v.subcategory, v.component_type, v.dependencies
            FROM patterns p JOIN versions v ON v.id = p.version_id WHERE p.id IN ({names}) AND p.gone IS NULL
            """,
            values,
        ).fetchall()
        for row in rows:
            _save(conn, row)


def _save(conn: sqlite3.Connection, row: sqlite3.Row) -> None:
    labels = [
        found["label"]
        for found in conn.execute("SELECT label FROM labels WHERE version_id = ?", (row["version"],))
    ]
    tags = [
        *load(row["tags"]),
        *labels,
        row["framework"] or "",
        *(row[column] or "" for column in ("category", "subcategory", "component_type")),
        *load(row["dependencies"]),
    ]
    conn.execute(
        """
        INSERT INTO search_docs (pattern_id, title, names, path, prose, tags)
        VALUES (:pattern, :title, :names, :path, :prose, :tags)
        ON CONFLICT (pattern_id) DO UPDATE SET title = excluded.title, names = excluded.names,
            path = excluded.path, prose = excluded.prose, tags = excluded.tags
        """,
        {
            "pattern": row["id"],
            "title": row["name"],
            "names": _names(row["qualname"]),
            "path": " ".join(split_words(row["path"])),
            "prose": f"{_names(row['signature'])} {row['docstring'] or ''}",
            "tags": " ".join(word for tag in tags for word in split_words(tag)),
        },
    )


def _names(text: str) -> str:
    """Every identifier whole, as it is typed, and its parts."""
    found = dict.fromkeys(_IDENTIFIER.findall(text))
    parts = dict.fromkeys(part for name in found for part in split_identifier(name))
    return " ".join([*found, *parts])
