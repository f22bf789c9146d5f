"""Whether code makes its objects and defaults well."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.antipatterns.nodes import walked
from tui_patterns.extraction.antipatterns.witness_calls import calls_of
from tui_patterns.extraction.imports import dotted


def instance_cache(module: ast.Module) -> bool:
    """``cached_property``, or an attribute that is filled when it is first asked for."""
    decorated = {
        dotted(item).rpartition(".")[2]
        for node in walked(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for item in node.decorator_list
    }  # fmt: skip
    if decorated & {"cache", "lru_cache"}:
        return False
    return "cached_property" in decorated or any(
        isinstance(node, ast.If) and _asks_self(node.test) and any(_sets_self(item) for item in node.body)
        for node in walked(module)
    )


def _asks_self(test: ast.expr) -> bool:
    return any(dotted(node).startswith("self.") for node in ast.walk(test))


def _sets_self(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and any(dotted(t).startswith("self.") for t in statement.targets)


def none_default(module: ast.Module) -> bool:
    """A parameter that is ``None`` by default, and made when it is."""
    for function in (n for n in walked(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)):
        empty = {
            argument.arg
            for argument, value in _with_defaults(function)
            if isinstance(value, ast.Constant) and value.value is None
        }
        if empty and any(_makes(node, empty) for node in ast.walk(function)):
            return True
    return False


def _with_defaults(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    args = function.args
    listed = [*args.posonlyargs, *args.args]
    yield from zip(listed[len(listed) - len(args.defaults) :], args.defaults, strict=True)
    yield from zip(args.kwonlyargs, args.kw_defaults, strict=True)


def _makes(node: ast.AST, names: set[str]) -> bool:
    if not (isinstance(node, ast.If | ast.IfExp) and isinstance(node.test, ast.Compare)):
        return False
    test = node.test
    if not (isinstance(test.ops[0], ast.Is | ast.IsNot) and dotted(test.left) in names):
        return False
    if isinstance(node, ast.IfExp):
        return _is_fresh(node.body if isinstance(test.ops[0], ast.Is) else node.orelse)
    return any(
        isinstance(item, ast.Assign)
        and dotted(item.targets[0]) == dotted(test.left)
        and _is_fresh(item.value)
        for item in node.body
    )


def _is_fresh(value: ast.expr) -> bool:
    return isinstance(value, ast.List | ast.Dict | ast.Set | ast.Call)


def super_init(module: ast.Module) -> bool:
    """The initializer of the base class is called."""
    return any(
        isinstance(call.func, ast.Attribute) and call.func.attr == "__init__"
        and isinstance(call.func.value, ast.Call) and dotted(call.func.value.func) == "super"
        for call in calls_of(module)
    )  # fmt: skip


def abstract_method(module: ast.Module) -> bool:
    """Something is left to subclasses, and marked so."""
    functions = (n for n in walked(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(dotted(item).endswith("abstractmethod") for one in functions for item in one.decorator_list)
