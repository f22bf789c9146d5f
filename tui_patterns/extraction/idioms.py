"""Idioms of a module itself, outside any definition: an import with a fallback."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tui_patterns.extraction.imports import imported_names
from tui_patterns.models import Label

QUALNAME = "<module>"
_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})


@dataclass(frozen=True, slots=True)
class Idiom:
    """Statements of a module that are a pattern of their own; ``title`` is its readable name."""

    node: ast.stmt
    title: str
    labels: tuple[Label, ...]


def module_idioms(module: ast.Module) -> Iterator[Idiom]:
    """The idioms among the statements of *module*, those under ``if`` too."""
    for statement in _statements(module.body):
        if isinstance(statement, ast.Try) and (label := _import_fallback(statement)) is not None:
            yield Idiom(statement, _title(statement), (label,))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse])
        else:
            yield statement


def _import_fallback(block: ast.Try) -> Label | None:
    """One import is tried; where it is missing another one, or a substitute, takes its place."""
    primary = _imports(block.body)
    handlers = [handler for handler in block.handlers if _catches_missing(handler)]
    if not primary or not handlers or _only_raises(handlers[0]):
        return None
    second = _imports(handlers[0].body)
    lines = {block.lineno, primary[0].lineno, handlers[0].lineno, *(node.lineno for node in second[:1])}
    return Label("dual_import", 0.95 if second else 0.9, tuple(sorted(lines)))


def _imports(body: list[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a block, those in a ``try`` inside it too."""
    found: list[ast.Import | ast.ImportFrom] = []
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found.append(statement)
        elif isinstance(statement, ast.Try):
            found.extend(_imports(statement.body))
    return found


def _catches_missing(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {item.id for item in types if isinstance(item, ast.Name)}
    return bool(names & _MISSING) or names == {"Exception"}


def _only_raises(handler: ast.ExceptHandler) -> bool:
    """A better message is no fallback."""
    return isinstance(handler.body[-1], ast.Raise) and not _imports(handler.body)


def _title(block: ast.Try) -> str:
    """``Brotli Import with Fallback``."""
    names = imported_names(_imports(block.body)[0])
    first = next(iter(names), "") or "Star"
    words = first.replace("_", " ").split() or ["Module"]
    return " ".join([*(word[:1].upper() + word[1:] for word in words[:4]), "Import with Fallback"])
