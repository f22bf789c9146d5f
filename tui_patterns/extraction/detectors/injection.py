"""Dependencies that come from outside: providers, wiring, composition roots."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def injected(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Something it needs comes from outside as a provider: called for a value, with nothing to work on."""
    for method in item.public if len(item.public) <= 3 else ():
        for call in method.calls:
            made = {"type", "Type"} & method.annotations.get(call.path, frozenset())
            if call.path in method.params and not call.passed and not call.looped and call.used and not made:
                yield Label("dependency_injection", 0.6, (method.line, call.line))


def wiring(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Gives functions or objects what they need, by their signature or from one place."""
    for call in function.calls:
        if (
            call.path.endswith("signature")
            and module.origin(call.path) == "inspect.signature"
            and call.arguments
        ):
            target = call.arguments[0]
            spread = [c for c in _calls_inside(function) if c == target]
            if spread:
                yield Label("dependency_injection", 0.85, (call.line,))
    for default in [*function.node.args.defaults, *filter(None, function.node.args.kw_defaults)]:
        if isinstance(default, ast.Call):
            name = (
                default.func.id if isinstance(default.func, ast.Name) else getattr(default.func, "attr", "")
            )
            if module.origin(name).startswith(("fastapi.", "dependency_injector.")) and name in {
                "Depends",
                "Provide",
            }:
                yield Label("dependency_injection", 0.8, (default.lineno,))
    yield from _composition_root(function)


def _calls_inside(function: FunctionFacts) -> list[str]:
    """Names called with ``**something`` anywhere in the function, lambdas too."""
    return [
        node.func.id
        for node in function.deep("Call")
        if isinstance(node.func, ast.Name) and any(k.arg is None for k in node.keywords)
    ]


def _composition_root(function: FunctionFacts) -> Iterator[Label]:
    """Takes parts that have defaults, makes the missing ones, and returns the whole made of them."""
    replaced = {
        name for name in function.params if name in function.names and function.names[name].endswith("()")
    }
    known = {name for name in function.params if name in function.optional or name in function.annotations}
    for item in function.returns:
        if not isinstance(item.value, ast.Call) or not item.path.endswith("()"):
            continue
        made = item.path[:-2].rpartition(".")[2]
        passed = {node.id for node in ast.walk(item.value) if isinstance(node, ast.Name)} & (known | replaced)
        wired = _wired(function)
        if made[:1].isupper() and replaced & function.optional and passed and wired:
            yield Label("dependency_injection", 0.7, (function.line, item.line))


def _wired(function: FunctionFacts) -> bool:
    """Whether parts it got are put together (in a table or another call) before they are used."""
    values = (
        {value.id for value in node.values if isinstance(value, ast.Name)} for node in function.deep("Dict")
    )
    return any(len(names & set(function.params)) >= 2 for names in values)


DETECTORS = (injected,)
