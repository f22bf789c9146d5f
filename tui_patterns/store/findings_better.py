"""Patterns that do right what an anti-pattern does wrong."""

from __future__ import annotations

import sqlite3


def candidates(
    conn: sqlite3.Connection, label: str, *, root: str, inside: bool, language: str, limit: int
) -> list[int]:
    """Row ids of live patterns that do right what ``label`` names.

    ``inside``: those of the project at ``root``, else those of all others. The language comes first,
    then the surest label, then quality.
    """
    rows = conn.execute(
        f"""
        SELECT p.id, (SELECT MAX(l.confidence) FROM labels l WHERE l.version_id = v.id) AS sure
        FROM right_labels n JOIN rights w ON w.label = n.id JOIN versions v ON v.id = w.version_id
        JOIN patterns p ON p.version_id = v.id
        JOIN projects r ON r.id = p.project_id
        WHERE n.label = :label AND r.root {"=" if inside else "<>"} :root AND p.gone IS NULL
        ORDER BY (v.language = :language) DESC, sure DESC, v.quality DESC, p.id
        LIMIT :limit
        """,
        {"label": label, "root": root, "language": language, "limit": limit},
    )
    return [row["id"] for row in rows]
