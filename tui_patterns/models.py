"""The plain data that moves between floors: no behaviour, no imports from above.

Paths are POSIX, relative to their project's root, unless a field is named
``root`` or ``file``. Lines count from 1, both ends included. Times are Unix
seconds (float, UTC). Shares, confidences and relevances lie in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["function", "method", "class", "module"]
PatternType = Literal["function_pattern", "class_pattern", "design_pattern", "test_pattern", "idiom"]
Form = Literal["structural", "behavioural"]
ComplexityRange = Literal["low", "medium", "high", "very_high"]
Severity = Literal["info", "warning", "error"]
SearchMode = Literal["hybrid", "lexical"]
IndexKind = Literal["chroma", "exact"]
UseState = Literal["open", "used", "unused", "censored", "unknown"]
EventKind = Literal[
    "session",
    "turn",
    "tool",
    "injection",
    "use",
    "unused",
    "outcome",
    "censored",
    "rating",
    "unrate",
    "retire",
    "restore",
    "fix",
    "decision",
    "pattern_identified",
]

# Cyclomatic complexity up to which a range goes: radon's ranks A, B and C; above lies very_high.
COMPLEXITY_LIMITS: dict[ComplexityRange, int | None] = {"low": 5, "medium": 10, "high": 20, "very_high": None}


def complexity_range(complexity: int | None) -> ComplexityRange | None:
    """The range of a cyclomatic complexity: low to 5, medium to 10, high to 20, then very_high."""
    if complexity is None:
        return None
    return next(name for name, limit in COMPLEXITY_LIMITS.items() if limit is None or complexity <= limit)


@dataclass(frozen=True, slots=True)
class Label:
    """A recognised pattern kind, with the lines that are the evidence, and ``why`` in plain words."""

    label: str
    confidence: float
    evidence: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """Quality and its five parts in 0..1; ``None`` is *not known*, never zero."""

    overall: float | None = None
    complexity: float | None = None
    documentation: float | None = None
    coverage: float | None = None
    reusability: float | None = None
    maintainability: float | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One function, method or class as extraction saw it.

    ``structure_hash`` ignores docstrings, comments and layout; ``code_hash``
    covers the exact text. ``shingles`` are sorted distinct 32-bit hashes of
    AST token k-grams, for similarity of edited copies. ``reason`` says why the
    entry gate left the unit out, and is ``None`` for a unit that is kept.
    """

    path: str
    qualname: str
    kind: Kind
    line: int
    end_line: int
    name: str
    pattern_type: PatternType
    category: str | None
    language: str
    code: str
    signature: str
    code_hash: str
    structure_hash: str
    shingles: tuple[int, ...] = ()
    labels: tuple[Label, ...] = ()
    tags: tuple[str, ...] = ()
    framework: str | None = None
    complexity: int | None = None
    quality: Quality = Quality()
    dependencies: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    docstring: str | None = None
    module_docstring: str | None = None
    class_docstring: str | None = None
    is_async: bool = False
    facets: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
    subcategory: str | None = None
    component_type: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A definition of a file (``""``: its own code) refers to what ``path`` stands for.

    ``kinds`` holds one letter each: ``c`` call, ``u`` other use, ``b`` base class,
    ``d`` decorator, ``a`` annotation, ``i`` import, ``r`` a new instance is
    returned, ``p`` a new instance becomes a part of the class.
    """

    source: str
    line: int
    path: str
    kinds: str


@dataclass(frozen=True, slots=True)
class FileSymbols:
    """What a file defines, and what its definitions refer to; paths as in ``extraction/symbolic.py``.

    ``names`` says by qualified name what others can see; ``lines`` where each
    definition starts; ``cohesion`` is LCOM4 of its classes.
    """

    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    cohesion: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one source file gave. ``error`` is one clear line, or ``None``.

    ``skipped`` says why the file was not read as source (``generated``, ``binary``, …);
    ``reads`` are other files that were looked at for base classes: path below the
    project's root and hash of the content, ``None`` where there was no such file.
    """

    path: str
    content_hash: str
    language: str
    lines: int
    units: tuple[Unit, ...] = ()
    error: str | None = None
    skipped: str | None = None
    reads: tuple[tuple[str, str | None], ...] = ()
    symbols: FileSymbols | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A success rate believed from ``n`` outcomes: mean and 90 % interval.

    ``n`` = 0 means *not yet tried*: the mean is then only the prior's. Outcomes fade
    with age, so ``n`` may be fractional.
    """

    mean: float
    low: float
    high: float
    n: float

    @property
    def count(self) -> str:
        """``n`` for people: ``12``, ``2.4``, ``<0.1``; never a false 0."""
        if self.n >= 10.0 or self.n <= 0.0:
            return f"{round(self.n)}"
        return f"{round(self.n, 1):g}" if self.n >= 0.05 else "<0.1"


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """Ratings of one pattern: one rating a session; success is a rating >= 4."""

    usage_count: int = 0
    success_count: int = 0
    average: float | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class TestRecord:
    """What is last known of the tests that cover a pattern; counts are ``None`` where nothing is.

    ``failing`` names those that fail still: while there is one, the code counts as broken.
    """

    __test__ = False

    passed: int | None = None
    failed: int | None = None
    unknown: int | None = None
    failing: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether a covering test failed when last run."""
        return bool(self.failing)


@dataclass(frozen=True, slots=True)
class Site:
    """One place where a pattern stands."""

    project: str
    root: str
    path: str
    qualname: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as every face shows it: its current version at its main site."""

    id: str
    version: int
    name: str
    kind: Kind
    pattern_type: PatternType
    category: str | None
    language: str
    framework: str | None
    project: str
    root: str
    path: str
    qualname: str
    line: int
    end_line: int
    code: str
    signature: str
    docstring: str | None
    complexity: int | None
    labels: tuple[Label, ...]
    tags: tuple[str, ...]
    dependencies: tuple[str, ...]
    quality: Quality
    confidence: Interval
    ratings: RatingSummary
    facets: dict[str, Any]
    sites: int
    updated: float
    gone: bool = False
    subcategory: str | None = None
    component_type: str | None = None
    form: Form | None = None
    tests: TestRecord = TestRecord()
    withheld: str | None = None
    retired: float | None = None
    worked_in: int = 0

    @property
    def complexity_range(self) -> ComplexityRange | None:
        """``low``, ``medium``, ``high`` or ``very_high``; ``None`` where complexity is not known."""
        return complexity_range(self.complexity)

    @property
    def location(self) -> str:
        """``path:line``, as an editor takes it."""
        return f"{self.path}:{self.line}"

    @property
    def general(self) -> bool:
        """Whether it worked in two projects or more: its record then counts in all of them."""
        return self.worked_in >= 2


RelationKind = Literal["EXTENDS", "USES", "CREATES", "COMPOSED_OF", "SIMILAR_TO"]
RELATION_WORDS: dict[tuple[RelationKind, bool], str] = {
    ("COMPOSED_OF", True): "holds",
    ("COMPOSED_OF", False): "part of",
    ("EXTENDS", True): "extends",
    ("EXTENDS", False): "extended by",
    ("CREATES", True): "creates",
    ("CREATES", False): "created by",
    ("USES", True): "uses",
    ("USES", False): "used by",
    ("SIMILAR_TO", True): "similar to",
}
"""A relation in words, by its kind and whether it goes out."""


@dataclass(frozen=True, slots=True)
class Related:
    """A pattern at the other end of a relation.

    ``outgoing``: the pattern that was asked about extends, uses, … this one; else
    the other way round. ``resolved``: followed through imports and types; else likely.
    """

    kind: RelationKind
    outgoing: bool
    confidence: float
    resolved: bool
    id: str
    name: str
    qualname: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """How a pattern hangs together with its project, as ``extraction/coupling.py`` defines it.

    ``files`` refer to it; ``lcom4`` is ``None`` for what is no class, or has no methods to compare.
    """

    fan_in: int
    fan_out: int
    coupling: int
    files: int
    lcom4: int | None = None


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A pattern in a graph."""

    id: str
    name: str
    kind: Kind
    qualname: str
    path: str
    line: int
    project: str


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A relation in a graph, by pattern ids."""

    source: str
    target: str
    kind: RelationKind
    confidence: float
    resolved: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """Patterns and how they hang together; edges join nodes that are there."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may be narrowed to; ``None`` means no limit on that field.

    ``min_confidence`` is the least mean of the success rate in 0..1, believed
    from a prior that is worth ``prior_strength`` outcomes.
    """

    language: str | None = None
    framework: str | None = None
    label: str | None = None
    pattern_type: str | None = None
    project: str | None = None
    min_quality: float | None = None
    category: str | None = None
    subcategory: str | None = None
    component_type: str | None = None
    tag: str | None = None
    complexity_range: ComplexityRange | None = None
    min_confidence: float | None = None
    prior_strength: float = 4.0
    half_life_days: float = 90.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One search result. ``score`` orders; ``relevance`` is calibrated to 0..1."""

    pattern: Pattern
    score: float
    relevance: float
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; ``index`` names what answered the semantic part."""

    query: str
    mode: SearchMode
    index: IndexKind | None
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One anti-pattern found in a file: what, why it hurts, and what to do instead.

    ``pattern_id`` and ``pattern_name`` are those of a pattern that does it right, where one is known.
    ``id`` stays while file, definition and the words of the line stay; ``dismissed``: a person said
    that it is no problem here.
    """

    path: str
    line: int
    end_line: int
    qualname: str | None
    label: str
    rule: str
    severity: Severity
    message: str
    instead: str
    pattern_id: str | None = None
    why: str = ""
    id: str = ""
    pattern_name: str | None = None
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pattern picked for a prompt, with its share of the token budget."""

    hit: Hit
    rank: int
    propensity: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Enhanced:
    """A prompt with patterns in it; ``injection_id`` is ``None`` if unchanged.

    ``warnings`` name patterns that do not go together, a line each.
    """

    prompt: str
    tokens: int
    budget: int
    chosen: tuple[Chosen, ...] = ()
    injection_id: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What an index run did; the keys of ``index --json``.

    ``examined`` counts files looked at for anti-patterns.
    """

    files: int = 0
    parsed: int = 0
    unchanged: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    failed: tuple[dict[str, str], ...] = ()
    patterns: int = 0
    new: int = 0
    updated: int = 0
    removed: int = 0
    embedded: int = 0
    seconds: float = 0.0
    left_out: dict[str, int] = field(default_factory=dict)
    unsupported: tuple[str, ...] = ()
    semantic: str | None = None
    examined: int = 0
    tests: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SemanticRows:
    """What a vector index answered: (pattern id, cosine), best first.

    ``vector`` is the query's own (float32, L2-normalised) under the model
    ``fingerprint``, so that hits found by words alone can be compared with it.
    """

    rows: tuple[tuple[str, float], ...]
    index: IndexKind
    fingerprint: str = ""
    vector: bytes = b""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is doing, as the status line shows it.

    ``semantic`` is the embedded share of all patterns in 0..1, ``None`` while
    not known; ``role`` tells whether this engine indexes or another one does.
    """

    state: Literal["starting", "testing", "converting", "indexing", "embedding", "idle", "stopped"] = (
        "starting"
    )
    role: Literal["owner", "guest"] = "guest"
    folders: tuple[str, ...] = ()
    watches: int = 0
    watch_note: str | None = None
    queue: int = 0
    files_done: int = 0
    files_total: int = 0
    patterns: int = 0
    semantic: float | None = None
    index: IndexKind | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one batch of saves changed in the library: pattern ids by kind."""

    project: str
    files: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version of a pattern, newest first in a history."""

    version: int
    created: float
    name: str
    code: str
    complexity: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Combination:
    """What often comes together with a pattern: another pattern, or a label where ``id`` is ``None``.

    ``support`` is how many files, classes or prompts (``where``) of ``baskets`` hold both; ``lift`` is how
    many times that is what chance would give (Brin et al. 1997).
    """

    name: str
    id: str | None
    where: Literal["file", "class", "prompt"]
    support: int
    baskets: int
    lift: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two patterns, by id, that do not go together in one prompt; ``words`` say why, in one line."""

    one: str
    other: str
    kind: Literal["async", "singleton", "version"]
    words: str


@dataclass(frozen=True, slots=True)
class InjectedPattern:
    """A pattern of one injection, and what has become of it."""

    id: str
    version: int
    name: str
    rank: int
    state: UseState
    outcome: Literal["success", "failure"] | None
    similarity: float | None
    evidence: tuple[dict[str, Any], ...]
    confidence: Interval


@dataclass(frozen=True, slots=True)
class Usage:
    """Who used a pattern, when, and whether that becomes more; a use is one injection or rated session.

    ``by`` counts uses by agent, ``person`` being one; ``sessions`` are the last ones, newest first.
    ``recent`` counts the last 30 days, ``before`` the 30 before. ``adoption`` is the rate of uses
    among what was shown and is known to be used or not: never of success.
    """

    uses: int
    last: float | None
    recent: int
    before: int
    by: dict[str, int]
    sessions: tuple[str, ...]
    adoption: Interval
    worked_in: tuple[str, ...] = ()

    @property
    def trend(self) -> Literal["rising", "falling", "steady"] | None:
        """``None`` without any use in these 60 days."""
        if not self.recent and not self.before:
            return None
        if self.recent == self.before:
            return "steady"
        return "rising" if self.recent > self.before else "falling"


@dataclass(frozen=True, slots=True)
class Retired:
    """A pattern that is kept but put into no prompt; ``source`` is ``rule`` or ``person``."""

    pattern: Pattern
    at: float
    source: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the ledger. ``key`` is the same each time that the same thing is told.

    ``pattern`` is a pattern's public id, ``version`` a version's row id; ``at`` is when it happened,
    ``id`` its place in the ledger (``None`` before it is written). ``data`` by kind:

    - ``injection``: ``task arm prompt_hash tokens budget``, and ``patterns``, each with ``pattern
      version position score relevance propensity tokens why``
    - ``use``: ``similarity``, ``evidence`` (``{"path", "line", "end_line"}`` …), ``project`` (a root)
    - ``outcome``: ``what`` (explicit, implementation, test, build, git, performance …), ``success``
      (``None``: neither), ``weight``, ``source``, ``project``, ``detail``
    - ``rating``: ``rating task note project``; ``retire``, ``restore``: ``source reason``
    """

    kind: EventKind
    at: float
    session: str | None = None
    injection: str | None = None
    pattern: str | None = None
    version: int | None = None
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """A use, or how one went, as the ledger has it; ``event`` is its place there.

    ``place`` is where the code stands that follows the pattern, ``what`` the kind of outcome,
    ``confidence`` what is believed of the pattern now.
    """

    event: int
    kind: Literal["use", "outcome"]
    pattern: str
    name: str
    confidence: Interval
    what: str | None = None
    success: bool | None = None
    similarity: float | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Injection:
    """One prompt that patterns were put into."""

    id: str
    session: str
    created: float
    task: str | None
    arm: str
    tokens: int
    patterns: tuple[InjectedPattern, ...] = ()


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
