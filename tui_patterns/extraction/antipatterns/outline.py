"""The definitions of one file with their lines and nodes: who stands where, and holds what."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.extraction.antipatterns.nodes import Nodes
from tui_patterns.extraction.complexity import UnitNode, complexities, deep_stack
from tui_patterns.extraction.imports import imported_names
from tui_patterns.extraction.source import SourceError, content_hash, decode

_NOQA = re.compile(r"#\s*noqa(?::\s*([A-Z][A-Z0-9, ]*))?", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]+[0-9]*")
_WHOLE_FILE = re.compile(
    r"^\s*#\s*(?:ruff|flake8):\s*noqa\s*(?::\s*([A-Z][A-Z0-9, ]*))?$", re.IGNORECASE | re.MULTILINE
)
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
    """Definitions in source order, complexity by (line, column), nodes, and what the imports bind.

    ``quiet`` has the lines with a ``noqa`` comment, each with the codes it names (none: all); 0 is for
    the whole file.
    ``digest`` is the SHA-256 of the bytes.
    """

    definitions: tuple[Definition, ...]
    complexity: dict[tuple[int, int], int]
    module: ast.Module
    nodes: Nodes
    imports: dict[str, str]
    quiet: dict[int, frozenset[str]]
    lines: tuple[str, ...]
    digest: str

    def qualname_at(self, line: int) -> str | None:
        """The innermost definition around *line*; ``None`` at module level."""
        around = [item for item in self.definitions if item.first_line <= line <= item.last_line]
        return max(around, key=lambda item: item.first_line).qualname if around else None

    def is_quiet(self, line: int, code: str) -> bool:
        """Whether a ``noqa`` comment on the line names *code*, or names nothing."""
        for codes in (self.quiet.get(line), self.quiet.get(0)):
            if codes is not None and (not codes or any(_names(named, code) for named in codes)):
                return True
        return False


def _names(named: str, code: str) -> bool:
    """``noqa: PLR`` names PLR0913; our ASYNC2 stands for all codes that begin so."""
    return bool(code) and (named.startswith(code) or code.startswith(named))


def outline_of(path: Path) -> Outline | None:
    """The outline of the file; ``None`` if it cannot be read or parsed, or is over 4 MiB."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        source = path.read_bytes()
        text = decode(source)
        with warnings.catch_warnings(), deep_stack():
            warnings.simplefilter("ignore")
            return _outline(text, ast.parse(text), content_hash(source))
    except (OSError, SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _outline(text: str, module: ast.Module, digest: str) -> Outline:
    nodes = Nodes(module)
    return Outline(
        definitions=tuple(_definitions(module, "")),
        complexity=complexities(module),
        module=module,
        nodes=nodes,
        imports=_imports(nodes),
        quiet=_quiet(text),
        lines=tuple(text.split("\n")),
        digest=digest,
    )


def _imports(nodes: Nodes) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes.all:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.update(imported_names(node))
    return found


def _quiet(text: str) -> dict[int, frozenset[str]]:
    if "noqa" not in text.lower():
        return {}
    marks = [(number, _NOQA.search(line)) for number, line in enumerate(text.split("\n"), 1)]
    marks += [(0, _WHOLE_FILE.search(text))]
    return {number: frozenset(_CODE.findall((mark[1] or "").upper())) for number, mark in marks if mark}


def _definitions(parent: ast.AST, prefix: str) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(parent):
        if isinstance(child, UnitNode):
            qualname = f"{prefix}{child.name}"
            first = min([child.lineno, *(item.lineno for item in child.decorator_list)])
            yield Definition(qualname, child, first, child.end_lineno or child.lineno)
            yield from _definitions(child, f"{qualname}.")
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _definitions(child, prefix)
