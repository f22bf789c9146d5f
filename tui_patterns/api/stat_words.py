"""The statistics of a library in words: the tables that every face shows. Names in them are foreign text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tui_patterns.models import LibraryStats

ROWS = 10
TIERS = ("high", "medium", "low", "unknown")
USES = {
    "used": "used",
    "unused": "not used",
    "open": "not known yet",
    "censored": "cut short",
    "unknown": "cannot be known",
}
_BLOCKS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class StatRow:
    """One line of a table; ``share`` in 0..1 is its part of the table's largest."""

    name: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class StatTable:
    """Counts by name, the first rows of them; ``more`` were left out."""

    title: str
    rows: tuple[StatRow, ...]
    more: int = 0


def stat_tables(found: LibraryStats) -> list[StatTable]:
    """What the library holds, what became of it, and how its code hangs together; empty tables left out."""
    by_tier = {name: found.by_tier[name] for name in TIERS if name in found.by_tier}
    tables = [
        _table("by type", _worded(found.by_type)),
        _table("by quality", by_tier),
        _table("by label", _worded(found.by_label)),
        _table("by category", _rest(_worded(found.by_category), "not known", found.patterns)),
        _table("by language", found.by_language),
        _table("by framework", _rest(found.by_framework, "none", found.patterns)),
        _table("by project", found.by_project),
        _table("references in code", _worded(found.relations)),
        _table("after injection", {USES.get(state, state): n for state, n in found.uses.items()}),
        _table("sessions, by whom", found.by_source),
        *_antipatterns(found),
    ]
    return [table for table in tables if table.rows]


def _antipatterns(found: LibraryStats) -> Iterator[StatTable]:
    if len(found.antipatterns_by_project) > 1:
        totals = {name: sum(labels.values()) for name, labels in found.antipatterns_by_project.items()}
        yield _table("anti-patterns", dict(sorted(totals.items(), key=lambda one: (-one[1], one[0]))))
    for project, labels in found.antipatterns_by_project.items():
        yield _table(f"anti-patterns in {project}", _worded(labels))


def _worded(counts: Mapping[str, int]) -> dict[str, int]:
    return {name.replace("_pattern", "").replace("_", " ").lower(): n for name, n in counts.items()}


def _rest(counts: Mapping[str, int], name: str, total: int) -> dict[str, int]:
    rest = total - sum(counts.values())
    return {**counts, name: rest} if counts and rest > 0 else dict(counts)


def _table(title: str, counts: Mapping[str, int]) -> StatTable:
    most = max(counts.values(), default=0)
    shown = list(counts.items())[:ROWS]
    rows = tuple(StatRow(name, n, n / most if most else 0.0) for name, n in shown)
    return StatTable(title, rows, len(counts) - len(shown))


def bar(share: float, width: int) -> str:
    """A bar of at most *width* cells, in eighths of a cell; what is more than nothing is always seen."""
    eighths = max(round(min(share, 1.0) * width * 8), 1 if share > 0 else 0)
    return "█" * (eighths // 8) + _BLOCKS[eighths % 8].strip()


def by_whom(by: Mapping[str, int]) -> str:
    """Sessions by where they came from, in words."""
    return ", ".join(f"{who} {n}" for who, n in by.items())


def averages(found: LibraryStats) -> list[tuple[str, str]]:
    """Quality, success rate and label confidence on average; what is not known says so."""
    quality = "not known" if found.average_quality is None else f"{found.average_quality:.2f}"
    success = "not yet tried"
    if found.average_confidence is not None:
        success = f"{found.average_confidence:.0%} over {found.tried} tried"
    sure = found.average_label_confidence
    return [
        ("average quality", quality),
        ("success rate", success),
        ("label confidence", "no labels" if sure is None else f"{sure:.0%}"),
    ]
