"""Functions written twice: the same statements in two places of a project."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from hashlib import blake2b

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode

MIN_NODES = 40
MIN_LINES = 5


def duplicate_hits(outlines: Mapping[str, Outline]) -> Iterator[tuple[str, ShapeHit]]:
    """(file, hit) for each function whose body, but for its docstring, stands elsewhere too."""
    groups: dict[bytes, list[tuple[str, Definition]]] = {}
    for rel, outline in outlines.items():
        for definition in outline.definitions:
            if isinstance(definition.node, FunctionNode) and (key := _key(definition.node)) is not None:
                groups.setdefault(key, []).append((rel, definition))
    for group in (item for item in groups.values() if len(item) > 1):
        for at, (rel, definition) in enumerate(group):
            other = group[at - 1]
            where = f"{other[0]}:{other[1].node.lineno}"
            line, end = definition.node.lineno, definition.last_line
            yield (
                rel,
                ShapeHit("duplicated_code", definition.qualname, line, end, f"The same as {where}", "R0801"),
            )


def _key(node: FunctionNode) -> bytes | None:
    """A hash of a function's parameters and statements; ``None`` for one too small to matter."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    if not body or (node.end_lineno or node.lineno) - body[0].lineno + 1 < MIN_LINES:
        return None
    if sum(1 for statement in body for _ in ast.walk(statement)) < MIN_NODES:
        return None
    text = "\n".join(ast.dump(item) for item in [node.args, *body])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
