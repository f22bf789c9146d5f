"""Middleware: callables around callables, and stacks of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import names_bound
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def middleware(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A callable around the next callable, given when it was made, which gets the same arguments."""
    method = item.methods.get("__call__")
    if method is None or item.init is None or not method.params:
        return
    for call in method.all_calls():
        name = own_field(call.path)
        if not name or call.path != f"self.{name}" or name in item.methods:
            continue
        same = set(call.arguments) & set(method.params)
        if "param" in getattr(item.fields.get(name), "kinds", ()) and same and not method.variadic:
            whole = len(method.params) == 1 or len(same) >= 1
            if whole and _is_first_given(item, name):
                yield Label("middleware", 0.8, (method.line, call.line))
                return


def _is_first_given(item: ClassFacts, name: str) -> bool:
    """The wrapped callable is what the constructor takes first."""
    init = item.init
    return (
        init is not None
        and bool(init.params)
        and any(store.path == f"self.{name}" and store.value_path == init.params[0] for store in init.stores)
    )


def middleware_stack(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A loop that wraps what the last round made."""
    for node in function.deep("For"):
        targets = names_bound(node.target)
        for part in node.body:
            value = part.value if isinstance(part, ast.Assign) else None
            name = part.targets[0] if isinstance(part, ast.Assign) else None
            if (
                isinstance(value, ast.Call) and isinstance(name, ast.Name)
                and isinstance(value.func, ast.Name) and value.func.id in targets
                and any(isinstance(arg, ast.Name) and arg.id == name.id for arg in value.args)
            ):  # fmt: skip
                yield Label("middleware_chain", 0.75, (node.lineno, part.lineno))


DETECTORS = (middleware,)
