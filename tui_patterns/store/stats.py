"""Counts over the whole library; what was used, and by whom, is in ``usage.py``."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui_patterns.models import LibraryStats
from tui_patterns.store import files, usage

_SHOWN = "p.gone IS NULL AND p.lead_id IS NULL"
# One walk over the versions for all shares: their rows are long, and each walk costs as much as the rest.
_FACTS = f"""
    SELECT p.id, v.language, v.kind, v.framework, v.pattern_type, v.category, r.name AS project,
           v.quality, v.doc_hash
    FROM patterns p JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id
    WHERE {_SHOWN}
"""


class Fact(NamedTuple):
    """What is counted of one pattern in the code."""

    pattern: int
    language: str
    kind: str
    framework: str | None
    pattern_type: str
    category: str | None
    project: str
    quality: float | None
    doc_hash: str


def facts(conn: sqlite3.Connection) -> list[Fact]:
    """Every pattern that is shown."""
    return [Fact(*row) for row in conn.execute(_FACTS)]


def collect(
    conn: sqlite3.Connection, rows: Sequence[Fact], tier: Callable[[float | None], str]
) -> LibraryStats:
    """Everything that ``stats`` shows, but for uses, beliefs and anti-patterns; *tier* names a quality."""
    _, languages, kinds, frameworks, types, categories, projects, qualities, documents = (
        zip(*rows, strict=True) if rows else [()] * len(Fact._fields)
    )
    known = [quality for quality in qualities if quality is not None]
    by_label, confidence = _labels(conn)
    return LibraryStats(
        projects=_count(conn, "projects"),
        files=_count(conn, "files"),
        patterns=len(rows),
        gone=_count(conn, "patterns WHERE gone IS NOT NULL AND withheld IS NULL"),
        embedded=_embedded(conn, documents),
        ratings=_count(conn, "ratings"),
        injections=_count(conn, "injections"),
        by_language=_shares(languages),
        by_kind=_shares(kinds),
        by_framework=_shares(frameworks),
        by_project=_shares(projects),
        by_type=_shares(types),
        by_category=_shares(categories),
        by_label=by_label,
        by_tier=_tiers(qualities, tier),
        average_quality=sum(known) / len(known) if known else None,
        average_label_confidence=confidence,
        failed_files=tuple(files.failed(conn)),
        relations=_relations(conn),
        uses=usage.states(conn),
        most_referenced=tuple(usage.most_referenced(conn)),
    )


def _count(conn: sqlite3.Connection, table: str) -> int:
    return int(conn.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])


def _shares(values: Iterable[str | None]) -> dict[str, int]:
    counts = Counter(values)
    known = ((name, n) for name, n in counts.items() if name is not None)
    return dict(sorted(known, key=lambda share: (-share[1], share[0])))


def _tiers(qualities: Iterable[float | None], tier: Callable[[float | None], str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for quality, n in Counter(qualities).items():
        counts[tier(quality)] += n
    return dict(counts.most_common())


def _embedded(conn: sqlite3.Connection, documents: Iterable[str]) -> int:
    """How many of the documents have a vector, of whichever model."""
    known = {row[0] for row in conn.execute("SELECT DISTINCT doc_hash FROM vectors")}
    return sum(document in known for document in documents)


def _labels(conn: sqlite3.Connection) -> tuple[dict[str, int], float | None]:
    rows = conn.execute(
        f"""
        SELECT l.label, COUNT(*) AS n, SUM(l.confidence) AS sure
        FROM patterns p JOIN labels l ON l.version_id = p.version_id
        WHERE {_SHOWN} GROUP BY l.label ORDER BY n DESC, l.label
        """
    ).fetchall()
    total = sum(row["n"] for row in rows)
    sure = sum(row["sure"] for row in rows) / total if total else None
    return {row["label"]: row["n"] for row in rows}, sure


def _relations(conn: sqlite3.Connection) -> dict[str, int]:
    rows = conn.execute("SELECT kind, COUNT(*) AS n FROM relations GROUP BY kind ORDER BY n DESC, kind")
    return {row["kind"]: row["n"] for row in rows}
