"""What a definition says of itself on its first lines, read from the tree."""

from __future__ import annotations

import ast

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.extraction.imports import dotted
from tui_patterns.extraction.source import one_line

_LONGEST = 400


def signature(node: UnitNode) -> str:
    """The head of *node* on one line, without decorators and colon, at most 400 characters."""
    if isinstance(node, ast.ClassDef):
        return _short(f"class {node.name}{_parents(node)}")
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return _short(f"{word} {node.name}({ast.unparse(node.args)}){result}")


def _parents(node: ast.ClassDef) -> str:
    inside = ", ".join(ast.unparse(item) for item in (*node.bases, *node.keywords))
    return f"({inside})" if inside else ""


def _short(text: str) -> str:
    line = one_line(text, len(text))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def decorator_names(node: UnitNode) -> tuple[str, ...]:
    """The dotted names of the decorators, outermost first, without their arguments."""
    return tuple(name for name in (dotted(_callee(item)) for item in node.decorator_list) if name)


def base_names(node: UnitNode) -> tuple[str, ...]:
    """The dotted names of a class's bases, without type parameters; empty for a function."""
    if isinstance(node, FunctionNode):
        return ()
    bases = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return tuple(name for name in (dotted(base) for base in bases) if name)


def parameter_names(node: UnitNode) -> tuple[str, ...]:
    """The names of a function's parameters in order, without ``self`` and ``cls``."""
    if isinstance(node, ast.ClassDef):
        return ()
    spec = node.args
    listed = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)
    return tuple(arg.arg for at, arg in enumerate(listed) if at or arg.arg not in {"self", "cls", "mcs"})


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node
