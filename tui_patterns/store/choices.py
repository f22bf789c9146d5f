"""What a search can be narrowed to: each value that patterns in the code have, with how many have it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from tui_patterns.models import COMPLEXITY_LIMITS

_SHOWN = "p.gone IS NULL AND p.lead_id IS NULL"
_FIELDS = ("language", "framework", "pattern_type", "project", "category", "subcategory", "component_type")
_FACTS = f"""
    SELECT v.language, v.framework, v.pattern_type, r.name, v.category, v.subcategory, v.component_type,
           v.tags, v.complexity, v.quality
    FROM patterns p JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id
    WHERE {_SHOWN}
"""
_LABELS = f"""
    SELECT l.label, COUNT(*) FROM patterns p JOIN labels l ON l.version_id = p.version_id
    WHERE {_SHOWN} GROUP BY l.label
"""

Counts = dict[str, dict[str, int]]


def values(conn: sqlite3.Connection, at_least: Sequence[float]) -> Counts:
    """Counts by the names of ``Filters``' fields, most first; near-copies count as one.

    ``min_quality`` counts, for each bound *at_least* as text, the patterns that reach it.
    """
    rows = [tuple(row) for row in conn.execute(_FACTS)]
    columns = list(zip(*rows, strict=True)) or [()] * (len(_FIELDS) + 3)
    *named, tags, complexities, qualities = columns
    found = {field: _counted(column) for field, column in zip(_FIELDS, named, strict=True)}
    known = [quality for quality in qualities if quality is not None]
    return {
        **found,
        "label": _sorted(Counter({row[0]: row[1] for row in conn.execute(_LABELS)})),
        "tag": _tags(tags),
        "complexity_range": _ranges(complexities),
        "min_quality": {str(bound): sum(one >= bound for one in known) for bound in at_least},
    }


def _counted(column: Iterable[str | None]) -> dict[str, int]:
    return _sorted(Counter(value for value in column if value is not None))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _tags(column: Iterable[str]) -> dict[str, int]:
    """Tags are JSON lists, and few of them differ."""
    counts: Counter[str] = Counter()
    for text, n in Counter(column).items():
        counts.update(dict.fromkeys(json.loads(text), n))
    return _sorted(counts)


def _ranges(column: Iterable[int | None]) -> dict[str, int]:
    """How many are how complex, the simplest first."""
    counts = Counter(column)
    found: dict[str, int] = {}
    for name, limit in COMPLEXITY_LIMITS.items():
        within = [known for known in counts if known is not None and (limit is None or known <= limit)]
        found[name] = sum(counts.pop(known) for known in within)
    return found
