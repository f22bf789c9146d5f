"""Which lines of a file belong to which unit, for counting coverage.

As ``coverage json`` counts its functions and classes: the ``def`` line runs on
import and says nothing, so a function counts from the first line of its body,
and a class counts the bodies of its methods. Where that report gives the lines of
a nested function to it alone, here they belong to the enclosing unit as well: a
decorator whose wrapper never ran is not covered.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Region:
    """A unit by qualified name and the line of its ``def`` or ``class``, with the lines that count."""

    qualname: str
    line: int
    lines: frozenset[int]


def regions(source: bytes) -> list[Region]:
    """Every function and class, nested ones too. Raises SyntaxError, ValueError or RecursionError."""
    return list(_below(ast.parse(source), ""))


def _below(node: ast.AST, outer: str) -> Iterator[Region]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            qualname = f"{outer}.{child.name}" if outer else child.name
            yield Region(qualname, child.lineno, frozenset(_lines(child)))
            yield from _below(child, qualname)
        else:
            yield from _below(child, outer)


def _lines(node: ast.AST) -> set[int]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return set(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
    return set().union(*(_lines(child) for child in ast.iter_child_nodes(node)))
