"""Who calls a pattern, by bare names: ``x.close()`` may call any ``close`` of the project.

Where a name has few definitions, and few call it, those who do say what it is for.
"""

from __future__ import annotations

import builtins
import sqlite3
from collections.abc import Iterable, Sequence
from zlib import crc32

from tui_patterns.embedding.code_names import called_names
from tui_patterns.store.numbers import pack_keys, signed
from tui_patterns.store.sql import chunks, named_list

MOST_DEFINITIONS = 3
MOST_CALLERS = 20  # what is called from everywhere is for anything
_PYTHONS_OWN = frozenset(dir(builtins)).union(*(dir(kind) for kind in (str, bytes, list, dict, set)))


def replace(conn: sqlite3.Connection, row_ids: Sequence[int], rows: Iterable[sqlite3.Row]) -> None:
    """Note anew what these patterns define and call; ``rows`` are those that are shown.

    Of each its id, project_id, qualname, kind and code. A class calls nothing: its methods do. A call of
    what is Python's own (``len``, ``x.append``) is hardly one of the project.
    """
    conn.executemany("DELETE FROM called WHERE pattern_id = ?", [(row_id,) for row_id in row_ids])
    found = {row["id"]: _keys(row) for row in rows}
    conn.executemany(
        "INSERT INTO called (pattern_id, keys) VALUES (?, ?)",
        [(row_id, pack_keys(keys)) for row_id, keys in found.items()],
    )
    conn.executemany(
        "INSERT INTO calls (key, pattern_id) VALUES (?, ?)",
        sorted((key, row_id) for row_id, keys in found.items() for key in keys),
    )


def _keys(row: sqlite3.Row) -> set[int]:
    project = row["project_id"]
    called = set(called_names(row["code"])) - _PYTHONS_OWN if row["kind"] != "class" else ()
    return {_defines(project, _last(row["qualname"])), *(_calls(project, name) for name in called)}


def _defines(project: int, name: str) -> int:
    return signed(crc32(f"{project} def {name}".encode()))


def _calls(project: int, name: str) -> int:
    return signed(crc32(f"{project} {name}".encode()))


def _last(qualname: str) -> str:
    return qualname.rpartition(".")[2]


def callers(conn: sqlite3.Connection, row_ids: Iterable[int]) -> dict[int, set[str]]:
    """The names of those who call each pattern, most likely; those whom nobody tells apart are left out."""
    found: dict[int, set[str]] = {}
    known: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT id, project_id, qualname FROM patterns WHERE id IN ({names})", values)
        for row_id, project, qualname in rows.fetchall():
            place = (project, _last(qualname))
            if place not in known:
                known[place] = _told(conn, *place)
            others = {name for caller, name in known[place] if caller != row_id}
            if others:
                found[row_id] = others
    return found


def _told(conn: sqlite3.Connection, project: int, name: str) -> list[tuple[int, str]]:
    """Row id and name of each who calls ``name``; none where too many do, or too many are meant."""
    if len(_with(conn, _defines(project, name), MOST_DEFINITIONS + 1)) > MOST_DEFINITIONS:
        return []
    calling = _with(conn, _calls(project, name), MOST_CALLERS + 1)
    return calling if len(calling) <= MOST_CALLERS else []


def _with(conn: sqlite3.Connection, key: int, limit: int) -> list[tuple[int, str]]:
    rows = conn.execute(
        "SELECT p.id, p.qualname FROM calls c JOIN patterns p ON p.id = c.pattern_id "
        "WHERE c.key = :key AND p.gone IS NULL LIMIT :limit",
        {"key": key, "limit": limit},
    )
    return [(row[0], _last(row[1])) for row in rows]
