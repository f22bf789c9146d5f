"""Counts over the whole library; what was used, and by whom, is in ``usage.py``."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui_patterns.models import LibraryStats
from tui_patterns.store import files, usage

_SHOWN = "p.gone IS NULL AND p.lead_id IS NULL"
# The rows of versions are long: by pattern, and with the id as a mere condition (hence the plus sign), an
# index that holds all that is asked for is read in their place.
_CURRENT = "patterns p JOIN versions v ON v.pattern_id = p.id AND +v.id = p.version_id"
_FACTS = f"""
    SELECT p.id, v.language, v.kind, v.framework, v.pattern_type, v.category, p.project_id, v.quality
    FROM {_CURRENT} WHERE {_SHOWN}
"""


class Fact(NamedTuple):
    """What is counted of one pattern in the code."""

    pattern: int
    language: str
    kind: str
    framework: str | None
    pattern_type: str
    category: str | None
    project: int
    quality: float | None


def facts(conn: sqlite3.Connection) -> list[Fact]:
    """Every pattern that is shown."""
    return list(map(Fact._make, conn.execute(_FACTS)))


def collect(
    conn: sqlite3.Connection, rows: Sequence[Fact], tier: Callable[[float | None], str]
) -> LibraryStats:
    """Everything that ``stats`` shows, but for uses, beliefs and anti-patterns; *tier* names a quality."""
    _, languages, kinds, frameworks, types, categories, projects, qualities = (
        zip(*rows, strict=True) if rows else [()] * len(Fact._fields)
    )
    known = [quality for quality in qualities if quality is not None]
    by_label, confidence = _labels(conn)
    return LibraryStats(
        projects=_count(conn, "projects"),
        files=_count(conn, "files"),
        patterns=len(rows),
        gone=_count(conn, "patterns WHERE gone IS NOT NULL AND withheld IS NULL"),
        embedded=_embedded(conn),
        ratings=_count(conn, "ratings"),
        injections=_count(conn, "injections"),
        by_language=_shares(languages),
        by_kind=_shares(kinds),
        by_framework=_shares(frameworks),
        by_project=_by_project(conn, projects),
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
    counts = values if isinstance(values, Counter) else Counter(values)
    known = ((name, n) for name, n in counts.items() if name is not None)
    return dict(sorted(known, key=lambda share: (-share[1], share[0])))


def _tiers(qualities: Iterable[float | None], tier: Callable[[float | None], str]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for quality, n in Counter(qualities).items():
        counts[tier(quality)] += n
    return dict(counts.most_common())


def _by_project(conn: sqlite3.Connection, projects: Iterable[int]) -> dict[str, int]:
    """How many patterns each project has; two projects of one name count together."""
    names = dict(conn.execute("SELECT id, name FROM projects").fetchall())
    counts: Counter[str | None] = Counter()
    for project, n in Counter(projects).items():
        counts[names[project]] += n
    return _shares(counts)


def _embedded(conn: sqlite3.Connection) -> int:
    """How many have a vector, of whichever model."""
    has_vector = "v.doc_hash IN (SELECT doc_hash FROM vectors)"
    row = conn.execute(f"SELECT COUNT(*) FROM {_CURRENT} WHERE {_SHOWN} AND {has_vector}").fetchone()
    return int(row[0])


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
