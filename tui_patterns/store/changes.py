"""What an index run writes: patterns, their versions, sites, labels and search words.

Every function expects to be called inside one transaction.
"""

from __future__ import annotations

import sqlite3
import uuid
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.models import Unit
from tui_patterns.store.sql import chunks, dump, named_list, now


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A stored site with what identity needs to know of its pattern."""

    site: int
    pattern: int
    version: int
    file: int
    path: str
    qualname: str
    line: int
    structure_hash: str
    main: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern that a new unit may turn out to be."""

    pattern: int
    path: str
    qualname: str
    structure_hash: str
    shingles: tuple[int, ...]
    gone: float | None


@dataclass(frozen=True, slots=True)
class Words:
    """The words a pattern is found by, one string a field."""

    title: str
    names: str
    path: str
    prose: str
    tags: str


def sites_of_files(conn: sqlite3.Connection, file_ids: Iterable[int]) -> list[SiteRow]:
    """All sites in these files."""
    return _sites(conn, "s.file_id", file_ids)


def sites_of_patterns(conn: sqlite3.Connection, row_ids: Iterable[int]) -> list[SiteRow]:
    """All sites of these patterns, by path and line."""
    return _sites(conn, "s.pattern_id", row_ids)


def _sites(conn: sqlite3.Connection, column: str, values: Iterable[int]) -> list[SiteRow]:
    found: list[SiteRow] = []
    for part in chunks(values):
        names, parameters = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT s.id AS site, s.pattern_id AS pattern, s.version_id AS version, s.file_id AS file,
                   f.path, s.qualname, s.line, v.structure_hash,
                   (p.path = f.path AND p.qualname = s.qualname AND p.line = s.line) AS main
            FROM sites s JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id
            JOIN patterns p ON p.id = s.pattern_id
            WHERE {column} IN ({names}) ORDER BY f.path, s.line
            """,
            parameters,
        )
        found += [SiteRow(**{**dict(row), "main": bool(row["main"])}) for row in rows]
    return found


def live_by_structure(
    conn: sqlite3.Connection, project_id: int, hashes: Iterable[str], without_files: set[int]
) -> dict[str, int]:
    """Pattern by structure hash, where it has a site outside of ``without_files``."""
    found: dict[str, int] = {}
    for part in chunks(hashes):
        names, values = named_list("hash", part)
        rows = conn.execute(
            f"""
            SELECT v.structure_hash AS hash, s.pattern_id AS pattern, s.file_id AS file
            FROM versions v JOIN sites s ON s.version_id = v.id JOIN patterns p ON p.id = s.pattern_id
            WHERE p.project_id = :project AND v.structure_hash IN ({names}) ORDER BY s.id DESC
            """,
            {"project": project_id, **values},
        )
        found.update((row["hash"], row["pattern"]) for row in rows if row["file"] not in without_files)
    return found


def candidates(conn: sqlite3.Connection, row_ids: Iterable[int]) -> list[Candidate]:
    """These patterns as candidates, by row id."""
    found: list[Candidate] = []
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        found += _candidates(conn, f"p.id IN ({names})", values)
    return found


def gone_candidates(
    conn: sqlite3.Connection, project_id: int, qualnames: Iterable[str], hashes: Iterable[str], since: float
) -> list[Candidate]:
    """Patterns no longer on disk that share a name or structure, or left after ``since``."""
    base = {"project": project_id}
    found = {
        one.pattern: one
        for one in _candidates(conn, "p.project_id = :project AND p.gone >= :since", {**base, "since": since})
    }
    for column, wanted in (("p.qualname", qualnames), ("v.structure_hash", hashes)):
        for part in chunks(set(wanted)):
            names, values = named_list("key", part)
            where = f"p.project_id = :project AND p.gone IS NOT NULL AND {column} IN ({names})"
            found.update((one.pattern, one) for one in _candidates(conn, where, {**base, **values}))
    return [found[key] for key in sorted(found)]


def untouched_since(conn: sqlite3.Connection, project_id: int, since: float) -> list[Candidate]:
    """Live patterns made after ``since`` that nobody rated and no prompt carried."""
    return _candidates(
        conn,
        """
        p.project_id = :project AND p.gone IS NULL AND p.created >= :since
        AND NOT EXISTS (SELECT 1 FROM ratings t WHERE t.pattern_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM injection_patterns x WHERE x.pattern_id = p.id)
        """,
        {"project": project_id, "since": since},
    )


def _candidates(conn: sqlite3.Connection, where: str, values: dict[str, Any]) -> list[Candidate]:
    rows = conn.execute(
        f"""
        SELECT p.id, p.path, p.qualname, v.structure_hash, v.shingles, p.gone
        FROM patterns p JOIN versions v ON v.id = p.version_id WHERE {where} ORDER BY p.id
        """,
        values,
    )
    return [
        Candidate(
            row["id"], row["path"], row["qualname"], row["structure_hash"], unpack(row["shingles"]), row["gone"]
        )
        for row in rows
    ]


def pack(shingles: Sequence[int]) -> bytes:
    """32-bit hashes as bytes."""
    return array("I", shingles).tobytes()


def unpack(blob: bytes) -> tuple[int, ...]:
    """What ``pack`` wrote."""
    values = array("I")
    values.frombytes(blob)
    return tuple(values)


def add_pattern(conn: sqlite3.Connection, project_id: int, unit: Unit) -> int:
    """A new identity, not yet with a version; returns its row id."""
    row = conn.execute(
        """
        INSERT INTO patterns (uuid, project_id, path, qualname, line, end_line, created, updated)
        VALUES (:uuid, :project, :path, :qualname, :line, :end_line, :now, :now) RETURNING id
        """,
        {"uuid": str(uuid.uuid4()), "project": project_id, **_place(unit), "now": now()},
    ).fetchone()
    return int(row["id"])


def save_version(conn: sqlite3.Connection, pattern: int, unit: Unit, doc_hash: str) -> int:
    """The version of ``pattern`` with this code; code seen before is the version it was."""
    row = conn.execute(
        """
        INSERT INTO versions (pattern_id, code_hash, structure_hash, name, kind, pattern_type, category,
            language, framework, code, signature, docstring, complexity, quality, quality_parts, tags,
            dependencies, facets, shingles, doc_hash, created)
        VALUES (:pattern, :code_hash, :structure_hash, :name, :kind, :pattern_type, :category,
            :language, :framework, :code, :signature, :docstring, :complexity, :quality, :quality_parts, :tags,
            :dependencies, :facets, :shingles, :doc_hash, :now)
        ON CONFLICT (pattern_id, code_hash) DO UPDATE SET
            structure_hash = excluded.structure_hash, name = excluded.name, kind = excluded.kind,
            pattern_type = excluded.pattern_type, category = excluded.category, framework = excluded.framework,
            signature = excluded.signature, complexity = excluded.complexity, quality = excluded.quality,
            quality_parts = excluded.quality_parts, tags = excluded.tags, dependencies = excluded.dependencies,
            facets = excluded.facets, shingles = excluded.shingles, doc_hash = excluded.doc_hash
        RETURNING id
        """,
        {"pattern": pattern, "doc_hash": doc_hash, "now": now(), **_facts(unit)},
    ).fetchone()
    version = int(row["id"])
    _save_labels(conn, version, unit)
    return version


def _facts(unit: Unit) -> dict[str, Any]:
    quality = unit.quality
    parts = ("complexity", "documentation", "coverage", "reusability", "maintainability")
    return {
        "code_hash": unit.code_hash,
        "structure_hash": unit.structure_hash,
        "name": unit.name,
        "kind": unit.kind,
        "pattern_type": unit.pattern_type,
        "category": unit.category,
        "language": unit.language,
        "framework": unit.framework,
        "code": unit.code,
        "signature": unit.signature,
        "docstring": unit.docstring,
        "complexity": unit.complexity,
        "quality": quality.overall,
        "quality_parts": dump({part: getattr(quality, part) for part in parts}),
        "tags": dump(unit.tags),
        "dependencies": dump(unit.dependencies),
        "facets": dump(unit.facets),
        "shingles": pack(unit.shingles),
    }


def _save_labels(conn: sqlite3.Connection, version: int, unit: Unit) -> None:
    conn.execute("DELETE FROM labels WHERE version_id = :version", {"version": version})
    conn.executemany(
        "INSERT INTO labels (version_id, label, confidence, evidence) VALUES (?, ?, ?, ?)",
        [
            (version, one.label, one.confidence, dump([line - unit.line for line in one.evidence]))
            for one in unit.labels
        ],
    )


def _place(unit: Unit) -> dict[str, Any]:
    return {"path": unit.path, "qualname": unit.qualname, "line": unit.line, "end_line": unit.end_line}


def add_site(conn: sqlite3.Connection, pattern: int, version: int, file_id: int, unit: Unit) -> None:
    """``pattern`` stands here too."""
    conn.execute(
        """
        INSERT INTO sites (pattern_id, version_id, file_id, qualname, line, end_line)
        VALUES (:pattern, :version, :file, :qualname, :line, :end_line)
        """,
        {
            "pattern": pattern,
            "version": version,
            "file": file_id,
            "qualname": unit.qualname,
            "line": unit.line,
            "end_line": unit.end_line,
        },
    )


def remove_sites(conn: sqlite3.Connection, file_ids: Iterable[int]) -> None:
    """Take every site in these files away."""
    conn.executemany("DELETE FROM sites WHERE file_id = ?", [(file_id,) for file_id in file_ids])


def set_main(conn: sqlite3.Connection, pattern: int, site: SiteRow, end_line: int, changed: bool) -> None:
    """Show ``pattern`` by this site; it is on disk (again)."""
    conn.execute(
        """
        UPDATE patterns SET version_id = :version, path = :path, qualname = :qualname, line = :line,
            end_line = :end_line, gone = NULL, updated = CASE WHEN :changed THEN :now ELSE updated END
        WHERE id = :id
        """,
        {
            "version": site.version,
            "path": site.path,
            "qualname": site.qualname,
            "line": site.line,
            "end_line": end_line,
            "changed": changed,
            "now": now(),
            "id": pattern,
        },
    )


def set_version(conn: sqlite3.Connection, pattern: int, version: int) -> None:
    """The version that a pattern shows."""
    conn.execute("UPDATE patterns SET version_id = :v WHERE id = :id", {"v": version, "id": pattern})


def mark_gone(conn: sqlite3.Connection, pattern: int) -> None:
    """No site is left: keep what was learned, find it no more."""
    conn.execute("UPDATE patterns SET gone = :now WHERE id = :id", {"now": now(), "id": pattern})
    conn.execute("DELETE FROM search_docs WHERE pattern_id = :id", {"id": pattern})


def remove_pattern(conn: sqlite3.Connection, pattern: int) -> None:
    """Delete an identity that carries no evidence."""
    conn.execute("DELETE FROM patterns WHERE id = :id", {"id": pattern})


def save_words(conn: sqlite3.Connection, pattern: int, words: Words) -> None:
    """Make a pattern findable by these words."""
    conn.execute(
        """
        INSERT INTO search_docs (pattern_id, title, names, path, prose, tags)
        VALUES (:pattern, :title, :names, :path, :prose, :tags)
        ON CONFLICT (pattern_id) DO UPDATE SET title = excluded.title, names = excluded.names,
            path = excluded.path, prose = excluded.prose, tags = excluded.tags
        """,
        {
            "pattern": pattern,
            "title": words.title,
            "names": words.names,
            "path": words.path,
            "prose": words.prose,
            "tags": words.tags,
        },
    )


def split(conn: sqlite3.Connection, source: int, sites: Sequence[SiteRow]) -> int:
    """Move copies that did not follow an edit of their pattern to a pattern of their own."""
    first = sites[0]
    row = conn.execute(
        """
        INSERT INTO patterns (uuid, project_id, path, qualname, line, end_line, created, updated)
        SELECT :uuid, p.project_id, :path, :qualname, s.line, s.end_line, p.created, :now
        FROM patterns p JOIN sites s ON s.id = :site WHERE p.id = :source RETURNING id
        """,
        {
            "uuid": str(uuid.uuid4()),
            "path": first.path,
            "qualname": first.qualname,
            "now": now(),
            "site": first.site,
            "source": source,
        },
    ).fetchone()
    pattern = int(row["id"])
    versions = {site.version: _copy_version(conn, site.version, pattern) for site in sites}
    for site in sites:
        conn.execute(
            "UPDATE sites SET pattern_id = :pattern, version_id = :version WHERE id = :site",
            {"pattern": pattern, "version": versions[site.version], "site": site.site},
        )
    set_version(conn, pattern, versions[first.version])
    _copy_words(conn, source, pattern, first)
    return pattern


_VERSION_COLUMNS = (
    "code_hash, structure_hash, name, kind, pattern_type, category, language, framework, code, signature, "
    "docstring, complexity, quality, quality_parts, tags, dependencies, facets, shingles, doc_hash, created"
)


def _copy_version(conn: sqlite3.Connection, version: int, pattern: int) -> int:
    row = conn.execute(
        f"INSERT INTO versions (pattern_id, {_VERSION_COLUMNS}) SELECT :pattern, {_VERSION_COLUMNS} "
        "FROM versions WHERE id = :version RETURNING id",
        {"pattern": pattern, "version": version},
    ).fetchone()
    copy = int(row["id"])
    conn.execute(
        "INSERT INTO labels (version_id, label, confidence, evidence) "
        "SELECT :copy, label, confidence, evidence FROM labels WHERE version_id = :version",
        {"copy": copy, "version": version},
    )
    return copy


def _copy_words(conn: sqlite3.Connection, source: int, pattern: int, site: SiteRow) -> None:
    conn.execute(
        """
        INSERT INTO search_docs (pattern_id, title, names, path, prose, tags)
        SELECT :pattern, title, names, path, prose, tags FROM search_docs WHERE pattern_id = :source
        """,
        {"pattern": pattern, "source": source},
    )
