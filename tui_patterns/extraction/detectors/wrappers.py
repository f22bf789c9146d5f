"""Decorators: functions that take a function or class and give one back.

Three shapes: a function made inside that calls the parameter is returned; the
parameter itself is returned after it was noted somewhere; or a function made
inside that does either is returned (a decorator with arguments).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    called,
    decorator_name,
    decorators,
    kind,
    last,
    lines,
    names_in,
    walk,
    words_of,
)
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
_CLASSES = frozenset({"cls", "klass", "class_", "_cls", "clazz"})


def wraps_functions(function: Function, module: ModuleContext) -> Label | None:
    """The evidence that *function* is a decorator, or makes one."""
    if function.is_generator or kind(function.node) == "AsyncFunctionDef":
        return None
    return _direct(function) or _noted(function, top=True) or _factory(function)


def _given(function: Function) -> list[str]:
    """Parameters that a decorator may get its function by: positional, without self."""
    listed = [*function.node.args.posonlyargs, *(function.node.args.args or ())]
    static = any(decorator_name(item) == "staticmethod" for item in decorators(function.node))
    return [item.name for item in listed[function.cls is not None and not static :]]


def _returned(function: Function) -> list[Any]:
    return [node.value for node in function.own("Return") if node.value is not None]


def returned_inner(function: Function) -> list[Function]:
    """Functions made inside that are returned: as they are, cast, or wrapped."""
    by_name = {inner.name: inner for inner in function.inner}
    names = {name for value in _returned(function) if kind(value) != "Lambda" for name in _handed(value)}
    copies = {
        target.name: name
        for node in function.own("Assign")
        for target in node.targets
        if kind(target) == "AssignName"
        for name in _handed(node.value)
    }
    names |= {copies[name] for name in names if name in copies}
    return [inner for name, inner in by_name.items() if name in names]


def _handed(value: Any) -> set[str]:
    """Names that a returned value is, or that a call returned is given."""
    if kind(value) == "Name":
        return {value.name}
    if kind(value) == "Call":
        inner = set().union(*(_handed(item) for item in value.args)) if value.args else set()
        return inner | (_handed(value.func) if kind(value.func) == "Call" else set())
    if kind(value) == "IfExp":
        return _handed(value.body) | _handed(value.orelse)
    return set()


def _calls(function: Function, names: set[str]) -> list[Any]:
    return [call for call in function.deep("Call") if dotted(call.func) in names]


def _direct(function: Function) -> Label | None:
    """A wrapper made inside calls the parameter and is returned."""
    given = set(_given(function))
    for inner in returned_inner(function):
        own = given - set(inner.params)
        found = _calls(inner, own) or _wraps(inner, own) or _uses_copy(function, inner, own)
        if found:
            return Label("function_decorator", 0.9, lines(inner.node, found[0]))
    return None


def _wraps(inner: Function, names: set[str]) -> list[Any]:
    """``@functools.wraps(f)`` over the wrapper."""
    marks = [item for item in decorators(inner.node) if kind(item) == "Call" and called(item) in _KEEPS_IDENTITY]
    return [item for item in marks if names & names_in(*item.args)]


def _uses_copy(function: Function, inner: Function, names: set[str]) -> list[Any]:
    """A call of what the parameter was turned into before: ``f = check(f)``."""
    copies = {
        dotted(target)
        for node in function.own("Assign")
        if names & names_in(node.value) and kind(node.value) == "Call"
        for target in node.targets
    }
    return [call for call in _calls(inner, copies - {""}) if call.starargs and call.kwargs]


def _noted(function: Function, top: bool) -> Label | None:
    """The parameter comes back as it was, after something was done with it."""
    given = _given(function)
    if not given or (top and len(given) > 1):
        return None
    name = given[0]
    back = [value for value in _returned(function) if kind(value) == "Name" and value.name == name]
    if len(back) != len(_returned(function)) or not back or _rebinds(function, name):
        return None
    used = [node for node in function.own("Call", "Assign") if name in names_in(*_parts(node))]
    if used and (not top or _is_callable(function, name)):
        return Label("function_decorator", 0.8, lines(used[0], back[0]))
    return None


def _parts(node: Any) -> list[Any]:
    if kind(node) == "Call":
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return [node.value, *(target for target in node.targets if kind(target) != "AssignName")]


def _rebinds(function: Function, name: str) -> bool:
    return any(dotted(target) == name for node in function.own("Assign") for target in node.targets)


def _is_callable(function: Function, name: str) -> bool:
    """Evidence that a parameter is a function or class: what is asked of it, its type, at last its name."""
    for node in (child for statement in function.node.body for child in walk(statement)):
        if kind(node) in {"Attribute", "AssignAttr"} and dotted(node.expr) == name and node.attrname in _OF_CALLABLES:
            return True
        if kind(node) == "Call" and (called(node) in _ABOUT_CALLABLES or dotted(node.func) == name):
            if dotted(node.func) == name or name in names_in(*node.args):
                return True
    return _is_typed_callable(function, name) or bool(words_of(name) & _WORDS)


def _is_typed_callable(function: Function, name: str) -> bool:
    arguments = function.node.args
    listed = [*(arguments.args or ()), *arguments.posonlyargs]
    types = [*arguments.annotations, *arguments.posonlyargs_annotations]
    pairs = zip(listed, types, strict=False)
    shown = next((item.as_string() for argument, item in pairs if argument.name == name and item), "")
    return "Callable" in shown


def _factory(function: Function) -> Label | None:
    """A decorator made inside is returned."""
    for inner in returned_inner(function):
        given = _given(inner)
        if len(given) != 1 or inner.is_generator:
            continue
        made = _direct(inner) or _noted(inner, top=False) or _factory_result(inner, given[0])
        if made is not None:
            return Label("function_decorator", made.confidence, lines(inner.node) + made.evidence)
    return None


def _factory_result(inner: Function, name: str) -> Label | None:
    """The function made from the parameter by a call is returned."""
    if not _is_callable(inner, name):
        return None
    made = {
        dotted(target): node
        for node in inner.own("Assign")
        if kind(node.value) == "Call" and name in names_in(*_parts(node.value))
        for target in node.targets
    }
    for value in _returned(inner):
        found = value if kind(value) == "Call" else made.get(dotted(value))
        if found is not None and (found is not value or name in names_in(*_parts(value))):
            return Label("function_decorator", 0.8, lines(inner.node, found))
    return None


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that decorate functions, or classes."""
    function = file_facts(module).functions.get(node)
    if function is None:
        return
    label = wraps_functions(function, module)
    if label is None:
        yield from _of_classes(function)
    elif set(_given(function)[:1]) & _CLASSES:
        yield Label("class_decorator", label.confidence, label.evidence)
    else:
        yield label


def _of_classes(function: Function) -> Iterator[Label]:
    """The class given is returned changed, or a subclass of it."""
    given = _given(function)
    if len(given) != 1 or kind(function.node.parent) == "ClassDef":
        return
    name = given[0]
    changed = [node for node in function.own("Call") if called(node) == "setattr" and name in names_in(*node.args[:1])]
    changed += [node for node in function.own("AssignAttr") if dotted(node.expr) == name and name in _CLASSES]
    local = [node for node in walk(*function.node.body) if kind(node) == "ClassDef"]
    subclasses = {node.name: node for node in local if name in {dotted(base) for base in node.bases}}
    for value in _returned(function):
        if kind(value) == "Name" and value.name == name and changed and name in _CLASSES:
            yield Label("class_decorator", 0.85, lines(changed[0], value))
        elif dotted(value) in subclasses:
            yield Label("class_decorator", 0.9, lines(subclasses[dotted(value)], value))


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes whose instances decorate, or that are put around a function."""
    if not hasattr(node, "bases"):
        return
    methods = file_facts(module).methods(node)
    call = methods.get("__call__")
    if call is None:
        return
    label = wraps_functions(call, module)
    if label is not None:
        yield Label("decorator_class", label.confidence, label.evidence)
    elif (init := methods.get("__init__")) is not None:
        yield from _around(init, call)


def _around(init: Function, call: Function) -> Iterator[Label]:
    """``__call__(*args, **kwargs)`` passes everything on to the function the initializer got."""
    stored = {
        target.attrname
        for node in init.own("Assign")
        for target in node.targets
        if kind(target) == "AssignAttr" and dotted(node.value) in init.params
    }
    arguments = call.node.args
    if not (arguments.vararg and arguments.kwarg) or "__get__" in stored:
        return
    for inner in call.deep("Call"):
        if last(inner.func) in stored and dotted(inner.func).startswith("self.") and inner.starargs and inner.kwargs:
            yield Label("decorator_class", 0.85, lines(init.node, inner))
            return


DETECTORS = (functions, classes)
