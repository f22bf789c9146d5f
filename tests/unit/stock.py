"""A small library made by hand: units without a parser, stored the way the engine stores them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from tui_patterns.embedding.identifiers import words
from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.models import Change, Kind, Label, ParsedFile, Quality, Unit
from tui_patterns.store import patterns, projects
from tui_patterns.store.sqlite import connect

ROOT = Path("/project")


def unit(
    qualname: str,
    path: str = "app.py",
    *,
    line: int = 1,
    body: str = "",
    docstring: str | None = None,
    kind: Kind = "function",
    framework: str | None = None,
    labels: Sequence[Label] = (),
    tags: tuple[str, ...] = (),
    quality: float | None = None,
    shingles: tuple[int, ...] = (),
    complexity: int = 4,
    category: str | None = None,
    subcategory: str | None = None,
    component_type: str | None = None,
) -> Unit:
    """A unit whose structure is its ``body`` (its own name, if there is none)."""
    code = f"def {qualname.rpartition('.')[2]}(value):\n    {body or qualname}\n"
    digest = hashlib.sha256(code.encode()).hexdigest()
    return Unit(
        path=path,
        qualname=qualname,
        kind=kind,
        line=line,
        end_line=line + 5,
        name=" ".join(words(qualname)).title(),
        pattern_type="function_pattern",
        category=category,
        subcategory=subcategory,
        component_type=component_type,
        language="python",
        code=code,
        signature=f"def {qualname}(value)",
        code_hash=digest,
        structure_hash=hashlib.sha256((body or qualname).encode()).hexdigest(),
        shingles=shingles or tuple(sorted({int(digest[i : i + 8], 16) for i in range(0, 48, 4)})),
        labels=tuple(labels),
        tags=tags,
        framework=framework,
        complexity=complexity,
        quality=Quality(overall=quality),
        docstring=docstring,
    )


class Stock:
    """One project in a database; ``root`` need not exist."""

    def __init__(self, database: Path, root: Path = ROOT) -> None:
        self.path = database
        self.conn = connect(database, durable=False)
        self.project = projects.ensure(self.conn, root)
        self._ingest = Ingest(self.conn, self.project, root.name)

    def put(self, path: str, *units: Unit) -> Change:
        """Save a file that holds just these units."""
        digest = hashlib.sha256("".join(one.code for one in units).encode()).hexdigest()
        parsed = ParsedFile(path, digest, "python", 10, tuple(units))
        return self._ingest.apply([Arrival(parsed, 100, 1)])

    def drop(self, *paths: str) -> Change:
        """Delete files."""
        return self._ingest.apply([], paths)

    def id(self, qualname: str) -> str:
        """The id of the live pattern with this name."""
        row = self.conn.execute(
            "SELECT uuid FROM patterns WHERE qualname = ? AND gone IS NULL", (qualname,)
        ).fetchone()
        return str(row[0])

    def row(self, qualname: str) -> int:
        """The row id of the live pattern with this name."""
        return patterns.row_ids(self.conn, [self.id(qualname)])[self.id(qualname)]

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """What a query gives."""
        return self.conn.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the database."""
        self.conn.close()
