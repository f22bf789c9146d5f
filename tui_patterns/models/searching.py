"""A question to the library, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tui_patterns.models.patterns import Pattern

SearchMode = Literal["hybrid", "lexical"]
IndexKind = Literal["chroma", "exact"]
ExampleKind = Literal["code", "error", "words", "pattern"]


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
class SemanticRows:
    """What a vector index answered: (pattern id, cosine), best first.

    ``vector`` is the query's own (float32, L2-normalised) under the model
    ``fingerprint``, so that hits found by words alone can be compared with it.
    ``note`` is one line on why Chroma did not answer, where something has to be done about it.
    """

    rows: tuple[tuple[str, float], ...]
    index: IndexKind
    fingerprint: str = ""
    vector: bytes = b""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """What more like it is looked for: code, an error's text, what a contract says in words, or a pattern.

    ``pattern`` is the id of the stored one that it is, or was taken from: that one is no answer.
    """

    text: str
    kind: ExampleKind = "code"
    pattern: str | None = None
