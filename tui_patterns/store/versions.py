"""The versions of patterns: their code, and what is known of it where it stands.

Every function expects to be called inside one transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Any

from tui_patterns.models import Unit
from tui_patterns.store import qualities
from tui_patterns.store.documents import CALLS
from tui_patterns.store.numbers import pack_hashes
from tui_patterns.store.packing import pack
from tui_patterns.store.sql import dump, now
from tui_patterns.store.variants import LabelRow, key_of


def save_version(conn: sqlite3.Connection, pattern: int, unit: Unit, doc_hash: str) -> int:
    """The version of ``pattern`` with this code; code seen before is the version it was."""
    facts, labels = {**_facts(unit), "doc_hash": doc_hash}, _labels(unit)
    facts["code_hash"] = key_of(conn, pattern, facts, labels, unit.rights)
    row = conn.execute(
        """
        INSERT INTO versions (pattern_id, code_hash, structure_hash, name, kind, pattern_type, category,
            language, framework, complexity, quality, quality_parts, tags, dependencies, shingles,
            doc_hash, created, subcategory, component_type, form)
        VALUES (:pattern, :code_hash, :structure_hash, :name, :kind, :pattern_type, :category,
            :language, :framework, :complexity, :quality, :quality_parts, :tags, :dependencies,
            :shingles, :doc_hash, :now, :subcategory, :component_type, :form)
        ON CONFLICT (pattern_id, code_hash) DO UPDATE SET
            structure_hash = excluded.structure_hash, name = excluded.name, kind = excluded.kind,
            pattern_type = excluded.pattern_type, category = excluded.category,
            framework = excluded.framework, complexity = excluded.complexity,
            quality = excluded.quality, quality_parts = excluded.quality_parts, tags = excluded.tags,
            dependencies = excluded.dependencies, shingles = excluded.shingles,
            doc_hash = excluded.doc_hash, subcategory = excluded.subcategory,
            component_type = excluded.component_type, form = excluded.form
        RETURNING id
        """,
        {"pattern": pattern, "now": now(), **facts},
    ).fetchone()
    version = int(row["id"])
    _save_body(conn, version, facts["body"])
    _save_labels(conn, version, labels)
    _save_rights(conn, version, unit)
    return version


def _facts(unit: Unit) -> dict[str, Any]:
    quality = unit.quality
    return {
        "code_hash": _version_key(unit),
        "structure_hash": unit.structure_hash,
        "name": unit.name,
        "kind": unit.kind,
        "pattern_type": unit.pattern_type,
        "category": unit.category,
        "language": unit.language,
        "framework": unit.framework,
        "body": pack(unit.code, unit.docstring, unit.signature, dump(unit.facets), CALLS.join(unit.calls)),
        "complexity": unit.complexity,
        "quality": quality.overall,
        "quality_parts": qualities.written({part: getattr(quality, part) for part in qualities.NAMES}),
        "tags": dump(unit.tags),
        "dependencies": dump(unit.dependencies),
        "shingles": pack_hashes(unit.shingles),
        "subcategory": unit.subcategory,
        "component_type": unit.component_type,
        "form": unit.form,
    }


_KEY_DIGITS = 16  # of a SHA-256: one pattern's versions are told apart by them


def _version_key(unit: Unit) -> str:
    """What tells versions apart: the text, and the names of the definitions around it.

    A title names the class, so that one text in two classes has two; and it says of the inner half
    of a definition beside it that it is internal, of what does the same for many that it is bulk.
    """
    owner = unit.qualname.rpartition(".")[0]
    beside = {"Internal", "Bulk"} & {*unit.name.split()[:3]}
    if beside:
        owner = "\0".join([owner, *sorted(beside)])
    whole = hashlib.sha256(f"{owner}\0{unit.code_hash}".encode()).hexdigest() if owner else unit.code_hash
    return whole[:_KEY_DIGITS]


def _save_body(conn: sqlite3.Connection, version: int, body: bytes) -> None:
    conn.execute(
        "INSERT INTO codes (version_id, body) VALUES (:version, :body) "
        "ON CONFLICT (version_id) DO UPDATE SET body = excluded.body",
        {"version": version, "body": body},
    )


def _labels(unit: Unit) -> list[LabelRow]:
    return [
        (one.label, one.confidence, dump([line - unit.line for line in one.evidence]), one.why)
        for one in unit.labels
    ]


def _save_labels(conn: sqlite3.Connection, version: int, labels: Iterable[LabelRow]) -> None:
    conn.execute("DELETE FROM labels WHERE version_id = :version", {"version": version})
    conn.executemany(
        "INSERT INTO labels (version_id, label, confidence, evidence, why) VALUES (?, ?, ?, ?, ?)",
        [(version, *one) for one in labels],
    )


def _save_rights(conn: sqlite3.Connection, version: int, unit: Unit) -> None:
    conn.execute("DELETE FROM rights WHERE version_id = :version", {"version": version})
    named = [{"label": label, "version": version} for label in unit.rights]
    conn.executemany("INSERT INTO right_labels (label) VALUES (:label) ON CONFLICT (label) DO NOTHING", named)
    conn.executemany(
        "INSERT INTO rights (label, version_id) SELECT id, :version FROM right_labels WHERE label = :label",
        named,
    )


_VERSION_COLUMNS = (
    "code_hash, structure_hash, name, kind, pattern_type, category, language, framework, "
    "complexity, quality, quality_parts, tags, dependencies, shingles, doc_hash, created, subcategory, "
    "component_type, form"
)
_OF_A_VERSION = {"codes": "body", "labels": "label, confidence, evidence, why", "rights": "label"}


def copy_version(conn: sqlite3.Connection, version: int, pattern: int) -> int:
    """The version of ``pattern`` that is as ``version`` of another one is."""
    kept = ", ".join(
        f"{name} = excluded.{name}" for name in _VERSION_COLUMNS.split(", ") if name != "created"
    )
    row = conn.execute(
        f"INSERT INTO versions (pattern_id, {_VERSION_COLUMNS}) SELECT :pattern, {_VERSION_COLUMNS} "
        "FROM versions WHERE id = :version "
        f"ON CONFLICT (pattern_id, code_hash) DO UPDATE SET {kept} RETURNING id",
        {"pattern": pattern, "version": version},
    ).fetchone()
    copy = int(row["id"])
    for table, columns in _OF_A_VERSION.items():
        conn.execute(f"DELETE FROM {table} WHERE version_id = :copy", {"copy": copy})
        conn.execute(
            f"INSERT INTO {table} (version_id, {columns}) SELECT :copy, {columns} FROM {table} "
            "WHERE version_id = :version",
            {"copy": copy, "version": version},
        )
    return copy
