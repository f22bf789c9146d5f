"""Single statements that ruff does not see as we do: handlers, comparisons of types, named lambdas."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.antipatterns.exceptions import Exceptions
from tui_patterns.extraction.antipatterns.nodes import own_nodes
from tui_patterns.extraction.antipatterns.outline import Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.imports import dotted

_ALL = frozenset({"Exception", "BaseException"})


def statement_hits(outline: Outline) -> Iterator[ShapeHit]:
    """What handlers, comparisons and assignments of a file show."""
    exceptions = Exceptions(outline)
    for node in outline.nodes.all:
        if isinstance(node, ast.Try | ast.TryStar):
            yield from _never_reached(outline, node, exceptions)
        elif isinstance(node, ast.ExceptHandler):
            yield from _caught_everything(outline, node)
            yield from _said_nothing(outline, node)
        elif isinstance(node, ast.Compare):
            yield from _exact_types(outline, node)
        elif isinstance(node, ast.NamedExpr | ast.Assign):
            yield from _named_lambdas(outline, node)


def _hit(
    label: str, outline: Outline, node: ast.stmt | ast.expr | ast.ExceptHandler, said: str, code: str
) -> ShapeHit:
    line, end = node.lineno, node.end_lineno or node.lineno
    return ShapeHit(label, outline.qualname_at(line), line, end, said, code)


def _never_reached(
    outline: Outline, block: ast.Try | ast.TryStar, exceptions: Exceptions
) -> Iterator[ShapeHit]:
    """A handler for an exception that an earlier one, for a class above it, has caught."""
    before: set[str] = set()
    for handler in block.handlers:
        caught = [exceptions.name(item) for item in _types(handler)]
        for name in caught:
            if before & exceptions.above(name):
                yield _hit("bad_except_order", outline, handler, f"{name} is caught above", "E0701")
                break
        before.update(name for name in caught if name)


def _types(handler: ast.ExceptHandler) -> list[ast.expr]:
    if handler.type is None:
        return []
    return list(handler.type.elts) if isinstance(handler.type, ast.Tuple) else [handler.type]


def _caught_everything(outline: Outline, handler: ast.ExceptHandler) -> Iterator[ShapeHit]:
    """``except BaseException``, or Exception among others, that does not raise the same again."""
    named = {dotted(item).removeprefix("builtins.") for item in _types(handler)}
    among = isinstance(handler.type, ast.Tuple) and "Exception" in named
    if ("BaseException" in named or among) and not _rises(handler):
        said = "even KeyboardInterrupt ends here" if "BaseException" in named else "Exception is among them"
        yield _hit("broad_except", outline, handler, said, "B036")


def _rises(handler: ast.ExceptHandler) -> bool:
    nodes = (node for item in handler.body for node in [item, *own_nodes(item)])
    raises = [node for node in nodes if isinstance(node, ast.Raise)]
    return any(node.exc is None or (handler.name and dotted(node.exc) == handler.name) for node in raises)


def _said_nothing(outline: Outline, handler: ast.ExceptHandler) -> Iterator[ShapeHit]:
    """A handler of everything whose body is nothing but a constant: ``...`` is as silent as ``pass``."""
    broad = handler.type is None or any(dotted(item) in _ALL for item in _types(handler))
    silent = [item for item in handler.body if isinstance(item, ast.Expr)]
    if broad and len(silent) == len(handler.body) and all(isinstance(s.value, ast.Constant) for s in silent):
        yield _hit("except_pass", outline, handler, "", "S110")


def _exact_types(outline: Outline, node: ast.Compare) -> Iterator[ShapeHit]:
    """``type(x) is Name`` and ``type(x) is type(y)``: subclasses are refused."""
    if not isinstance(node.ops[0], ast.Is | ast.IsNot):
        return
    sides = (node.left, node.comparators[0])
    for one, other in (sides, sides[::-1]):
        if _is_type_call(one) and (dotted(other) or _is_type_call(other)):
            yield _hit("type_comparison", outline, node, "is asks for exactly that type", "C0123")
            return


def _is_type_call(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func) == "type" and len(node.args) == 1


def _named_lambdas(outline: Outline, node: ast.NamedExpr | ast.Assign) -> Iterator[ShapeHit]:
    """``(f := lambda: …)`` and ``f, g = lambda: …, lambda: …``: names all the same."""
    if isinstance(node, ast.NamedExpr):
        named = isinstance(node.value, ast.Lambda)
    else:
        pairs = [
            pair
            for target in node.targets
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            for pair in zip(target.elts, node.value.elts, strict=False)
        ]
        named = any(isinstance(one, ast.Name) and isinstance(value, ast.Lambda) for one, value in pairs)
    if named:
        yield _hit("lambda_assignment", outline, node, "", "E731")
