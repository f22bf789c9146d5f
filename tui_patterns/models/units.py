"""What extraction makes of source files: units, their labels and quality, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["function", "method", "class", "module"]
PatternType = Literal["function_pattern", "class_pattern", "design_pattern", "test_pattern", "idiom"]
Form = Literal["structural", "behavioural"]
ComplexityRange = Literal["low", "medium", "high", "very_high"]

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
    covers the exact text. ``shingles`` are sorted distinct 24-bit hashes of
    AST token k-grams, for similarity of edited copies. ``reason`` says why the
    entry gate left the unit out, and is ``None`` for a unit that is kept. ``rights`` are
    labels of anti-patterns: what they do wrong, this does right.
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
    rights: tuple[str, ...] = ()


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
