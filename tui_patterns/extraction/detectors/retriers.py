"""Functions, decorators and classes that retry for others, by the loops that ``retrying`` finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.backoff import growth
from tui_patterns.extraction.detectors.facts import FileFacts, Function, class_body, dotted, file_facts
from tui_patterns.extraction.detectors.retrying import attempts, calls_itself
from tui_patterns.extraction.detectors.trees import (
    decorator_name,
    decorators,
    is_sleep,
    kind,
    lines,
    origin_is,
    under,
    words_of,
)
from tui_patterns.extraction.detectors.wrappers import wraps_functions
from tui_patterns.models import Label

_DECORATORS = frozenset(
    {"tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "retrying.retry", "retry.retry",
     "retry.api.retry", "stamina.retry", "retry_async.retry"}
)  # fmt: skip
_ATTEMPT = frozenset({"retry", "retries", "tries", "attempt", "attempts", "retrying"})
_DELAY = frozenset({"wait", "backoff", "delay", "sleep", "jitter", "interval"})
_FAULT = frozenset({"exception", "exceptions", "error", "errors", "predicate", "giveup"})
_EXCEPTIONS = ("Exception", "Error", "Warning")


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that retry, under a decorator that does, or that are such a decorator."""
    facts = file_facts(module)
    function = facts.functions.get(node)
    if function is None:
        return
    yield from _decorated(node, module)
    for one in (function, *function.inner):
        if (label := attempts(one) or calls_itself(one)) is not None:
            yield label
    if wraps_functions(function, module):
        yield from _decorator(function, facts)


def _decorated(node: Any, module: ModuleContext) -> Iterator[Label]:
    for decorator in decorators(node):
        if origin_is(module.origin(decorator_name(decorator)), _DECORATORS):
            yield Label("retry", 0.95, lines(decorator))
        elif any(words_of(keyword.arg or "") & _ATTEMPT for keyword in getattr(decorator, "keywords", ())):
            yield Label("retry", 0.75, lines(decorator))


def _decorator(function: Function, facts: FileFacts) -> Iterator[Label]:
    """A decorator whose parameters are those of a retry, or that hands the function to a retrier."""
    hits = [name for name in function.params if words_of(name) & _ATTEMPT]
    if hits and any(words_of(name) & (_DELAY | _FAULT) for name in function.params):
        yield Label("retry", 0.8, lines(function.node))
    owner = function.node.parent
    if kind(owner) == "ClassDef" and any(True for _ in _policy(owner, facts)):
        yield Label("retry", 0.7, lines(function.node))
    for call in function.deep("Call"):
        cls, local = facts.classes.get(dotted(call.func)), facts.top.get(dotted(call.func))
        if (cls is not None and _executor(cls, facts)) or (local is not None and attempts(local)):
            yield Label("retry", 0.75, lines(call))


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes that run what they are given again, and policies that say when."""
    if not hasattr(node, "bases"):
        return
    facts = file_facts(module)
    made = _executor(node, facts)
    if made is not None:
        yield made
    elif not any(dotted(base).endswith(_EXCEPTIONS) for base in node.bases):
        yield from _policy(node, facts)
        yield from _waits(node, facts)


def _waits(cls: Any, facts: FileFacts) -> Iterator[Label]:
    """One method says how long, and it grows; another sleeps for it."""
    methods = facts.methods(cls).values()
    grown = [label for method in methods if (label := growth(method)) is not None]
    sleeps = [call for method in methods for call in method.own("Call") if is_sleep(call)]
    if grown and sleeps:
        yield Label("retry", 0.75, (*grown[0].evidence, *lines(sleeps[0])))


def _executor(cls: Any, facts: FileFacts) -> Label | None:
    """A method that retries a callable it got, or one that makes up most of the class."""
    for method in facts.methods(cls).values():
        for one in (method, *method.inner):
            label = attempts(one)
            if label is not None and (_runs_given(one, method) or _is_most(method, cls)):
                return label
    return None


def _runs_given(function: Function, method: Function) -> bool:
    given = {*function.params, *method.params}
    tried = [call for call in function.own("Call") if under(call, {"Try"}) is not None]
    return any(dotted(call.func) in given for call in tried)


def _is_most(method: Function, cls: Any) -> bool:
    methods = [node for node in class_body(cls) if hasattr(node, "args") and not node.name.startswith("__")]
    size = sum(node.end_lineno - node.lineno + 1 for node in methods)
    return bool(2 * (method.node.end_lineno - method.node.lineno + 1) > size)


def _policy(cls: Any, facts: FileFacts) -> Iterator[Label]:
    """An initializer that takes how often, how long and on what: most of its parameters say so."""
    init = facts.methods(cls).get("__init__")
    if init is None or not init.params:
        return
    attempt = [name for name in init.params if words_of(name) & _ATTEMPT]
    other = [name for name in init.params if words_of(name) & (_DELAY | _FAULT)]
    if attempt and 2 * len({*attempt, *other}) >= len(init.params):
        if set(other) - set(attempt):
            yield Label("retry", 0.75, lines(init.node))
        elif any(method.name in {"__exit__", "__aexit__"} for method in facts.methods(cls).values()):
            yield Label("retry", 0.65, lines(init.node))


DETECTORS = (functions, classes)
