"""Small questions to the nodes of a tree that several facets ask."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.facets.source_text import MOST
from tui_patterns.extraction.imports import dotted

RECEIVERS = frozenset({"self", "cls", "mcs", "mcls"})


def last(node: ast.AST | None) -> str:
    """The last name of a dotted expression, also of ``a().b`` and of ``a[0].b``; else an empty text."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def callee(node: ast.AST | None) -> str:
    """The last name of what a call calls; empty for what is no call."""
    return last(node.func) if isinstance(node, ast.Call) else ""


def root(node: ast.AST | None) -> str:
    """The name that an expression starts with: ``self`` of ``self.a[0].b()``; empty without one."""
    while node is not None and not isinstance(node, ast.Name):
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Await):
            node = node.value
        else:
            return ""
    return node.id if node is not None else ""


def text_of(node: ast.AST | None) -> str | None:
    """The value of a text literal; ``None`` for all else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_none(node: ast.AST | None) -> bool:
    """Whether it is the literal ``None``."""
    return isinstance(node, ast.Constant) and node.value is None


def parameters(node: FunctionNode) -> tuple[ast.arg, ...]:
    """All parameters in order, ``self`` or ``cls`` too, without ``*args`` and ``**kwargs``."""
    return (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)


def flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, those under ``if`` and ``try`` too."""
    for statement in body:
        if isinstance(statement, ast.If | ast.Try):
            yield from flat([*statement.body, *statement.orelse])
        else:
            yield statement


def conditions(test: ast.expr) -> Iterator[ast.expr]:
    """The single conditions that ``and`` and ``or`` join; a ``not`` stays with its own."""
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from conditions(value)
    else:
        yield test


def raised(node: ast.Raise) -> str:
    """The dotted name of the exception that is raised; empty for a bare ``raise``."""
    made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return dotted(made) if made is not None else ""


def exceptions(handler: ast.ExceptHandler) -> list[str]:
    """The dotted names that a handler catches; empty for a bare ``except``."""
    if handler.type is None:
        return []
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return most(name for name in (dotted(item) or last(item) for item in types) if name)


def most(items: Iterable[Any]) -> list[Any]:
    """The first MOST of *items*."""
    return [item for item, _ in zip(items, range(MOST), strict=False)]


def distinct(items: Iterable[str]) -> list[str]:
    """The first MOST different ones of *items* that are not empty, in order."""
    return most(dict.fromkeys(item for item in items if item))


def present(**parts: Any) -> dict[str, Any]:
    """*parts* without those that are empty, ``None`` or false; zero counts as something (a line)."""
    return {name: part for name, part in parts.items() if part or (part == 0 and part is not False)}
