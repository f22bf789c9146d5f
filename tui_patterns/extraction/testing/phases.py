"""Arrange, act, assert (Wake 2001, "3A"): preparation, one call under test, then nothing but checks."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted

_CHECKING_CONTEXTS = ("raises", "warns", "assertRaises", "assertRaisesRegex", "assertWarns", "assertLogs")


def is_arrange_act_assert(node: FunctionNode) -> bool:
    """Whether the body prepares, then calls, then only checks.

    At least one statement prepares, the last one before the checks makes a call,
    and no check stands before it.
    """
    body = [statement for statement in node.body if not _is_docstring(statement)]
    checks = _trailing_checks(body)
    before = body[: len(body) - checks]
    if not checks or len(before) < 2 or any(_holds_check(statement) for statement in before):
        return False
    return _binds(before[0]) and any(isinstance(part, ast.Call) for part in ast.walk(before[-1]))


def _trailing_checks(body: Sequence[ast.stmt]) -> int:
    count = 0
    for statement in reversed(body):
        if not is_check(statement):
            break
        count += 1
    return count


def is_check(statement: ast.stmt) -> bool:
    """An ``assert``, a call of an ``assert…`` method, or a block that expects an exception."""
    if isinstance(statement, ast.Assert):
        return True
    if isinstance(statement, ast.Expr):
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        return isinstance(value, ast.Call) and _last(value.func).startswith("assert")
    if isinstance(statement, ast.With | ast.AsyncWith):
        return any(_expects(item.context_expr) for item in statement.items)
    return isinstance(statement, ast.For) and bool(statement.body) and all(map(is_check, statement.body))


def _expects(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and _last(expression.func) in _CHECKING_CONTEXTS


def _holds_check(statement: ast.stmt) -> bool:
    return any(isinstance(part, ast.stmt) and is_check(part) for part in ast.walk(statement))


def _binds(statement: ast.stmt) -> bool:
    """Prepares something: an assignment, or a block around what follows."""
    return isinstance(statement, ast.Assign | ast.AnnAssign | ast.With | ast.AsyncWith | ast.FunctionDef) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    )


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _last(expression: ast.expr) -> str:
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return dotted(expression) or ""
