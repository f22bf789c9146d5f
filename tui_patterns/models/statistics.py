"""Counts over the whole library."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern and its uses, as ``Usage`` counts them, ``by`` whose sessions.

    ``ratings``, and prompts that it was in (``injected``), of which it was ``used`` in so many.
    """

    id: str
    name: str
    project: str
    uses: int
    ratings: int
    injected: int
    used: int
    by: dict[str, int]


@dataclass(frozen=True, slots=True)
class Referenced:
    """A pattern and how often other code of its project refers to it: definitions, and files."""

    id: str
    name: str
    qualname: str
    project: str
    path: str
    line: int
    fan_in: int
    files: int


@dataclass(frozen=True, slots=True)
class LibraryStats:
    """Counts over the whole library; shares by name, largest first; near-copies count as one.

    ``average_confidence`` is the mean success rate of the ``tried`` patterns, ``None`` while there are
    none; ``average_label_confidence`` that of all labels. ``relations`` and ``most_referenced`` are
    about the code; ``most_used`` and ``uses`` (patterns in prompts, by what became of them) are not.
    """

    projects: int
    files: int
    patterns: int
    gone: int
    embedded: int
    ratings: int
    injections: int
    by_language: dict[str, int]
    by_kind: dict[str, int]
    by_framework: dict[str, int]
    by_project: dict[str, int]
    average_quality: float | None
    failed_files: tuple[tuple[str, str], ...] = ()
    examined: int = 0
    antipatterns: dict[str, int] = field(default_factory=dict)
    antipatterns_by_severity: dict[str, int] = field(default_factory=dict)
    antipatterns_by_project: dict[str, dict[str, int]] = field(default_factory=dict)
    by_type: dict[str, int] = field(default_factory=dict)
    by_category: dict[str, int] = field(default_factory=dict)
    by_label: dict[str, int] = field(default_factory=dict)
    by_tier: dict[str, int] = field(default_factory=dict)
    average_label_confidence: float | None = None
    average_confidence: float | None = None
    tried: int = 0
    relations: dict[str, int] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)
    by_source: dict[str, int] = field(default_factory=dict)
    most_used: tuple[Used, ...] = ()
    most_referenced: tuple[Referenced, ...] = ()
