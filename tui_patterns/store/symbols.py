"""What files define and refer to, and what each path stands for: all that linking needs, without parsing."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tui_patterns.models import FileSymbols, Reference
from tui_patterns.store.packing import checksum, pack, spoken, unpack
from tui_patterns.store.sql import chunks, dump, load, named_list

_BLOCK = 256  # ids of paths in a row of needs, a byte each


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


class RefRow(NamedTuple):
    """One definition (``source``, starting at ``line``) refers to another one."""

    file: int
    source: str
    line: int
    kinds: str
    target: Target


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
        "INSERT INTO sources (id, file_id, name, line) VALUES (?, ?, ?, ?)",
        [(id, file_id, *source) for id, source in numbered],
    )
    conn.executemany(
        "INSERT INTO refs (source_id, path_id, kinds) VALUES (?, ?, ?)",
        [(id, path, kinds[source][path]) for id, source in numbered for path in sorted(kinds[source])],
    )


def needing(conn: sqlite3.Connection, keys: Iterable[int]) -> set[int]:
    """Paths whose resolution asked for any of these names."""
    found: set[int] = set()
    for part in chunks(keys):
        names, values = named_list("key", part)
        rows = conn.execute(f"SELECT block, paths FROM needs WHERE key IN ({names})", values)
        found.update(block * _BLOCK + low for block, paths in rows for low in paths)
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
        blocks.setdefault((key, path // _BLOCK), set()).add(path % _BLOCK)
    conn.executemany(
        "INSERT INTO needs (key, block, paths) VALUES (?, ?, ?) "
        "ON CONFLICT (key, block) DO UPDATE SET paths = merge(needs.paths, excluded.paths)",
        [(*place, bytes(sorted(lows))) for place, lows in sorted(blocks.items())],
    )


def forget_lost_needs(conn: sqlite3.Connection) -> None:
    """Drop what paths asked for that are no more: their rows were deleted with their project."""
    blocks = conn.execute("SELECT block, paths FROM needs").fetchall()
    named = {block * _BLOCK + low for block, lows in blocks for low in lows}
    _forget_needs(conn, named - {row["id"] for row in conn.execute("SELECT id FROM paths")})


def _forget_needs(conn: sqlite3.Connection, paths: Collection[int]) -> None:
    blocks: dict[int, set[int]] = {}
    for path in paths:
        blocks.setdefault(path // _BLOCK, set()).add(path % _BLOCK)
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


_REFS = """
    SELECT s.file_id, s.name, s.line, r.kinds, p.target_file, p.target, p.kind, p.sure
    FROM sources s JOIN refs r ON r.source_id = s.id JOIN paths p ON p.id = r.path_id
"""


def _refs(rows: Iterable[Sequence[Any]]) -> list[RefRow]:
    return [RefRow(row[0], row[1], row[2], row[3], Target(*row[4:])) for row in rows]


def refs_of_files(conn: sqlite3.Connection, file_ids: Iterable[int]) -> list[RefRow]:
    """What the definitions in these files refer to, as far as it is of the project."""
    found: list[RefRow] = []
    for part in chunks(file_ids):
        names, values = named_list("id", part)
        where = f"WHERE s.file_id IN ({names}) AND p.target_file IS NOT NULL"
        found += _refs(conn.execute(f"{_REFS} {where}", values))
    return found


def refs_out(conn: sqlite3.Connection, file_id: int, name: str) -> list[RefRow]:
    """What a definition, or anything inside it, refers to."""
    where = (
        "WHERE s.file_id = :file AND (s.name = :name OR (s.name > :low AND s.name < :high)) "
        "AND p.target_file IS NOT NULL"
    )
    return _refs(conn.execute(f"{_REFS} {where}", _within(file_id, name)))


def refs_in(conn: sqlite3.Connection, file_id: int, name: str) -> list[RefRow]:
    """What refers to a definition, or to anything inside it."""
    where = "WHERE p.target_file = :file AND (p.target = :name OR (p.target > :low AND p.target < :high))"
    return _refs(conn.execute(f"{_REFS} {where}", _within(file_id, name)))


def _within(file_id: int, name: str) -> dict[str, Any]:
    return {"file": file_id, "name": name, "low": f"{name}.", "high": f"{name}/"}  # "/" follows "."


def sources(conn: sqlite3.Connection, path_ids: Iterable[int]) -> set[tuple[int, str, int]]:
    """(file, name, line) of the definitions that refer by one of these paths."""
    found: set[tuple[int, str, int]] = set()
    for part in chunks(path_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT s.file_id, s.name, s.line FROM refs r JOIN sources s ON s.id = r.source_id "
            f"WHERE r.path_id IN ({names})",
            values,
        )
        found.update((row[0], row[1], row[2]) for row in rows)
    return found


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
        "(SELECT 1 FROM refs r WHERE r.path_id = p.id)"
    )
    values = {"project": project_id}
    gone = [row["id"] for row in conn.execute(unused, values)]
    if gone:
        _forget_needs(conn, gone)
        conn.executemany("DELETE FROM paths WHERE id = ?", [(id,) for id in gone])
