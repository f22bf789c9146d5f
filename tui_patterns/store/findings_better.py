"""Patterns that may do right what an anti-pattern does wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_patterns.store.sql import named_list

LEAST_CONFIDENCE = 0.6


def candidates(
    conn: sqlite3.Connection,
    labels: Sequence[str],
    tags: Sequence[str],
    text: str,
    *,
    root: str,
    inside: bool,
    language: str,
    limit: int,
) -> list[tuple[int, str]]:
    """(row id, code) of live patterns with one of the labels or tags whose code holds ``text``.

    ``inside``: those of the project at ``root``, else those of all others. The language comes first,
    then the label's confidence, then quality. Tests are left out: they are not code to reuse.
    """
    label_names, label_values = named_list("label", list(labels))
    tag_tests = " OR ".join(f"v.tags LIKE :tag{at}" for at in range(len(tags)))
    kinds = [f"l.label IN ({label_names})"] if labels else []
    kinds += [f"({tag_tests})"] if tags else []
    wanted = f"AND ({' OR '.join(kinds)})" if kinds else ""
    rows = conn.execute(
        f"""
        SELECT p.id, v.code, MAX(COALESCE(CASE WHEN l.label IN ({label_names or "''"})
               THEN l.confidence END, 0)) AS sure
        FROM patterns p JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id
        LEFT JOIN labels l ON l.version_id = v.id AND l.confidence >= :least
        WHERE r.root {"=" if inside else "<>"} :root AND p.gone IS NULL AND v.pattern_type <> 'test_pattern'
        AND instr(v.code, :text) > 0 {wanted}
        GROUP BY p.id, v.code
        ORDER BY (v.language = :language) DESC, sure DESC, v.quality DESC, p.id
        LIMIT :limit
        """,
        {
            **label_values,
            **{f"tag{at}": f'%"{tag}"%' for at, tag in enumerate(tags)},
            "text": text,
            "least": LEAST_CONFIDENCE,
            "root": root,
            "language": language,
            "limit": limit,
        },
    )
    return [(row["id"], row["code"]) for row in rows]
