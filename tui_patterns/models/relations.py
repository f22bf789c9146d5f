"""How patterns hang together in code, and which go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tui_patterns.models.relation_words import RelationKind
    from tui_patterns.models.units import Kind


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
