"""One text in two places, of which different things are known: its bases, imports or labels are others there.

Each such place has a version of its own, so that what is told of it does not depend on which file
was read last.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FACTS = (
    "structure_hash", "name", "kind", "pattern_type", "category", "language", "framework", "body",
    "complexity", "tags", "dependencies", "shingles", "doc_hash", "subcategory", "component_type", "form",
)  # fmt: skip
"""What of a version, and of its texts, follows from where it stands; its quality is worked out later."""
LabelRow = tuple[str, float, str, str]


def key_of(
    conn: sqlite3.Connection,
    pattern: int,
    facts: Mapping[str, Any],
    labels: Sequence[LabelRow],
    rights: Iterable[str],
) -> str:
    """The key to store a version by: its ``code_hash``, unless other facts stand under that elsewhere."""
    key = str(facts["code_hash"])
    standing = conn.execute(
        f"SELECT id, {', '.join(FACTS)} FROM versions v "
        "JOIN codes c ON c.version_id = v.id WHERE pattern_id = :pattern AND code_hash = :key "
        "AND EXISTS (SELECT 1 FROM sites s WHERE s.version_id = v.id)",
        {"pattern": pattern, "key": key},
    ).fetchone()
    told = (tuple(facts[name] for name in FACTS), sorted(labels), sorted(rights))
    if standing is None or _told(conn, standing) == told:
        return key
    return hashlib.sha256(f"{key}\0{told}".encode("utf-8", "replace")).hexdigest()[: len(key)]


def _told(conn: sqlite3.Connection, row: sqlite3.Row) -> tuple[Any, ...]:
    values = {"version": row["id"]}
    labels = conn.execute(
        "SELECT label, confidence, evidence, why FROM labels WHERE version_id = :version ORDER BY label",
        values,
    )
    rights = conn.execute(
        "SELECT n.label FROM rights w JOIN right_labels n ON n.id = w.label "
        "WHERE w.version_id = :version ORDER BY 1",
        values,
    )
    return tuple(row)[1:], [tuple(one) for one in labels], [one[0] for one in rights]
