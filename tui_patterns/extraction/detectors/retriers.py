"""Functions, decorators and classes that retry for others, by the loops that ``retrying`` finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.backoff import growth
from tui_patterns.extraction.detectors.retrying import attempts, calls_itself
from tui_patterns.extraction.detectors.trees import (
    decorator_name,
    decorators,
    is_sleep,
    lines,
    origin_is,
    words_of,
)
from tui_patterns.extraction.detectors.wrappers import wraps_functions
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, under
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_DECORATORS = frozenset(
    {"tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "retrying.retry", "retry.retry",
     "retry.api.retry", "stamina.retry", "retry_async.retry"}
)  # fmt: skip
_ATTEMPT = frozenset({"retry", "retries", "tries", "attempt", "attempts", "retrying"})
_DELAY = frozenset({"wait", "backoff", "delay", "sleep", "jitter", "interval"})
_FAULT = frozenset({"exception", "exceptions", "error", "errors", "predicate", "giveup"})
_EXCEPTIONS = ("Exception", "Error", "Warning")


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that retry, under a decorator that does, or that are such a decorator."""
    yield from _decorated(function.node, module)
    for one in (function, *function.inner):
        if (label := attempts(one) or calls_itself(one)) is not None:
            yield label
    if wraps_functions(function, module):
        yield from _decorator(function, module)


def _decorated(node: Any, module: ModuleFacts) -> Iterator[Label]:
    for decorator in decorators(node):
        if origin_is(module.origin(decorator_name(decorator)), _DECORATORS):
            yield Label("retry", 0.95, lines(decorator))
        elif any(words_of(keyword.arg or "") & _ATTEMPT for keyword in getattr(decorator, "keywords", ())):
            yield Label("retry", 0.75, lines(decorator))


def _decorator(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A decorator whose parameters are those of a retry, or that hands the function to a retrier."""
    hits = [name for name in function.parameters if words_of(name) & _ATTEMPT]
    if hits and any(words_of(name) & (_DELAY | _FAULT) for name in function.parameters):
        yield Label("retry", 0.8, lines(function.node))
    if function.owner is not None and any(True for _ in _policy(function.owner)):
        yield Label("retry", 0.7, lines(function.node))
    for call in function.deep("Call"):
        cls, local = module.every_class.get(dotted(call.func)), module.top.get(dotted(call.func))
        if (cls is not None and _executor(cls)) or (local is not None and attempts(local)):
            yield Label("retry", 0.75, lines(call))


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes that run what they are given again, and policies that say when."""
    made = _executor(item)
    if made is not None:
        yield made
    elif not any(base.endswith(_EXCEPTIONS) for base in item.bases):
        yield from _policy(item)
        yield from _waits(item)


def _waits(item: ClassFacts) -> Iterator[Label]:
    """One method says how long, and it grows; another sleeps for it."""
    methods = item.methods.values()
    grown = [label for method in methods if (label := growth(method)) is not None]
    sleeps = [call for method in methods for call in method.own("Call") if is_sleep(call)]
    if grown and sleeps:
        yield Label("retry", 0.75, (*grown[0].evidence, *lines(sleeps[0])))


def _executor(item: ClassFacts) -> Label | None:
    """A method that retries a callable it got, or one that makes up most of the class."""
    for method in item.methods.values():
        for one in (method, *method.inner):
            label = attempts(one)
            if label is not None and (_runs_given(one, method) or _is_most(method, item)):
                return label
    return None


def _runs_given(function: FunctionFacts, method: FunctionFacts) -> bool:
    given = {*function.parameters, *method.parameters}
    tried = [call for call in function.own("Call") if under(call, {"Try"}) is not None]
    return any(dotted(call.func) in given for call in tried)


def _is_most(method: FunctionFacts, item: ClassFacts) -> bool:
    size = sum(_length(other) for other in item.methods.values() if not other.name.startswith("__"))
    return 2 * _length(method) > size


def _length(function: FunctionFacts) -> int:
    return (function.node.end_lineno or function.line) - function.line + 1


def _policy(item: ClassFacts) -> Iterator[Label]:
    """An initializer that takes how often, how long and on what: most of its parameters say so."""
    init = item.init
    if init is None or not init.parameters:
        return
    attempt = [name for name in init.parameters if words_of(name) & _ATTEMPT]
    other = [name for name in init.parameters if words_of(name) & (_DELAY | _FAULT)]
    if attempt and 2 * len({*attempt, *other}) >= len(init.parameters):
        if set(other) - set(attempt):
            yield Label("retry", 0.75, lines(init.node))
        elif any(method.name in {"__exit__", "__aexit__"} for method in item.methods.values()):
            yield Label("retry", 0.65, lines(init.node))


FUNCTIONS = (functions,)
CLASSES = (classes,)
