"""The definitions of one file with their lines: who stands where."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.extraction.complexity import UnitNode, complexities, deep_stack
from tui_patterns.extraction.imports import imported_names
from tui_patterns.extraction.source import SourceError, decode

_NOQA = re.compile(r"#\s*noqa(?::\s*([A-Z][A-Z0-9, ]*))?", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]+[0-9]+")
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, method or class; ``first_line`` is that of its first decorator."""

    qualname: str
    node: UnitNode
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Definitions in source order, complexity by (line, column), the tree, and what its imports bind.

    ``quiet`` has the lines with a ``noqa`` comment, each with the codes it names (none: all).
    """

    definitions: tuple[Definition, ...]
    complexity: dict[tuple[int, int], int]
    module: ast.Module
    imports: dict[str, str]
    quiet: dict[int, frozenset[str]]

    def qualname_at(self, line: int) -> str | None:
        """The innermost definition around *line*; ``None`` at module level."""
        around = [item for item in self.definitions if item.first_line <= line <= item.last_line]
        return max(around, key=lambda item: item.first_line).qualname if around else None


def outline_of(path: Path) -> Outline | None:
    """The outline of the file; ``None`` if it cannot be read or parsed, or is over 4 MiB."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        text = decode(path.read_bytes())
        with warnings.catch_warnings(), deep_stack():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
            known = complexities(module)
            return Outline(tuple(_definitions(module, "")), known, module, _imports(module), _quiet(text))
    except (OSError, SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imports(module: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update(imported_names(node))
    return found


def _quiet(text: str) -> dict[int, frozenset[str]]:
    if "noqa" not in text.lower():
        return {}
    marks = ((number, _NOQA.search(line)) for number, line in enumerate(text.split("\n"), 1))
    return {number: frozenset(_CODE.findall(mark[1] or "")) for number, mark in marks if mark is not None}


def _definitions(parent: ast.AST, prefix: str) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, UnitNode):
            qualname = f"{prefix}{child.name}"
            first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
            yield Definition(qualname, child, first, child.end_lineno or child.lineno)
            yield from _definitions(child, f"{qualname}.")
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _definitions(child, prefix)
