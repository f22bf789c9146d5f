"""Functions written twice: the same statements in two places of a project."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from hashlib import blake2b

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode

LABEL, CODE = "duplicated_code", "R0801"
MIN_NODES = 40
MIN_LINES = 5


def duplicate_hits(outlines: Mapping[str, Outline]) -> Iterator[tuple[str, ShapeHit]]:
    """(file, hit) for each function whose body, but for its docstring, stands elsewhere too."""
    groups: dict[str, list[tuple[str, Definition]]] = {}
    for rel in sorted(outlines):
        for key, definition in bodies(outlines[rel]):
            groups.setdefault(key, []).append((rel, definition))
    for group in (item for item in groups.values() if len(item) > 1):
        for at, (rel, definition) in enumerate(group):
            yield (
                rel,
                duplicate(definition.qualname, definition.node.lineno, definition.last_line, group[at == 0]),
            )


def duplicate(qualname: str, line: int, end_line: int, other: tuple[str, Definition]) -> ShapeHit:
    """The hit at one of the copies; *other* is the first of the others by file and line."""
    return ShapeHit(LABEL, qualname, line, end_line, same_as(other[0], other[1].node.lineno), CODE)


def same_as(path: str, line: int) -> str:
    """Where the other copy stands, in words."""
    return f"the same as {path}:{line}"


def bodies(outline: Outline) -> Iterator[tuple[str, Definition]]:
    """(key, function) of those large enough to matter; equal keys: the same parameters and statements."""
    for definition in outline.definitions:
        if isinstance(definition.node, FunctionNode) and (key := _key(definition.node)) is not None:
            yield key, definition


def _key(node: FunctionNode) -> str | None:
    """A hash of a function's parameters and statements; ``None`` for one too small to matter."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if not body or (node.end_lineno or node.lineno) - body[0].lineno + 1 < MIN_LINES:
        return None
    parts: list[str] = []
    count = sum(_write(item, parts) for item in body)
    if count < MIN_NODES:
        return None
    _write(node.args, parts)
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _write(top: ast.AST, parts: list[str]) -> int:
    """Append what stands below *top*, so that equal trees give equal parts; how many nodes there were."""
    count, stack = 0, [top]
    while stack:
        node = stack.pop()
        count += 1
        parts.append(type(node).__name__)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                stack.append(value)
            elif type(value) is list:
                stack += [item for item in value if isinstance(item, ast.AST)]
                parts += [str(len(value)), *(repr(item) for item in value if not isinstance(item, ast.AST))]
            else:
                parts.append(repr(value))
    return count
