"""What code calls."""

from __future__ import annotations

import ast

from tui_patterns.extraction.imports import dotted


def calls_in(node: ast.AST) -> list[ast.Call]:
    """The calls at or below *node*."""
    return [item for item in ast.walk(node) if isinstance(item, ast.Call)]


def called(module: ast.Module) -> set[str]:
    """What is called by name, with dots."""
    return {dotted(call.func) for call in calls_in(module)}
