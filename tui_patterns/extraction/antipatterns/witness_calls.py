"""What code calls."""

from __future__ import annotations

import ast

from tui_patterns.extraction.antipatterns.nodes import walked
from tui_patterns.extraction.imports import dotted


def calls_in(node: ast.AST) -> list[ast.Call]:
    """The calls at or below *node*."""
    return [item for item in ast.walk(node) if isinstance(item, ast.Call)]


def calls_of(module: ast.Module) -> list[ast.Call]:
    """The same of a whole unit, which is walked once for all that is asked about it."""
    return [item for item in walked(module) if isinstance(item, ast.Call)]


def called(module: ast.Module) -> set[str]:
    """What is called by name, with dots."""
    return {dotted(call.func) for call in calls_of(module)}
