"""The parts of a version's quality, which several readers of a project find out one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from tui_patterns.store.sql import dump, load, rows_in

Parts = dict[str, float | None]


NAMES = ("complexity", "coverage", "documentation", "maintainability", "reusability")
"""The parts, in the order in which a version's row lists them."""


def written(known: Mapping[str, float | None]) -> str:
    """Parts as they are stored: a JSON list in the order of ``NAMES``."""
    return dump([known.get(name) for name in NAMES])


def read(text: str) -> Parts:
    """What ``written`` wrote."""
    return dict(zip(NAMES, load(text), strict=False))


def parts(conn: sqlite3.Connection, versions: Iterable[int]) -> dict[int, Parts]:
    """The stored parts by version id."""
    rows = rows_in(conn, "SELECT id, quality_parts FROM versions WHERE id IN (:ids)", versions)
    return {row["id"]: read(row["quality_parts"]) for row in rows}


def save(
    conn: sqlite3.Connection, version: int, known: Mapping[str, float | None], overall: float | None
) -> None:
    """Write all parts of a version, and what they come to."""
    conn.execute(
        "UPDATE versions SET quality = :quality, quality_parts = :parts WHERE id = :id",
        {"quality": overall, "parts": written(known), "id": version},
    )
