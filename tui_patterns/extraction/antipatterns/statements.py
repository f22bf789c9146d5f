"""Single statements that ruff does not see as we do: handlers, and comparisons of types."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from tui_patterns.extraction.antipatterns.outline import Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.antipatterns.structure import own_nodes
from tui_patterns.extraction.imports import dotted


def statement_hits(outline: Outline) -> Iterator[ShapeHit]:
    """What handlers and comparisons of a file show."""
    for node in ast.walk(outline.module):
        if isinstance(node, ast.Try | ast.TryStar):
            yield from _never_reached(outline, node)
        elif isinstance(node, ast.ExceptHandler):
            yield from _caught_everything(outline, node)
        elif isinstance(node, ast.Compare):
            yield from _exact_types(outline, node)


def _hit(
    label: str, outline: Outline, node: ast.stmt | ast.expr | ast.ExceptHandler, said: str, code: str
) -> ShapeHit:
    line, end = node.lineno, node.end_lineno or node.lineno
    return ShapeHit(label, outline.qualname_at(line), line, end, said, code)


def _never_reached(outline: Outline, block: ast.Try | ast.TryStar) -> Iterator[ShapeHit]:
    """A handler for an exception that an earlier one, for a class above it, has caught."""
    before: list[type[BaseException]] = []
    for handler in block.handlers:
        caught = [known for item in _types(handler) if (known := _builtin(item)) is not None]
        for item in caught:
            if any(item is not above and issubclass(item, above) for above in before):
                yield _hit("bad_except_order", outline, handler, f"{item.__name__} is caught above", "E0701")
        before += caught


def _types(handler: ast.ExceptHandler) -> list[ast.expr]:
    if handler.type is None:
        return []
    return list(handler.type.elts) if isinstance(handler.type, ast.Tuple) else [handler.type]


def _builtin(node: ast.expr) -> type[BaseException] | None:
    """The built-in exception of that name; names that a file gives something else are rare and let go."""
    known = getattr(builtins, node.id, None) if isinstance(node, ast.Name) else None
    return known if isinstance(known, type) and issubclass(known, BaseException) else None


def _caught_everything(outline: Outline, handler: ast.ExceptHandler) -> Iterator[ShapeHit]:
    """``except BaseException`` that does not raise the same exception again."""
    if any(dotted(item) == "BaseException" for item in _types(handler)) and not _rises(handler):
        yield _hit("broad_except", outline, handler, "Even KeyboardInterrupt ends here", "B036")


def _rises(handler: ast.ExceptHandler) -> bool:
    nodes = (node for item in handler.body for node in [item, *own_nodes(item)])
    raises = [node for node in nodes if isinstance(node, ast.Raise)]
    return any(node.exc is None or (handler.name and dotted(node.exc) == handler.name) for node in raises)


def _exact_types(outline: Outline, node: ast.Compare) -> Iterator[ShapeHit]:
    """``type(x) is Name`` and ``type(x) is type(y)``: subclasses are refused."""
    if not isinstance(node.ops[0], ast.Is | ast.IsNot) or not _is_type_call(node.left):
        return
    if dotted(node.comparators[0]) or _is_type_call(node.comparators[0]):
        yield _hit("type_comparison", outline, node, "Compares the exact type", "C0123")


def _is_type_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) == "type" and len(node.args) == 1
