"""Files that hold no pattern and define no function or class: names for values alone, as signals or settings."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from tui_patterns.store.sql import load

_VALUE = "v"  # how a visible name's text begins in an outline (extraction/outline.py)
_DEFINED = ("d", "g", "c")


@dataclass(frozen=True, slots=True)
class BareFile:
    """A file by its project's root and its path, and the names that it gives to values."""

    root: str
    path: str
    names: tuple[str, ...]


def bare_files(conn: sqlite3.Connection, project: str | None = None) -> list[BareFile]:
    """All of them, or those of one project; files that only import are left out."""
    rows = conn.execute(
        """
        SELECT r.root, f.path, o.names FROM outlines o
        JOIN files f ON f.id = o.file_id JOIN projects r ON r.id = f.project_id
        WHERE NOT EXISTS (SELECT 1 FROM sites s WHERE s.file_id = f.id)
            AND (:project IS NULL OR r.name = :project)
        ORDER BY r.root, f.path
        """,
        {"project": project},
    )
    found = ((root, path, load(names)) for root, path, names in rows)
    return [
        BareFile(root, path, values)
        for root, path, names in found
        if (values := _values(names)) and not any(text.startswith(_DEFINED) for text in names.values())
    ]


def _values(names: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name, text in names.items() if text.startswith(_VALUE) and "." not in name)
