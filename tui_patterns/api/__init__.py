"""The public Python API: everything that the app, the command line and agents may use.

Names load on first use, so that importing the package costs nothing: only what
parses, embeds or indexes imports anything heavy, and only when it is called.

    >>> from tui_patterns.api import PatternLibrary
    >>> library = PatternLibrary("patterns.db")
    >>> library.search_patterns("retry with backoff", limit=3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_patterns.lazy import lazily

if TYPE_CHECKING:
    from tui_patterns.api.agent_hooks import AgentHooks, HookEvent, hook_event
    from tui_patterns.api.antipatterns import advise
    from tui_patterns.api.checkup import Check, doctor
    from tui_patterns.api.company import diffs
    from tui_patterns.api.connections import LibraryError
    from tui_patterns.api.copying import copy_text
    from tui_patterns.api.embedding import Embedding, EmbeddingState
    from tui_patterns.api.examples import Examples, search_example
    from tui_patterns.api.experiments import Experiments, Standing
    from tui_patterns.api.extracting import extract_path, find_antipatterns, unread
    from tui_patterns.api.extractor import PatternExtractor
    from tui_patterns.api.facets import FacetWords, facet_words
    from tui_patterns.api.filtering import filter_values
    from tui_patterns.api.fixes import Advice, Fixes, FoundFix
    from tui_patterns.api.forgetting import Forgetting, Forgotten
    from tui_patterns.api.guards import PatternGuard, guards_below, pattern_guards
    from tui_patterns.api.indexer import Indexer, reindex
    from tui_patterns.api.injector import PatternInjector
    from tui_patterns.api.ledger import outcome_words, outcomes_of, undo_outcome
    from tui_patterns.api.library import PatternLibrary
    from tui_patterns.api.metric_words import (
        figure_basis,
        figure_value,
        fitted,
        measured_json,
        sparkline,
        unit_value,
    )
    from tui_patterns.api.metrics import Measured, Metrics, Taught
    from tui_patterns.api.news import learned_words
    from tui_patterns.api.reranking import prepare_reranker, rerank
    from tui_patterns.api.session_analyzer import SessionAnalyzer
    from tui_patterns.api.session_records import LeftOut, SessionSummary
    from tui_patterns.api.sessions import Sessions
    from tui_patterns.api.stat_words import StatTable, averages, bar, by_whom, stat_tables
    from tui_patterns.api.storage import PatternStorage
    from tui_patterns.clipboard import Route
    from tui_patterns.engine.client import EngineClient
    from tui_patterns.engine.client_events import ChangedEvent, EngineDown, EngineEvent, StatusEvent
    from tui_patterns.extraction.contract import unit_json
    from tui_patterns.extraction.tiers import quality_tier
    from tui_patterns.learning.behind import Entry as MetricEntry
    from tui_patterns.learning.changes import strategy_words
    from tui_patterns.learning.confidence import describe, tier
    from tui_patterns.learning.effects import Effect
    from tui_patterns.learning.error_classes import error_words
    from tui_patterns.learning.facets import describe_facet
    from tui_patterns.learning.figures import KEYS as FIGURES
    from tui_patterns.learning.figures import Figure, FigureKey
    from tui_patterns.learning.simulate import Simulated, simulate
    from tui_patterns.search.example import example_of
    from tui_patterns.search.explain import why_lines
    from tui_patterns.search.files import FileHit
    from tui_patterns.search.lexical import SearchInterrupted
    from tui_patterns.search.reranking import reranked
    from tui_patterns.store.errors import StoreError
    from tui_patterns.text import clean, clean_line, fence

_MODULES = {
    "tui_patterns.api.agent_hooks": "AgentHooks HookEvent hook_event",
    "tui_patterns.api.antipatterns": "advise",
    "tui_patterns.api.checkup": "Check doctor",
    "tui_patterns.api.company": "diffs",
    "tui_patterns.api.connections": "LibraryError",
    "tui_patterns.api.copying": "copy_text",
    "tui_patterns.api.embedding": "Embedding EmbeddingState",
    "tui_patterns.api.examples": "Examples search_example",
    "tui_patterns.api.experiments": "Experiments Standing",
    "tui_patterns.api.extracting": "extract_path find_antipatterns unread",
    "tui_patterns.api.extractor": "PatternExtractor",
    "tui_patterns.api.facets": "FacetWords facet_words",
    "tui_patterns.api.filtering": "filter_values",
    "tui_patterns.api.fixes": "Advice Fixes FoundFix",
    "tui_patterns.api.forgetting": "Forgetting Forgotten",
    "tui_patterns.api.guards": "PatternGuard guards_below pattern_guards",
    "tui_patterns.api.indexer": "Indexer reindex",
    "tui_patterns.api.injector": "PatternInjector",
    "tui_patterns.api.ledger": "outcome_words outcomes_of undo_outcome",
    "tui_patterns.api.library": "PatternLibrary",
    "tui_patterns.api.metric_words": "figure_basis figure_value fitted measured_json sparkline unit_value",
    "tui_patterns.api.metrics": "Measured Metrics Taught",
    "tui_patterns.api.news": "learned_words",
    "tui_patterns.api.reranking": "prepare_reranker rerank",
    "tui_patterns.api.session_analyzer": "SessionAnalyzer",
    "tui_patterns.api.session_records": "LeftOut SessionSummary",
    "tui_patterns.api.sessions": "Sessions",
    "tui_patterns.api.stat_words": "StatTable averages bar by_whom stat_tables",
    "tui_patterns.api.storage": "PatternStorage",
    "tui_patterns.clipboard": "Route",
    "tui_patterns.engine.client": "EngineClient",
    "tui_patterns.engine.client_events": "ChangedEvent EngineDown EngineEvent StatusEvent",
    "tui_patterns.extraction.contract": "unit_json",
    "tui_patterns.extraction.tiers": "quality_tier",
    "tui_patterns.learning.behind": "MetricEntry=Entry",
    "tui_patterns.learning.changes": "strategy_words",
    "tui_patterns.learning.confidence": "describe tier",
    "tui_patterns.learning.effects": "Effect",
    "tui_patterns.learning.error_classes": "error_words",
    "tui_patterns.learning.facets": "describe_facet",
    "tui_patterns.learning.figures": "FIGURES=KEYS Figure FigureKey",
    "tui_patterns.learning.simulate": "Simulated simulate",
    "tui_patterns.search.example": "example_of",
    "tui_patterns.search.explain": "why_lines",
    "tui_patterns.search.files": "FileHit",
    "tui_patterns.search.lexical": "SearchInterrupted",
    "tui_patterns.search.reranking": "reranked",
    "tui_patterns.store.errors": "StoreError",
    "tui_patterns.text": "clean clean_line fence",
}

__all__ = [
    "FIGURES",
    "Advice",
    "AgentHooks",
    "ChangedEvent",
    "Check",
    "Effect",
    "Embedding",
    "EmbeddingState",
    "EngineClient",
    "EngineDown",
    "EngineEvent",
    "Examples",
    "Experiments",
    "FacetWords",
    "Figure",
    "FigureKey",
    "FileHit",
    "Fixes",
    "Forgetting",
    "Forgotten",
    "FoundFix",
    "HookEvent",
    "Indexer",
    "LeftOut",
    "LibraryError",
    "Measured",
    "MetricEntry",
    "Metrics",
    "PatternExtractor",
    "PatternGuard",
    "PatternInjector",
    "PatternLibrary",
    "PatternStorage",
    "Route",
    "SearchInterrupted",
    "SessionAnalyzer",
    "SessionSummary",
    "Sessions",
    "Simulated",
    "Standing",
    "StatTable",
    "StatusEvent",
    "StoreError",
    "Taught",
    "advise",
    "averages",
    "bar",
    "by_whom",
    "clean",
    "clean_line",
    "copy_text",
    "describe",
    "describe_facet",
    "diffs",
    "doctor",
    "error_words",
    "example_of",
    "extract_path",
    "facet_words",
    "fence",
    "figure_basis",
    "figure_value",
    "filter_values",
    "find_antipatterns",
    "fitted",
    "guards_below",
    "hook_event",
    "learned_words",
    "measured_json",
    "outcome_words",
    "outcomes_of",
    "pattern_guards",
    "prepare_reranker",
    "quality_tier",
    "reindex",
    "rerank",
    "reranked",
    "search_example",
    "simulate",
    "sparkline",
    "stat_tables",
    "strategy_words",
    "tier",
    "undo_outcome",
    "unit_json",
    "unit_value",
    "unread",
    "why_lines",
]

__getattr__ = lazily(__name__, _MODULES)
