"""A library with fixed answers, so that each promise of the command line is tested by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import tui_patterns.api
from tui_patterns.learning.facets import confidences
from tui_patterns.models import (
    Combination,
    Conflict,
    EngineStatus,
    Enhanced,
    Filters,
    Finding,
    Graph,
    GraphEdge,
    GraphNode,
    HistoryEntry,
    Hit,
    IndexReport,
    InjectedPattern,
    Injection,
    Interval,
    Label,
    LibraryStats,
    Metrics,
    ParsedFile,
    Pattern,
    Quality,
    RatingSummary,
    Related,
    SearchResult,
    SemanticRows,
    Site,
    Unit,
    Usage,
)
from tui_patterns.settings import Settings

ID = "3f9a2c1d-0000-4000-8000-000000000001"
OTHER = "0" * 36
EVIL = "\x1b]52;c;aGk=\x07\x1b[2Jwrap\u202etext"
PATTERN = Pattern(
    id=ID,
    version=2,
    name="Text Wrapping",
    kind="function",
    pattern_type="function_pattern",
    category=None,
    language="python",
    framework=None,
    project="sample",
    root="/work/sample",
    path="shop/text.py",
    qualname="wrap",
    line=10,
    end_line=20,
    code="def wrap(text):\n    return text\n",
    signature="(text)",
    docstring=None,
    complexity=4,
    labels=(Label("iterator", 0.8, (11,)),),
    tags=("text",),
    dependencies=("textwrap",),
    quality=Quality(overall=0.71, complexity=1.0),
    confidence=Interval(0.5, 0.2, 0.8, 0.0),
    ratings=RatingSummary(),
    facets={},
    sites=1,
    updated=1_700_000_000.0,
)
HIT = Hit(PATTERN, 0.031, 0.84, {"words": 1, "cosine": 0.7})
INJECTION = Injection(
    id="8c1d0000-0000-4000-8000-000000000002",
    session="s1",
    created=1_700_000_000.0,
    task="wrap text",
    arm="manual",
    tokens=120,
    patterns=(InjectedPattern(ID, 2, "Text Wrapping", 1, "open", None, None, (), PATTERN.confidence),),
)
REPORT = IndexReport(
    files=3,
    parsed=2,
    unchanged=1,
    skipped={"too large": 1},
    failed=({"path": "bad.py", "reason": "does not parse: line 3"},),
    patterns=5,
    new=5,
    embedded=5,
    seconds=0.5,
)
UNIT = Unit(
    path="text.py",
    qualname="wrap",
    kind="function",
    line=1,
    end_line=9,
    name="Text Wrapping",
    pattern_type="function_pattern",
    category=None,
    language="python",
    code="def wrap(): ...",
    signature="()",
    code_hash="a",
    structure_hash="b",
)
FINDING = Finding(
    "text.py", 3, 4, None, "bare_except", "E722", "warning", "catches all", "name the error", ID
)


class LibraryError(Exception):
    """What the library raises for a person."""


@dataclass
class FakeLibrary:
    """Answers of a library, and what it was asked."""

    path: Path | None = None
    settings: Settings = field(default_factory=Settings)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    found: Pattern = PATTERN

    def search_semantic(
        self, query: str, limit: int | None = None, filters: Filters = Filters()
    ) -> SemanticRows | None:
        self.calls.append(("semantic", query, limit, filters))
        return SemanticRows(((ID, 0.7),), "exact")

    def prompt_semantic(self, prompt: str) -> tuple[SemanticRows, ...] | None:
        self.calls.append(("prompt", prompt))
        return (SemanticRows(((ID, 0.7),), "exact"),)

    def search(
        self, query: str, limit: int | None, filters: Filters, *, semantic: SemanticRows | None
    ) -> SearchResult:
        self.calls.append(("search", query, limit, filters))
        return SearchResult(query, "hybrid", "exact", (replace(HIT, pattern=self.found),))

    def similar(self, id: str, limit: int) -> list[Hit]:
        return [HIT]

    def search_code(self, code: str, limit: int) -> list[Hit]:
        self.calls.append(("search_code", code, limit))
        return [HIT]

    def findings_in(self, id: str) -> list[Finding] | None:
        return [FINDING]

    def combinations(self, id: str) -> list[Combination]:
        return [
            Combination("Text Folding", ID, "file", 3, 9, 2.5),
            Combination("cache", None, "class", 2, 9, 1.5),
        ]

    def conflicts(self, id: str) -> list[tuple[Conflict, Pattern]]:
        return [(Conflict(ID, ID, "async", "the async and the sync form of one thing"), self.found)]

    def count(self) -> int:
        return 1

    def usage(self, id: str) -> Usage:
        return Usage(0, None, 0, 0, {}, (), Interval(0.5, 0.05, 0.95, 0))

    def pattern(self, id: str) -> Pattern:
        if not ID.startswith(id):
            raise LibraryError(f"no pattern {id}; `patterns-tui search` finds ids")
        return self.found

    def sites(self, id: str) -> list[Site]:
        return [Site("sample", "/work/sample", "shop/text.py", "wrap", 10, 20)]

    def facet_confidence(self, id: str) -> dict[str, Interval]:
        return confidences(self.found.facets, {"logging": (3.0, 1.0)})

    def history(self, id: str) -> list[HistoryEntry]:
        old = HistoryEntry(1, 1_600_000_000.0, "Text Wrapping", "def fold(): ...", 4, False)
        return [HistoryEntry(2, 1_700_000_000.0, "Text Wrapping", "def wrap(): ...", 4, True), old]

    def relations(self, id: str) -> list[Related]:
        other = (self.found.name, self.found.qualname, self.found.path, 10)
        return [
            Related("USES", True, 0.95, True, ID, *other),
            Related("CREATES", False, 0.6, False, ID, *other),
        ]

    def metrics(self, id: str) -> Metrics | None:
        return Metrics(2, 3, 4, 1, None)

    def graph(self, id: str | None = None, *, depth: int = 1, project: str | None = None) -> Graph:
        self.calls.append(("graph", id, depth, project))
        one = GraphNode(ID, self.found.name, "function", self.found.qualname, self.found.path, 10, "sample")
        other = replace(one, id=OTHER, kind="class")
        edges = (
            GraphEdge(ID, OTHER, "USES", 0.6, False),
            GraphEdge(ID, OTHER, "SIMILAR_TO", 0.71, True),
            GraphEdge(OTHER, ID, "COMPOSED_OF", 1.0, True),
        )
        return Graph((one, other), edges)

    def rate(
        self, id: str, rating: int, session: str, task: str | None = None, note: str | None = None
    ) -> Pattern:
        self.calls.append(("rate", id, rating, session, note))
        return self.found

    def injections(self, open_only: bool = False, limit: int = 100) -> list[Injection]:
        self.calls.append(("injections", open_only, limit))
        return [INJECTION]

    def outcome(self, injection_id: str, pattern_id: str, success: bool) -> Injection:
        self.calls.append(("outcome", injection_id, pattern_id, success))
        return INJECTION

    def start_session(self, source: str) -> str:
        return f"new-{source}"

    def stats(self) -> LibraryStats:
        return LibraryStats(1, 3, 5, 0, 5, 1, 1, {"python": 5}, {"function": 5}, {}, {"sample": 5}, 0.7)

    def backup(self, target: Path | None = None) -> Path:
        return target or Path("/copies/now.db")


@dataclass
class Check:
    name: str
    ok: bool | None
    detail: str


class Api:
    """The stand-in for the public API."""

    def __init__(self) -> None:
        self.library = FakeLibrary()
        self.enhanced = Enhanced("do it\n", 0, 2000, reason="no pattern matches the task")
        self.checks = [Check("python", True, "3.11"), Check("clipboard", None, "file only")]
        self.parsed = [ParsedFile("text.py", "h", "python", 9, (UNIT, replace(UNIT, reason="too short")))]
        self.indexed: list[tuple[list[Path], bool, int | None]] = []
        self.tests_run: list[float | None] = []
        self.handed_over = False

    def install(self, patch: pytest.MonkeyPatch) -> None:
        api = self

        class Injector:
            def __init__(self, library: FakeLibrary) -> None: ...

            def enhance(self, prompt: str, task: str, **options: Any) -> Enhanced:
                api.library.calls.append(("enhance", prompt, task, options["session"], options["budget"]))
                return api.enhanced

        class Indexer:
            def __init__(self, library: FakeLibrary, *, on_progress: Callable[[EngineStatus], None]) -> None:
                on_progress(EngineStatus(state="indexing", files_done=1, files_total=3))
                self.handed_over = api.handed_over

            def index(
                self, roots: Sequence[Path], *, embed: bool, jobs: int | None, run_tests_s: float | None
            ) -> IndexReport:
                api.indexed.append((list(roots), embed, jobs))
                api.tests_run.append(run_tests_s)
                return REPORT

        def library(path: Path, *, settings: Settings, settings_for: object, home: object) -> FakeLibrary:
            api.library.path, api.library.settings = path, settings
            return api.library

        names: dict[str, Any] = {
            "PatternLibrary": library,
            "PatternInjector": Injector,
            "Indexer": Indexer,
            "LibraryError": LibraryError,
            "describe": lambda interval: "not yet tried",
            "reindex": lambda library, on_progress: 5,
            "outcomes_of": lambda library, id: {},
            "extract_path": lambda path, settings: iter(api.parsed),
            "unit_json": lambda unit: {"path": unit.path, "qualname": unit.qualname},
            "find_antipatterns": lambda paths, settings: iter([FINDING]),
            "pattern_guards": lambda library, id=None: [],
            "advise": lambda library, found, root, *, dismissed: list(found),
        }
        patch.setattr(import_module("tui_patterns.api.checkup"), "doctor", lambda library: api.checks)
        for name, value in names.items():
            patch.setitem(tui_patterns.api.__dict__, name, value)  # not setattr: names load on first use


Said = Callable[..., tuple[int, str, str]]
