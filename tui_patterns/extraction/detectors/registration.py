"""Methods and functions that put what they decorate, or are given, on a register."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def registering_decorator(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Returns a decorator that keeps the decorated function with the object, and gives it back."""
    for inner in function.inner:
        if len(inner.params) != 1 or inner.name not in function.returned() | _returned_names(function):
            continue
        given = inner.params[0]
        for call in inner.calls:
            handed = any(
                path.partition("(")[0].partition(".")[0] == given or path.endswith(")()")
                for path in call.passed
            )
            if call.receiver in {"self", "cls"} and not call.used and handed and inner.returns:
                yield Label("registry", 0.75, (function.line, call.line))
                return
        for store in inner.stores:
            root = store.path.partition("[")[0]
            if (
                store.path.endswith("[]")
                and store.value_path == given
                and (own_field(root) or root in module.variables)
            ):
                yield Label("registry", 0.8, (function.line, store.line))
                return


def _returned_names(function: FunctionFacts) -> set[str]:
    import ast

    return {item.value.id for item in function.returns if isinstance(item.value, ast.Name)}


def registering_function(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Keeps what it is given in a table of the module."""
    for store in function.stores:
        root = store.path.partition("[")[0]
        if store.path == f"{root}[]" and root in module.variables and store.value_path in function.params:
            yield Label("registry", 0.7, (function.line, store.line))
            return


def registering_method(
    method: FunctionFacts, owner: ClassFacts, labels: dict[str, Label], module: ModuleFacts
) -> Iterator[Label]:
    """Of a class that is a register: the methods that fill it."""
    if "registry" not in labels or not method.public:
        return
    fillers = {
        m.name: s.line for m in owner.methods.values() for s in m.stores if _fills(m, s.path, s.value_path)
    }
    if method.name in fillers:
        yield Label("registry", 0.7, (method.line, fillers[method.name]))
        return
    for call in method.calls:
        if call.receiver == "self" and call.name in fillers and not method.name.startswith("_"):
            yield Label("registry", 0.6, (method.line, call.line))
            return


def _fills(method: FunctionFacts, path: str, value: str) -> bool:
    name = own_field(path)
    return bool(name) and path == f"self.{name}[]" and value in method.params
