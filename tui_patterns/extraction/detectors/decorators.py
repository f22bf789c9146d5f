"""Detectors of decorators, by what ``wrappers`` knows of them."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.trees import called, last, lines
from tui_patterns.extraction.detectors.wrappers import given, returned, wraps_functions
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, double_stars, kind, names_in, stars
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_CLASSES = frozenset({"cls", "klass", "class_", "_cls", "clazz"})


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that decorate functions, or classes."""
    label = wraps_functions(function, module)
    if label is None:
        yield from _of_classes(function)
    elif set(given(function)[:1]) & _CLASSES:
        yield Label("class_decorator", label.confidence, label.evidence)
    else:
        yield label


def _of_classes(function: FunctionFacts) -> Iterator[Label]:
    """The class given is returned changed, or a subclass of it."""
    takes = given(function)
    if len(takes) != 1 or function.owner is not None:
        return
    name = takes[0]
    changed = [
        node
        for node in function.own("Call")
        if called(node) == "setattr" and name in names_in(*node.args[:1])
    ]
    if name in _CLASSES:
        stored = (node for node in function.own("Attribute") if kind(node.ctx) == "Store")
        changed += [node for node in stored if dotted(node.value) == name]
    subclasses = {node.name: node for node in function.local if name in {dotted(base) for base in node.bases}}
    for value in returned(function):
        if kind(value) == "Name" and value.id == name and changed and name in _CLASSES:
            yield Label("class_decorator", 0.85, lines(changed[0], value))
        elif dotted(value) in subclasses:
            yield Label("class_decorator", 0.9, lines(subclasses[dotted(value)], value))


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes whose instances decorate, or that are put around a function."""
    methods = item.methods
    call = methods.get("__call__")
    if call is None:
        return
    label = wraps_functions(call, module)
    if label is not None:
        yield Label("decorator_class", label.confidence, label.evidence)
    elif (init := methods.get("__init__")) is not None:
        yield from _around(init, call)


def _around(init: FunctionFacts, call: FunctionFacts) -> Iterator[Label]:
    """``__call__(*args, **kwargs)`` passes everything on to the function the initializer got."""
    stored = {
        target.attr
        for target, value, _ in init.bindings()
        if kind(target) == "Attribute" and dotted(value) in init.parameters
    }
    arguments = call.node.args
    if not (arguments.vararg and arguments.kwarg) or "__get__" in stored:
        return
    for inner in call.deep("Call"):
        if (
            last(inner.func) in stored
            and dotted(inner.func).startswith("self.")
            and stars(inner)
            and double_stars(inner)
        ):
            yield Label("decorator_class", 0.85, lines(init.node, inner))
            return


FUNCTIONS = (functions,)
CLASSES = (classes,)
