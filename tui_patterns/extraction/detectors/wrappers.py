"""Decorators: functions that take a function or class and give one back.

Three shapes: a function made inside that calls the parameter is returned; the
parameter itself is returned after it was noted somewhere; or a function made
inside that does either is returned (a decorator with arguments).
"""

from __future__ import annotations

from typing import Any

from tui_patterns.extraction.detectors.trees import called, decorator_name, decorators, lines, words_of
from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, double_stars, kind, names_in, stars, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_KEEPS_IDENTITY = frozenset({"wraps", "update_wrapper"})
_ABOUT_CALLABLES = _KEEPS_IDENTITY | {
    "partial", "partialmethod", "iscoroutinefunction", "is_coroutine_function", "isasyncgenfunction",
    "isgeneratorfunction", "signature", "getfullargspec", "callable", "unwrap",
}  # fmt: skip
_OF_CALLABLES = frozenset({"__name__", "__qualname__", "__doc__", "__wrapped__", "__module__", "__code__"})
_WORDS = frozenset(
    {"f", "fn", "fun", "func", "function", "method", "callable", "decorated", "wrapped", "coro", "coroutine",
     "cls", "klass", "view", "handler", "callback"}
)  # fmt: skip


def wraps_functions(function: FunctionFacts, module: ModuleFacts) -> Label | None:
    """The evidence that *function* is a decorator, or makes one."""
    return module.once(("wraps", function), lambda: _evidence(function))


def _evidence(function: FunctionFacts) -> Label | None:
    if function.is_generator or kind(function.node) == "AsyncFunctionDef":
        return None
    return _direct(function) or _noted(function, top=True) or _factory(function)


def given(function: FunctionFacts) -> list[str]:
    """Parameters that a decorator may get its function by: positional, without self."""
    listed = [*function.node.args.posonlyargs, *(function.node.args.args or ())]
    static = any(decorator_name(item) == "staticmethod" for item in decorators(function.node))
    return [item.arg for item in listed[function.owner is not None and not static :]]


def returned(function: FunctionFacts) -> list[Any]:
    return [node.value for node in function.own("Return") if node.value is not None]


def returned_inner(function: FunctionFacts) -> list[FunctionFacts]:
    """Functions made inside that are returned: as they are, cast, or wrapped."""
    if not function.inner:
        return []
    by_name = {inner.name: inner for inner in function.inner}
    names = {name for value in returned(function) if kind(value) != "Lambda" for name in _handed(value)}
    for target, value, _ in function.bindings():
        if kind(target) == "Name" and target.id in names:
            names = names | _handed(value)
    return [inner for name, inner in by_name.items() if name in names]


def _handed(value: Any) -> set[str]:
    """Names that a returned value is, or that a call returned is given."""
    if kind(value) == "Name":
        return {value.id}
    if kind(value) == "Call":
        inner = set().union(*(_handed(item) for item in value.args)) if value.args else set()
        return inner | (_handed(value.func) if kind(value.func) == "Call" else set())
    if kind(value) == "IfExp":
        return _handed(value.body) | _handed(value.orelse)
    return set()


def _calls(function: FunctionFacts, names: set[str]) -> list[Any]:
    return [call for call in function.deep("Call") if dotted(call.func) in names]


def _direct(function: FunctionFacts) -> Label | None:
    """A wrapper made inside calls the parameter and is returned."""
    takes = set(given(function))
    for inner in returned_inner(function):
        own = takes - set(inner.parameters)
        found = (
            _calls(inner, own)
            or _wraps(inner, own)
            or _dresses(function, inner, own)
            or _uses_copy(function, inner, own)
        )
        if found:
            return Label("function_decorator", 0.9, lines(inner.node, found[0]))
    return None


def _wraps(inner: FunctionFacts, names: set[str]) -> list[Any]:
    """``@functools.wraps(f)`` over the wrapper."""
    marks = [
        item for item in decorators(inner.node) if kind(item) == "Call" and called(item) in _KEEPS_IDENTITY
    ]
    return [item for item in marks if names & names_in(*item.args)]


def _dresses(function: FunctionFacts, inner: FunctionFacts, names: set[str]) -> list[Any]:
    """``update_wrapper(inner, f)``: the wrapper takes the parameter's name and documentation."""
    calls = [call for call in function.own("Call") if called(call) in _KEEPS_IDENTITY]
    return [call for call in calls if inner.name in names_in(*call.args) and names & names_in(*call.args)]


def _uses_copy(function: FunctionFacts, inner: FunctionFacts, names: set[str]) -> list[Any]:
    """A call of what the parameter was turned into before: ``f = check(f)``."""
    copies = {
        dotted(target)
        for target, value, _ in function.bindings()
        if kind(value) == "Call" and names & names_in(value)
    }
    return [call for call in _calls(inner, copies - {""}) if stars(call) and double_stars(call)]


def _noted(function: FunctionFacts, top: bool) -> Label | None:
    """The parameter comes back as it was, after something was done with it."""
    takes = given(function)
    if not takes or (top and len(takes) > 1):
        return None
    name = takes[0]
    back = [value for value in returned(function) if kind(value) == "Name" and value.id == name]
    if len(back) != len(returned(function)) or not back or _rebinds(function, name):
        return None
    used = [node for node in function.own("Call", "Assign") if name in names_in(*_parts(node))]
    if name == "handler" and top and all(kind(node) == "Assign" for node in used):
        return None  # the next one in a chain, given back so that calls can be chained
    if used and (not top or _is_callable(function, name)):
        return Label("function_decorator", 0.8, lines(used[0], back[0]))
    return None


def _parts(node: Any) -> list[Any]:
    if kind(node) == "Call":
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return [node.value, *(target for target in node.targets if kind(target) != "Name")]


def _rebinds(function: FunctionFacts, name: str) -> bool:
    return any(dotted(target) == name for target, _, _ in function.bindings())


def _is_callable(function: FunctionFacts, name: str) -> bool:
    """Evidence that a parameter is a function or class: what is asked of it, its type, at last its name."""
    for node in (child for statement in function.node.body for child in walk(statement)):
        if kind(node) == "Attribute" and dotted(node.value) == name and node.attr in _OF_CALLABLES:
            return True
        if kind(node) == "Call" and dotted(node.func) == name:
            return True
        if kind(node) == "Call" and called(node) in _ABOUT_CALLABLES and name in names_in(*node.args):
            return True
    return _is_typed_callable(function, name) or bool(words_of(name) & _WORDS)


def _is_typed_callable(function: FunctionFacts, name: str) -> bool:
    return "Callable" in function.annotations.get(name, ())


def _factory(function: FunctionFacts) -> Label | None:
    """A decorator made inside is returned."""
    for inner in returned_inner(function):
        takes = given(inner)
        if len(takes) != 1 or inner.is_generator:
            continue
        made = _direct(inner) or _noted(inner, top=False) or _factory_result(inner, takes[0])
        if made is not None:
            return Label("function_decorator", made.confidence, lines(inner.node) + made.evidence)
    return None


def _factory_result(inner: FunctionFacts, name: str) -> Label | None:
    """The function made from the parameter by a call is returned."""
    if not _is_callable(inner, name):
        return None
    made = {
        dotted(target): node
        for target, value, node in inner.bindings()
        if kind(value) == "Call" and name in names_in(*_parts(value))
    }
    for value in returned(inner):
        found = value if kind(value) == "Call" else made.get(dotted(value))
        if found is not None and (found is not value or name in names_in(*_parts(value))):
            return Label("function_decorator", 0.8, lines(inner.node, found))
    return None
