"""Detectors of decorators, by what ``wrappers`` knows of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    called,
    kind,
    last,
    lines,
    names_in,
    walk,
)
from tui_patterns.extraction.detectors.wrappers import given, returned, wraps_functions
from tui_patterns.models import Label

_CLASSES = frozenset({"cls", "klass", "class_", "_cls", "clazz"})


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that decorate functions, or classes."""
    function = file_facts(module).functions.get(node)
    if function is None:
        return
    label = wraps_functions(function, module)
    if label is None:
        yield from _of_classes(function)
    elif set(given(function)[:1]) & _CLASSES:
        yield Label("class_decorator", label.confidence, label.evidence)
    else:
        yield label


def _of_classes(function: Function) -> Iterator[Label]:
    """The class given is returned changed, or a subclass of it."""
    takes = given(function)
    if len(takes) != 1 or kind(function.node.parent) == "ClassDef":
        return
    name = takes[0]
    changed = [
        node
        for node in function.own("Call")
        if called(node) == "setattr" and name in names_in(*node.args[:1])
    ]
    changed += [node for node in function.own("AssignAttr") if dotted(node.expr) == name and name in _CLASSES]
    local = [node for node in walk(*function.node.body) if kind(node) == "ClassDef"]
    subclasses = {node.name: node for node in local if name in {dotted(base) for base in node.bases}}
    for value in returned(function):
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
        for target, value, _ in init.bindings()
        if kind(target) == "AssignAttr" and dotted(value) in init.params
    }
    arguments = call.node.args
    if not (arguments.vararg and arguments.kwarg) or "__get__" in stored:
        return
    for inner in call.deep("Call"):
        if (
            last(inner.func) in stored
            and dotted(inner.func).startswith("self.")
            and inner.starargs
            and inner.kwargs
        ):
            yield Label("decorator_class", 0.85, lines(init.node, inner))
            return


DETECTORS = (functions, classes)
