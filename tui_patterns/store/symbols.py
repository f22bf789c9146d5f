"""What files define, and what each path stands for: all that linking needs beside ``references``."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tui_patterns.models import FileSymbols
from tui_patterns.store.numbers import signed
from tui_patterns.store.packing import checksum, pack, spoken, unpack
from tui_patterns.store.sql import chunks, dump, load, named_list

BLOCK = 256
"""Neighbouring ids that a row holds, a byte each: of paths in ``needs``, of sources in ``referrers``."""


@dataclass(slots=True)
class OutlineRow:
    """What is known of one file; ``sites`` leads from a line to the pattern that starts there."""

    file: int
    path: str
    names: dict[str, str]
    lines: dict[str, int]
    cohesion: dict[str, int]
    sites: dict[int, int] = field(default_factory=dict)

    def pattern(self, name: str, line: int | None = None) -> int | None:
        """The pattern of this definition, or of the nearest one around it."""
        at = self.lines.get(name) if line is None else line
        while True:
            found = self.sites.get(at) if at is not None else None
            if found is not None or not name:
                return found
            name = name.rpartition(".")[0]
            at = self.lines.get(name)

    def stands(self, name: str) -> int | None:
        """The pattern that is this very definition."""
        return self.sites.get(self.lines.get(name, -1))


class Target(NamedTuple):
    """A definition by file and name; ``kind`` is class, function or property, ``sure`` 0 where likely."""

    file: int
    name: str
    kind: str
    sure: int


def paths(conn: sqlite3.Connection, project_id: int) -> dict[str, int]:
    """File ids of a project by path."""
    rows = conn.execute("SELECT path, id FROM files WHERE project_id = :project", {"project": project_id})
    return {row[0]: row[1] for row in rows}


def stamp(conn: sqlite3.Connection, project_id: int) -> tuple[int, int, float]:
    """Another one whenever a file has come or gone; cheaper than to read them all."""
    row = conn.execute(
        "SELECT COUNT(*), MAX(id), MAX(parsed) FROM files WHERE project_id = :project",
        {"project": project_id},
    ).fetchone()
    return int(row[0]), int(row[1] or 0), float(row[2] or 0.0)


def outlines(conn: sqlite3.Connection, file_ids: Iterable[int]) -> dict[int, OutlineRow]:
    """The outlines of files by id; files that were never read as source are left out."""
    found: dict[int, OutlineRow] = {}
    for part in chunks(file_ids):
        names, values = named_list("id", part)
        for row in conn.execute(
            "SELECT o.*, f.path FROM outlines o JOIN files f ON f.id = o.file_id "
            f"WHERE o.file_id IN ({names})",
            values,
        ):
            found[row["file_id"]] = OutlineRow(
                row["file_id"], row["path"], *(load(text or "{}") for text in unpack(row["packed"]))
            )
        rows = conn.execute(f"SELECT file_id, line, pattern_id FROM sites WHERE file_id IN ({names})", values)
        for file, line, pattern in rows:
            if file in found:
                found[file].sites[line] = pattern
    return found


def visible_names(conn: sqlite3.Connection, file_id: int) -> dict[str, str]:
    """The visible names of one file; none where it was never read as source."""
    row = conn.execute("SELECT packed FROM outlines WHERE file_id = :file", {"file": file_id}).fetchone()
    found: dict[str, str] = load(unpack(row["packed"])[0] or "{}") if row else {}
    return found


def save_outline(conn: sqlite3.Connection, file_id: int, symbols: FileSymbols | None) -> None:
    """Replace what is known of a file; ``None`` where it could not be read."""
    if symbols is None:
        conn.execute("DELETE FROM outlines WHERE file_id = :file", {"file": file_id})
        return
    conn.execute(
        """
        INSERT INTO outlines (file_id, packed, spoken) VALUES (:file, :packed, :spoken)
        ON CONFLICT (file_id) DO UPDATE SET packed = excluded.packed, spoken = excluded.spoken
        """,
        {
            "file": file_id,
            "packed": pack(*map(dump, (symbols.names, symbols.lines, symbols.cohesion))),
            "spoken": spoken(symbols.names),
        },
    )


def path_ids(conn: sqlite3.Connection, project_id: int, texts: Collection[str]) -> dict[str, int]:
    """The ids of paths that are known already."""
    found: dict[str, int] = {}
    for part in chunks(texts):
        names, values = named_list("sum", [checksum(text) for text in part])
        rows = conn.execute(
            f"SELECT text, id FROM paths WHERE project_id = :project AND checksum IN ({names})",
            {"project": project_id, **values},
        )
        found.update((row[0], row[1]) for row in rows)
    return {text: found[text] for text in texts if text in found}


def add_paths(conn: sqlite3.Connection, project_id: int, texts: Collection[str]) -> dict[str, int]:
    """Make rows for new paths, not yet resolved; their ids."""
    conn.executemany(
        "INSERT INTO paths (project_id, checksum, text) VALUES (?, ?, ?)",
        [(project_id, checksum(text), text) for text in sorted(texts)],
    )
    return path_ids(conn, project_id, texts)


def needing(conn: sqlite3.Connection, keys: Iterable[int]) -> set[int]:
    """Paths whose resolution asked for any of these names."""
    found: set[int] = set()
    for part in chunks(keys):
        names, values = named_list("key", [signed(key) for key in part])
        rows = conn.execute(f"SELECT block, paths FROM needs WHERE key IN ({names})", values)
        found.update(block * BLOCK + low for block, paths in rows for low in paths)
    return found


def resolutions(
    conn: sqlite3.Connection, project_id: int, ids: Iterable[int]
) -> dict[int, tuple[str, Target | None]]:
    """Text and present target of paths of a project."""
    found: dict[int, tuple[str, Target | None]] = {}
    for part in chunks(ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT id, text, target_file, target, kind, sure FROM paths "
            f"WHERE project_id = :project AND id IN ({names})",
            {"project": project_id, **values},
        )
        for row in rows:
            target = Target(*row[2:]) if row[2] is not None else None
            found[row[0]] = (row[1], target)
    return found


def save_targets(conn: sqlite3.Connection, rows: Iterable[tuple[int, Target | None]]) -> None:
    """What these paths stand for now."""
    conn.executemany(
        "UPDATE paths SET target_file = ?, target = ?, kind = ?, sure = ? WHERE id = ?",
        [(*(target or (None, None, None, 1)), path_id) for path_id, target in rows],
    )


def add_needs(conn: sqlite3.Connection, rows: Iterable[tuple[int, int]]) -> None:
    """(key, path) pairs; one that is no longer true costs a look, and does no harm."""
    blocks: dict[tuple[int, int], set[int]] = {}
    for key, path in rows:
        blocks.setdefault((signed(key), path // BLOCK), set()).add(path % BLOCK)
    conn.executemany(
        "INSERT INTO needs (key, block, paths) VALUES (?, ?, ?) "
        "ON CONFLICT (key, block) DO UPDATE SET paths = merge(needs.paths, excluded.paths)",
        [(*place, bytes(sorted(lows))) for place, lows in sorted(blocks.items())],
    )


def forget_lost_needs(conn: sqlite3.Connection) -> None:
    """Drop what paths asked for that are no more: their rows were deleted with their project."""
    blocks = conn.execute("SELECT block, paths FROM needs").fetchall()
    named = {block * BLOCK + low for block, lows in blocks for low in lows}
    _forget_needs(conn, named - {row["id"] for row in conn.execute("SELECT id FROM paths")})


def _forget_needs(conn: sqlite3.Connection, paths: Collection[int]) -> None:
    blocks: dict[int, set[int]] = {}
    for path in paths:
        blocks.setdefault(path // BLOCK, set()).add(path % BLOCK)
    rows = conn.execute("SELECT key, block, paths FROM needs").fetchall()
    left = [
        (key, block, bytes(low for low in lows if low not in blocks[block]))
        for key, block, lows in rows
        if block in blocks and not blocks[block].isdisjoint(lows)
    ]
    conn.executemany(
        "UPDATE needs SET paths = ? WHERE key = ? AND block = ?", [(lows, *place) for *place, lows in left]
    )
    conn.execute("DELETE FROM needs WHERE paths = x''")


def paths_to(conn: sqlite3.Connection, file_id: int, names: Iterable[str]) -> set[int]:
    """Paths that stand for one of these definitions of a file."""
    found: set[int] = set()
    for part in chunks(names):
        listed, values = named_list("name", part)
        rows = conn.execute(
            f"SELECT id FROM paths WHERE target_file = :file AND target IN ({listed})",
            {"file": file_id, **values},
        )
        found.update(row[0] for row in rows)
    return found


def sweep(conn: sqlite3.Connection, project_id: int) -> None:
    """Forget paths by which nothing refers any more."""
    unused = (
        "SELECT id FROM paths p WHERE project_id = :project AND NOT EXISTS "
        "(SELECT 1 FROM referrers r WHERE r.path_id = p.id)"
    )
    values = {"project": project_id}
    gone = [row["id"] for row in conn.execute(unused, values)]
    if gone:
        _forget_needs(conn, gone)
        conn.executemany("DELETE FROM paths WHERE id = ?", [(id,) for id in gone])
