"""Whether code handles and raises errors well."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.antipatterns.nodes import own_nodes, walked
from tui_patterns.extraction.antipatterns.witness_calls import calls_in
from tui_patterns.extraction.imports import dotted

_BROAD = frozenset({"Exception", "BaseException"})


def _handlers(module: ast.Module) -> list[ast.ExceptHandler]:
    return [node for node in walked(module) if isinstance(node, ast.ExceptHandler)]


def _is_broad(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(kind is None or dotted(kind) in _BROAD for kind in kinds)


def _is_idle(handler: ast.ExceptHandler) -> bool:
    return all(
        isinstance(item, ast.Pass | ast.Continue | ast.Expr) and not calls_in(item) for item in handler.body
    )


def specific_handlers(module: ast.Module) -> bool:
    """Every handler names what it expects, and does something about it."""
    handlers = _handlers(module)
    return bool(handlers) and not any(_is_broad(item) or _is_idle(item) for item in handlers)


def ordered_handlers(module: ast.Module) -> bool:
    """Several handlers, the general one last."""
    blocks = [node for node in walked(module) if isinstance(node, ast.Try) and len(node.handlers) > 1]
    return bool(blocks) and not any(_is_broad(item) for block in blocks for item in block.handlers[:-1])


def handled_errors(module: ast.Module) -> bool:
    """Every handler is particular, and logs, raises, or gives something back."""
    return specific_handlers(module) and all(
        any(
            isinstance(node, ast.Raise | ast.Return | ast.Call)
            for item in handler.body
            for node in ast.walk(item)
        )
        for handler in _handlers(module)
    )


def _raises(module: ast.Module) -> Iterator[ast.Raise]:
    return (node for node in walked(module) if isinstance(node, ast.Raise) and node.exc is not None)


def specific_raise(module: ast.Module) -> bool:
    """It raises exceptions that a caller can tell from others."""
    kinds = [
        dotted(item.exc.func if isinstance(item.exc, ast.Call) else item.exc)
        for item in _raises(module)
        if item.exc
    ]
    return bool(kinds) and not _BROAD & set(kinds) and any(kind[:1].isupper() for kind in kinds)


def raise_from(module: ast.Module) -> bool:
    """What is raised in a handler says what it comes from."""
    inside = [
        node for handler in _handlers(module) for item in handler.body for node in [item, *own_nodes(item)]
    ]
    raised = [node for node in inside if isinstance(node, ast.Raise) and node.exc is not None]
    return bool(raised) and all(node.cause is not None for node in raised)
