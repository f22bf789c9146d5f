"""Which patterns are alike, and which of them are shown as one."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tui_patterns.store.numbers import pack_keys, unpack_hashes, unpack_keys, widen
from tui_patterns.store.relations import SIMILAR
from tui_patterns.store.sql import chunks, named_list


@dataclass(slots=True)
class Shape:
    """What likeness is decided from: the version that a pattern shows."""

    pattern: int
    kind: str
    structure_hash: str
    shingles: tuple[int, ...]


class Alike(NamedTuple):
    """Two patterns, the smaller row id first, with the similarity of their code and of their vectors."""

    one: int
    other: int
    similarity: float
    cosine: float | None


def shapes(conn: sqlite3.Connection, project_id: int, patterns: Iterable[int]) -> dict[int, Shape]:
    """The shapes of a project's patterns that stand in its code, shown or not."""
    found: dict[int, Shape] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT p.id, v.kind, v.structure_hash, v.shingles FROM patterns p "
            "JOIN versions v ON v.id = p.version_id "
            "WHERE p.project_id = :project AND EXISTS (SELECT 1 FROM sites s WHERE s.pattern_id = p.id) "
            f"AND p.id IN ({names})",
            {"project": project_id, **values},
        )
        found.update((row[0], Shape(row[0], row[1], row[2], unpack_hashes(row[3]))) for row in rows)
    return found


class Bands(NamedTuple):
    """The keys that a pattern is found by, and its rank among those found by the same."""

    rank: int
    keys: frozenset[int]


def bands_of(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, Bands]:
    """The bands of patterns as stored; those without any are left out."""
    found: dict[int, Bands] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT pattern_id, rank, keys FROM bands WHERE pattern_id IN ({names})", values)
        found.update((row[0], Bands(row[1], frozenset(unpack_keys(row[2])))) for row in rows)
    return found


def replace_bands(conn: sqlite3.Connection, rows: Mapping[int, Bands | None]) -> None:
    """Find these patterns by these bands from now on; ``None``: by none."""
    conn.executemany("DELETE FROM bands WHERE pattern_id = ?", [(pattern,) for pattern in rows])
    found = {pattern: one for pattern, one in rows.items() if one}
    conn.executemany(
        "INSERT INTO bands (pattern_id, rank, keys) VALUES (?, ?, ?)",
        [(pattern, one.rank, pack_keys(one.keys)) for pattern, one in found.items()],
    )
    conn.executemany(
        "INSERT INTO likeness (key, pattern_id) VALUES (?, ?)",
        sorted((key, pattern) for pattern, one in found.items() for key in one.keys),
    )


def members(conn: sqlite3.Connection, keys: Iterable[int]) -> dict[int, list[int]]:
    """The patterns found by each key."""
    found: dict[int, list[int]] = {}
    for part in chunks(keys):
        names, values = named_list("key", part)
        rows = conn.execute(f"SELECT key, pattern_id FROM likeness WHERE key IN ({names})", values)
        for key, pattern in rows:
            found.setdefault(key, []).append(pattern)
    return found


def hubs(conn: sqlite3.Connection, keys: Iterable[int], most: int) -> dict[int, int]:
    """The pattern of the lowest rank, by each key that finds more than ``most`` patterns."""
    found: dict[int, int] = {}
    for part in chunks(keys):
        names, values = named_list("key", part)
        rows = conn.execute(
            f"""
            SELECT key FROM likeness WHERE key IN ({names}) GROUP BY key HAVING COUNT(*) > :most
            """,
            {"most": most, **values},
        )
        crowded = [row[0] for row in rows]
        listed, given = named_list("key", crowded)
        # The last of a key is the one of the lowest rank.
        lowest = conn.execute(
            f"""
            SELECT l.key, l.pattern_id FROM likeness l JOIN bands b ON b.pattern_id = l.pattern_id
            WHERE l.key IN ({listed}) ORDER BY b.rank DESC, l.pattern_id DESC
            """,
            given,
        )
        found.update((row[0], row[1]) for row in lowest)
    return found


def replace_alike(conn: sqlite3.Connection, patterns: Iterable[int], found: Iterable[Alike]) -> None:
    """What these patterns are alike from now on."""
    doomed = [(pattern, SIMILAR) for pattern in patterns]
    for column in ("source_id", "target_id"):
        conn.executemany(f"DELETE FROM relations WHERE {column} = ? AND kind = ?", doomed)
    conn.executemany(
        "INSERT INTO relations (source_id, target_id, kind, confidence, resolved, cosine) "
        "VALUES (?, ?, ?, ?, 1, ?)",
        [(one.one, one.other, SIMILAR, one.similarity, one.cosine) for one in found],
    )


def alike(conn: sqlite3.Connection, patterns: Collection[int]) -> set[Alike]:
    """Every pair with one of these patterns in it."""
    found: set[Alike] = set()
    for part in chunks(patterns):
        names, values = named_list("id", part)
        for column in ("source_id", "target_id"):
            rows = conn.execute(
                "SELECT source_id, target_id, confidence, cosine FROM relations "
                f"WHERE {column} IN ({names}) AND kind = :similar",
                {"similar": SIMILAR, **values},
            )
            found.update(Alike(*row) for row in rows)
    return found


def save_cosines(conn: sqlite3.Connection, pairs: Iterable[Alike]) -> None:
    """Note how near the vectors of these pairs are."""
    conn.executemany(
        "UPDATE relations SET cosine = ? WHERE source_id = ? AND target_id = ? AND kind = ?",
        [(one.cosine, one.one, one.other, SIMILAR) for one in pairs],
    )


def newest_vectors(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, dict[str, bytes]]:
    """The vectors of patterns by model fingerprint."""
    found: dict[int, dict[str, bytes]] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT p.id, m.fingerprint, x.vector FROM patterns p JOIN versions v ON v.id = p.version_id "
            "JOIN vectors x ON x.doc_hash = v.doc_hash JOIN models m ON m.id = x.model "
            f"WHERE p.id IN ({names}) ORDER BY x.rowid",
            values,
        )
        for pattern, fingerprint, vector in rows:
            found.setdefault(pattern, {})[fingerprint] = widen(vector)
    return found


def with_documents(conn: sqlite3.Connection, hashes: Iterable[str]) -> set[int]:
    """Patterns that show a version with one of these documents."""
    found: set[int] = set()
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            "SELECT p.id FROM patterns p JOIN versions v ON v.id = p.version_id "
            f"WHERE v.doc_hash IN ({names})",
            values,
        )
        found.update(row[0] for row in rows)
    return found


class Look(NamedTuple):
    """What tells a copy from what only looks like one: the unit's own name, and the size of its code."""

    name: str
    shingles: int
    shown: bool


def looks(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, Look]:
    """The looks of patterns."""
    found: dict[int, Look] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            "SELECT p.id, p.qualname, LENGTH(v.shingles) / 3, p.gone FROM patterns p "
            f"JOIN versions v ON v.id = p.version_id WHERE p.id IN ({names})",
            values,
        )
        found.update((row[0], Look(row[1].rpartition(".")[2], row[2], row[3] is None)) for row in rows)
    return found


def families(conn: sqlite3.Connection, patterns: Collection[int]) -> dict[int, int | None]:
    """The leads of these patterns and of all who share a lead with one of them."""
    found: dict[int, int | None] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT COALESCE(lead_id, id) FROM patterns WHERE id IN ({names})", values)
        leads = sorted({row[0] for row in rows})
        for some in chunks(leads):
            listed, given = named_list("lead", some)
            for column in ("id", "lead_id"):
                rows = conn.execute(f"SELECT id, lead_id FROM patterns WHERE {column} IN ({listed})", given)
                found.update((row[0], row[1]) for row in rows)
    return found


def own_leads(conn: sqlite3.Connection, patterns: Iterable[int]) -> dict[int, int]:
    """By which pattern each of these is shown: its lead, or itself."""
    found: dict[int, int] = {}
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(f"SELECT id, COALESCE(lead_id, id) FROM patterns WHERE id IN ({names})", values)
        found.update((row[0], row[1]) for row in rows)
    return found


def in_families(conn: sqlite3.Connection, patterns: Iterable[int]) -> set[int]:
    """Those of these patterns that are shown by a lead, or are one."""
    found: set[int] = set()
    for part in chunks(patterns):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"SELECT id FROM patterns WHERE id IN ({names}) AND lead_id IS NOT NULL "
            f"UNION SELECT lead_id FROM patterns WHERE lead_id IN ({names})",
            values,
        )
        found.update(row[0] for row in rows)
    return found


def hand_over(conn: sqlite3.Connection, old: int, lead: int) -> None:
    """All that ``old`` leads, and itself, is shown by ``lead`` from now on."""
    values = {"old": old, "lead": lead}
    conn.execute("UPDATE patterns SET lead_id = :lead WHERE lead_id = :old OR id = :old", values)


def save_leads(conn: sqlite3.Connection, rows: Iterable[tuple[int, int | None]]) -> None:
    """(pattern, lead): by which pattern it is shown."""
    conn.executemany("UPDATE patterns SET lead_id = ? WHERE id = ?", [(lead, one) for one, lead in rows])


def everyone_alike(conn: sqlite3.Connection, project_id: int) -> set[int]:
    """Patterns of a project that are alike another one, or shown by one."""
    rows = conn.execute(
        """
        SELECT id FROM patterns WHERE project_id = :project AND lead_id IS NOT NULL
        UNION SELECT p.id FROM relations r JOIN patterns p ON p.id = r.source_id
        WHERE r.kind = :similar AND p.project_id = :project
        UNION SELECT p.id FROM relations r JOIN patterns p ON p.id = r.target_id
        WHERE r.kind = :similar AND p.project_id = :project
        """,
        {"project": project_id, "similar": SIMILAR},
    )
    return {row[0] for row in rows}
