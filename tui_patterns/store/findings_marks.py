"""What a person called no problem: by the mark of a finding, which survives lines that move."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from tui_patterns.store.sql import now, rows_in


@dataclass(frozen=True, slots=True)
class Dismissal:
    """One "not a problem here"; ``line`` holds the words of the line when it was said."""

    mark: str
    file: str
    qualname: str | None
    label: str
    line: str
    created: float = 0.0


def save(conn: sqlite3.Connection, dismissal: Dismissal) -> None:
    """Remember it; again is as once."""
    conn.execute(
        """
        INSERT INTO dismissals (mark, file, qualname, label, line, created)
        VALUES (:mark, :file, :qualname, :label, :line, :now) ON CONFLICT (mark) DO NOTHING
        """,
        {
            "mark": dismissal.mark,
            "file": dismissal.file,
            "qualname": dismissal.qualname,
            "label": dismissal.label,
            "line": dismissal.line,
            "now": now(),
        },
    )


def remove(conn: sqlite3.Connection, mark: str) -> None:
    """Forget it: the finding counts again."""
    conn.execute("DELETE FROM dismissals WHERE mark = :mark", {"mark": mark})


def by_prefix(conn: sqlite3.Connection, prefix: str) -> list[Dismissal]:
    """Those whose mark begins with ``prefix``, newest first."""
    rows = conn.execute(
        "SELECT * FROM dismissals WHERE mark >= :low AND mark < :high ORDER BY created DESC, mark",
        {"low": prefix, "high": prefix + "\uffff"},
    )
    return [Dismissal(**dict(row)) for row in rows]


def among(conn: sqlite3.Connection, marks: Iterable[str]) -> set[str]:
    """Which of these marks were dismissed."""
    rows = rows_in(conn, "SELECT mark FROM dismissals WHERE mark IN (:ids)", marks)
    return {row["mark"] for row in rows}
