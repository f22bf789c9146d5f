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
    "filters": ("Filters",),
    "relation_words": ("RELATION_WORDS", "RelationKind"),
    "status": ("EngineStatus",),
    "findings": ("Finding", "Severity"),
    "indexing": ("Change", "IndexReport"),
    "learning": (
        "Chosen",
        "Enhanced",
        "Event",
        "EventKind",
        "InjectedPattern",
        "Injection",
        "Learned",
        "Retired",
        "Usage",
        "UseState",
    ),
    "patterns": ("HistoryEntry", "Interval", "Pattern", "RatingSummary", "Site", "TestRecord"),
    "relations": (
        "Combination",
        "Conflict",
        "Graph",
        "GraphEdge",
        "GraphNode",
        "Metrics",
        "Related",
    ),
    "searching": (
        "Example",
        "ExampleKind",
        "Hit",
        "IndexKind",
        "SearchMode",
        "SearchResult",
        "SemanticRows",
    ),
    "statistics": ("LibraryStats", "Referenced", "Used"),
    "units": (
        "COMPLEXITY_LIMITS",
        "ComplexityRange",
        "FileSymbols",
        "Form",
        "Kind",
        "Label",
        "ParsedFile",
        "PatternType",
        "Quality",
        "Reference",
        "Unit",
        "complexity_range",
    ),
}
_HOME = {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}
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


__getattr__ = lazily(__name__, _HOME)
