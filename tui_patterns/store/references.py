"""Which definitions refer to what: by source, packed, and back from each path."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from tui_patterns.models import Reference
from tui_patterns.store.numbers import pack_refs, unpack_refs
from tui_patterns.store.sql import chunks, named_list
from tui_patterns.store.symbols import BLOCK, Target


class RefRow(NamedTuple):
    """One definition (``source``, starting at ``line``) refers to another one."""

    file: int
    source: str
    line: int
    kinds: str
    target: Target


def replace_refs(
    conn: sqlite3.Connection, file_id: int, references: Iterable[Reference], ids: dict[str, int]
) -> None:
    """What the definitions of a file refer to now."""
    conn.execute("DELETE FROM sources WHERE file_id = :file", {"file": file_id})
    kinds: dict[tuple[str, int], dict[int, str]] = {}
    for one in references:
        known = kinds.setdefault((one.source, one.line), {})
        known[ids[one.path]] = known.get(ids[one.path], "") + one.kinds
    first = int(conn.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM sources").fetchone()[0])
    numbered = list(enumerate(sorted(kinds), start=first))
    conn.executemany(
        "INSERT INTO sources (id, file_id, name, line, refs) VALUES (?, ?, ?, ?, ?)",
        [(id, file_id, *source, pack_refs(kinds[source])) for id, source in numbered],
    )
    _lead_back(conn, ((path, id) for id, source in numbered for path in kinds[source]))


def _lead_back(conn: sqlite3.Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """(path, source) pairs; the trigger ``sources_removed`` takes them back."""
    blocks: dict[tuple[int, int], set[int]] = {}
    for path, source in pairs:
        blocks.setdefault((path, source // BLOCK), set()).add(source % BLOCK)
    conn.executemany(
        "INSERT INTO referrers (path_id, block, sources) VALUES (?, ?, ?) "
        "ON CONFLICT (path_id, block) DO UPDATE SET sources = merge(referrers.sources, excluded.sources)",
        [(*place, bytes(sorted(lows))) for place, lows in sorted(blocks.items())],
    )


_SOURCES = "SELECT file_id, name, line, refs FROM sources"


def refs_of_files(conn: sqlite3.Connection, file_ids: Iterable[int]) -> list[RefRow]:
    """What the definitions in these files refer to, as far as it is of the project."""
    found: list[RefRow] = []
    for part in chunks(file_ids):
        names, values = named_list("id", part)
        found += _refs(conn, conn.execute(f"{_SOURCES} WHERE file_id IN ({names})", values))
    return found


def refs_out(conn: sqlite3.Connection, file_id: int, name: str) -> list[RefRow]:
    """What a definition, or anything inside it, refers to."""
    where = "WHERE file_id = :file AND (name = :name OR (name > :low AND name < :high))"
    return _refs(conn, conn.execute(f"{_SOURCES} {where}", _within(file_id, name)))


def refs_in(conn: sqlite3.Connection, file_id: int, name: str) -> list[RefRow]:
    """What refers to a definition, or to anything inside it."""
    where = "WHERE target_file = :file AND (target = :name OR (target > :low AND target < :high))"
    targets = _targets(conn.execute(f"{_TARGETS} {where}", _within(file_id, name)))
    rows = _referring(conn, targets)
    return [
        RefRow(row[0], row[1], row[2], kinds, targets[path])
        for row in rows
        for path, kinds in unpack_refs(row[3])
        if path in targets
    ]


def sources(conn: sqlite3.Connection, path_ids: Iterable[int]) -> set[tuple[int, str, int]]:
    """(file, name, line) of the definitions that refer by one of these paths."""
    return {(row[0], row[1], row[2]) for row in _referring(conn, path_ids)}


def _referring(conn: sqlite3.Connection, path_ids: Iterable[int]) -> list[sqlite3.Row]:
    ids: set[int] = set()
    for part in chunks(path_ids):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT block, sources FROM referrers WHERE path_id IN ({names})", values)
        ids.update(block * BLOCK + low for block, lows in rows for low in lows)
    found: list[sqlite3.Row] = []
    for part in chunks(sorted(ids)):
        names, values = named_list("id", part)
        found += conn.execute(f"{_SOURCES} WHERE id IN ({names})", values)
    return found


_TARGETS = "SELECT id, target_file, target, kind, sure FROM paths"


def _refs(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[RefRow]:
    """What sources refer to, as far as their paths stand for a definition."""
    held = [(row, unpack_refs(row["refs"])) for row in rows]
    targets: dict[int, Target] = {}
    for part in chunks(sorted({path for _, refs in held for path, _ in refs})):
        names, values = named_list("id", part)
        where = f"WHERE id IN ({names}) AND target_file IS NOT NULL"
        targets |= _targets(conn.execute(f"{_TARGETS} {where}", values))
    return [
        RefRow(row[0], row[1], row[2], kinds, targets[path])
        for row, refs in held
        for path, kinds in refs
        if path in targets
    ]


def _targets(rows: Iterable[sqlite3.Row]) -> dict[int, Target]:
    return {row[0]: Target(*row[1:]) for row in rows}


def _within(file_id: int, name: str) -> dict[str, Any]:
    return {"file": file_id, "name": name, "low": f"{name}.", "high": f"{name}/"}  # "/" follows "."
