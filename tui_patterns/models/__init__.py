"""The plain data that moves between floors: no behaviour, no imports from above.

Names load on first use, since making a dataclass takes time and no command needs them all.

Paths are POSIX, relative to their project's root, unless a field is named
``root`` or ``file``. Lines count from 1, both ends included. Times are Unix
seconds (float, UTC). Shares, confidences and relevances lie in 0..1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_patterns.lazy import lazily

if TYPE_CHECKING:
    from tui_patterns.models.filters import Filters
    from tui_patterns.models.findings import Finding, Severity
    from tui_patterns.models.indexing import Change, IndexReport
    from tui_patterns.models.learning import (
        Chosen,
        Enhanced,
        Event,
        EventKind,
        InjectedPattern,
        Injection,
        Learned,
        Retired,
        Usage,
        UseState,
    )
    from tui_patterns.models.patterns import HistoryEntry, Interval, Pattern, RatingSummary, Site, TestRecord
    from tui_patterns.models.relation_words import RELATION_WORDS, RelationKind
    from tui_patterns.models.relations import (
        Combination,
        Conflict,
        Graph,
        GraphEdge,
        GraphNode,
        Metrics,
        Related,
    )
    from tui_patterns.models.searching import (
        Example,
        ExampleKind,
        Hit,
        IndexKind,
        SearchMode,
        SearchResult,
        SemanticRows,
    )
    from tui_patterns.models.statistics import LibraryStats, Referenced, Used
    from tui_patterns.models.status import EngineStatus
    from tui_patterns.models.units import (
        COMPLEXITY_LIMITS,
        ComplexityRange,
        FileSymbols,
        Form,
        Kind,
        Label,
        ParsedFile,
        PatternType,
        Quality,
        Reference,
        Unit,
        complexity_range,
    )

_MODULES = {
    "tui_patterns.models.filters": "Filters",
    "tui_patterns.models.findings": "Finding Severity",
    "tui_patterns.models.indexing": "Change IndexReport",
    "tui_patterns.models.learning": (
        "Chosen Enhanced Event EventKind InjectedPattern Injection Learned Retired Usage UseState"
    ),
    "tui_patterns.models.patterns": "HistoryEntry Interval Pattern RatingSummary Site TestRecord",
    "tui_patterns.models.relation_words": "RELATION_WORDS RelationKind",
    "tui_patterns.models.relations": "Combination Conflict Graph GraphEdge GraphNode Metrics Related",
    "tui_patterns.models.searching": "Example ExampleKind Hit IndexKind SearchMode SearchResult SemanticRows",
    "tui_patterns.models.statistics": "LibraryStats Referenced Used",
    "tui_patterns.models.status": "EngineStatus",
    "tui_patterns.models.units": (
        "COMPLEXITY_LIMITS ComplexityRange FileSymbols Form Kind Label ParsedFile PatternType "
        "Quality Reference Unit complexity_range"
    ),
}

__all__ = [
    "COMPLEXITY_LIMITS",
    "RELATION_WORDS",
    "Change",
    "Chosen",
    "Combination",
    "ComplexityRange",
    "Conflict",
    "EngineStatus",
    "Enhanced",
    "Event",
    "EventKind",
    "Example",
    "ExampleKind",
    "FileSymbols",
    "Filters",
    "Finding",
    "Form",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "HistoryEntry",
    "Hit",
    "IndexKind",
    "IndexReport",
    "InjectedPattern",
    "Injection",
    "Interval",
    "Kind",
    "Label",
    "Learned",
    "LibraryStats",
    "Metrics",
    "ParsedFile",
    "Pattern",
    "PatternType",
    "Quality",
    "RatingSummary",
    "Reference",
    "Referenced",
    "Related",
    "RelationKind",
    "Retired",
    "SearchMode",
    "SearchResult",
    "SemanticRows",
    "Severity",
    "Site",
    "TestRecord",
    "Unit",
    "Usage",
    "UseState",
    "Used",
    "complexity_range",
]

__getattr__ = lazily(__name__, _MODULES)
