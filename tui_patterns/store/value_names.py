"""The names that files give to values: settings, signals, type aliases, what is shared by a module."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueNames:
    """A file by its project's root and its path, and the names that it gives to values."""

    root: str
    path: str
    names: tuple[str, ...]


def value_names(
    conn: sqlite3.Connection, words: Collection[str], project: str | None = None
) -> list[ValueNames]:
    """Files that may say one of ``words`` (in lower case) in a name or their path, of a project or of all."""
    if not words:
        return []
    said = " OR ".join(f"instr(lower(o.spoken || ' ' || f.path), :word{at})" for at in range(len(words)))
    rows = conn.execute(
        f"""
        SELECT r.root, f.path, o.spoken FROM outlines o
        JOIN files f ON f.id = o.file_id JOIN projects r ON r.id = f.project_id
        WHERE (:project IS NULL OR r.name = :project OR r.root = :project) AND o.spoken <> '' AND ({said})
        ORDER BY r.root, f.path
        """,
        {"project": project, **{f"word{at}": word for at, word in enumerate(words)}},
    )
    return [ValueNames(root, path, tuple(spoken.split())) for root, path, spoken in rows]
