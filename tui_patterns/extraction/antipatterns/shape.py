"""Anti-patterns of size and shape, measured on the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.complexity import FunctionNode, UnitNode, complexity_of

# McCabe's own limit (1976); the others are pylint's defaults but for lines, where it has none.
MAX_COMPLEXITY = 10
MAX_LINES = 60
MAX_ARGUMENTS = 5
MAX_NESTING = 4

_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True, slots=True)
class ShapeHit:
    """One limit that a function exceeds, or a fault of structure; ``measured`` says by how much, or what.

    ``code`` is the one by which a ``noqa`` comment may name it, as other tools do.
    """

    label: str
    qualname: str | None
    line: int
    end_line: int
    measured: str
    code: str = ""


def shape_hits(outline: Outline) -> Iterator[ShapeHit]:
    """Every limit exceeded in a file, function by function."""
    for definition in outline.definitions:
        if isinstance(definition.node, FunctionNode):
            yield from _function_hits(definition, definition.node, outline.complexity)


def _function_hits(
    at: Definition, node: FunctionNode, known: dict[tuple[int, int], int]
) -> Iterator[ShapeHit]:
    measures = (
        ("high_complexity", "C901", complexity_of(node, known), MAX_COMPLEXITY, "cyclomatic complexity"),
        ("long_method", "PLR0915", _body_lines(node), MAX_LINES, "lines"),
        ("too_many_args", "PLR0917", _arguments(node), MAX_ARGUMENTS, "positional parameters"),
        ("deep_nesting", "PLR1702", nesting(node), MAX_NESTING, "levels of blocks"),
    )
    for label, code, value, limit, words in measures:
        if value > limit:
            measured = f"{value} {words}, {limit} at most"
            yield ShapeHit(label, at.qualname, node.lineno, at.last_line, measured, code)


def _body_lines(node: FunctionNode) -> int:
    """Lines from the first statement after the docstring to the end."""
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        first = node.body[1]
    return (node.end_lineno or node.lineno) - first.lineno + 1


def _arguments(node: FunctionNode) -> int:
    """Parameters that may be given by position, without ``self`` and ``cls``."""
    listed = [*node.args.posonlyargs, *node.args.args]
    return len(listed) - (bool(listed) and listed[0].arg in {"self", "cls", "mcs"})


def nesting(node: ast.AST, depth: int = 0) -> int:
    """The deepest chain of blocks within blocks below *node*; an ``elif`` is no deeper than its ``if``."""
    deepest = depth
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else ():
            if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                deepest = max(deepest, _below(node, name, child, depth))
    return deepest


def _below(parent: ast.AST, name: str, child: ast.AST, depth: int) -> int:
    if isinstance(child, UnitNode):
        return depth
    is_elif = (
        isinstance(parent, ast.If)
        and isinstance(child, ast.If)
        and name == "orelse"
        and len(parent.orelse) == 1
    )
    return nesting(child, depth + (isinstance(child, _BLOCKS) and not is_elif))
