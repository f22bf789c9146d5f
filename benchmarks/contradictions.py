"""Rows of a store that contradict others: there are none, whatever happened to it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

# Each tells rows that must not be there.
_BROKEN = {
    "words of what is gone": "SELECT d.pattern_id FROM search_docs d LEFT JOIN patterns p "
    "ON p.id = d.pattern_id WHERE p.id IS NULL OR p.gone IS NOT NULL",
    "shown without words": "SELECT id FROM patterns WHERE gone IS NULL AND id NOT IN "
    "(SELECT pattern_id FROM search_docs)",
    "relations of what stands nowhere": "SELECT * FROM relations WHERE source_id NOT IN "
    "(SELECT pattern_id FROM sites) OR target_id NOT IN (SELECT pattern_id FROM sites)",
    "metrics of what stands nowhere": "SELECT * FROM metrics WHERE pattern_id NOT IN "
    "(SELECT pattern_id FROM sites)",
    "a lead that is led, or gone": "SELECT p.id FROM patterns p JOIN patterns l ON l.id = p.lead_id "
    "WHERE l.lead_id IS NOT NULL OR l.gone IS NOT NULL OR p.gone IS NOT NULL",
    "bands of what stands nowhere": "SELECT pattern_id FROM bands WHERE pattern_id NOT IN "
    "(SELECT pattern_id FROM sites)",
    "keys without bands": "SELECT pattern_id FROM likeness WHERE pattern_id NOT IN "
    "(SELECT pattern_id FROM bands)",
    "references to lost paths": "SELECT * FROM referrers WHERE path_id NOT IN (SELECT id FROM paths)",
    "paths to lost files": "SELECT * FROM paths WHERE target_file IS NOT NULL "
    "AND target_file NOT IN (SELECT id FROM files)",
    "a main version that stands nowhere": "SELECT p.id FROM patterns p WHERE p.gone IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM sites s WHERE s.pattern_id = p.id AND s.version_id = p.version_id)",
    "versions of another pattern": "SELECT s.id FROM sites s JOIN versions v ON v.id = s.version_id "
    "WHERE v.pattern_id <> s.pattern_id",
    "calls of what is gone": "SELECT DISTINCT pattern_id FROM calls WHERE pattern_id IN "
    "(SELECT id FROM patterns WHERE gone IS NOT NULL)",
    "versions without their texts": "SELECT id FROM versions WHERE id NOT IN (SELECT version_id FROM codes)",
    "calls by no list of them": "SELECT * FROM calls WHERE pattern_id NOT IN (SELECT pattern_id FROM called)",
    "damage": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "foreign keys": "SELECT * FROM pragma_foreign_key_check",
}


def broken(conn: sqlite3.Connection) -> dict[str, int]:
    """How many rows contradict others, by what is wrong with them."""
    found = {}
    for name, query in _BROKEN.items():
        with suppress(sqlite3.OperationalError):
            if rows := conn.execute(query).fetchall():
                found[name] = len(rows)
    try:
        conn.execute("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        found[f"search_index: {error}"] = 1
    return found
