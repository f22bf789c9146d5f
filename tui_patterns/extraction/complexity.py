"""Cyclomatic complexity as radon counts it, from one parse of a whole file."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from radon.visitors import ComplexityVisitor

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
UnitNode = FunctionNode | ast.ClassDef
_DEPTH = 6000


def complexities(module: ast.Module) -> dict[tuple[int, int], int]:
    """Cyclomatic complexity by position, as radon counts it.

    Must see the tree before astroid does: astroid takes the docstrings out, and
    radon fails on an empty body.
    """
    found: dict[tuple[int, int], int] = {}
    visitor = ComplexityVisitor.from_ast(module)
    _note(visitor.functions, visitor.classes, found)
    return found


def _note(functions: list[Any], classes: list[Any], found: dict[tuple[int, int], int]) -> None:
    for function in functions:
        found[function.lineno, function.col_offset] = function.complexity
        _note(function.closures, [], found)
    for cls in classes:
        _note(cls.methods, cls.inner_classes, found)
        worst = max((method.complexity for method in cls.methods), default=cls.real_complexity)
        found[cls.lineno, cls.col_offset] = worst


def complexity_of(node: UnitNode, known: dict[tuple[int, int], int]) -> int:
    """Complexity of *node*: a function's own; of a class, that of its worst method.

    radon leaves out classes inside functions; they are counted here, one by one.
    """
    key = (node.lineno, node.col_offset)
    if key not in known and node.body:
        with deep_stack(), _filled(node):
            visitor = ComplexityVisitor.from_ast(node)
        _note(visitor.functions, visitor.classes, known)
    return known.get(key, 1)


@contextmanager
def _filled(node: UnitNode) -> Iterator[None]:
    """Bodies that held a docstring alone, which was taken out, hold a ``pass``: radon fails on empty ones."""
    empty = [one for one in ast.walk(node) if isinstance(one, UnitNode) and not one.body]
    for one in empty:
        one.body.append(ast.Pass(lineno=one.lineno, col_offset=one.col_offset))
    try:
        yield
    finally:
        for one in empty:
            one.body.clear()


@contextmanager
def deep_stack() -> Iterator[None]:
    """Room for long expressions: radon takes four frames for each level."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
