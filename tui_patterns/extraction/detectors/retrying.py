"""Retries and the delays between them.

A retry is a loop that makes the same call again after it failed: a ``try`` in
a loop, a way out on success, a handler that lets the loop go on, and a bound
or a wait. Trying one candidate after another is none: there the loop's target
goes into the call.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import FileFacts, Function, class_body, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    called,
    decorator_name,
    decorators,
    ends_by,
    inside,
    is_sleep,
    kind,
    lines,
    names_in,
    origin_is,
    under,
    walk,
    words_of,
)
from tui_patterns.extraction.detectors.wrappers import wraps_functions
from tui_patterns.models import Label

_LOOPS = ("While", "For", "AsyncFor")
_LEAVES = frozenset({"Return", "Break"})
_DECORATORS = frozenset(
    {"tenacity.retry", "backoff.on_exception", "backoff.on_predicate", "retrying.retry", "retry.retry",
     "retry.api.retry", "stamina.retry", "retry_async.retry"}
)  # fmt: skip
_ATTEMPT = frozenset({"retry", "retries", "tries", "attempt", "attempts", "retrying"})
_DELAY = frozenset({"wait", "backoff", "delay", "sleep", "jitter", "interval"})
_FAULT = frozenset({"exception", "exceptions", "error", "errors", "predicate", "giveup"})
_EXCEPTIONS = ("Exception", "Error", "Warning")


def attempts(function: Function) -> Label | None:
    """The retry loop in a function itself, if it has one."""
    found = [label for loop in function.own(*_LOOPS) if (label := _loop(function, loop)) is not None]
    return max(found, key=lambda label: label.confidence, default=None)


def _loop(function: Function, loop: Any) -> Label | None:
    if kind(loop) != "While" and _is_attempt_block(loop):
        return Label("retry", 0.9, lines(loop, loop.body[0]))
    for block in function.own("Try"):
        if under(block, _LOOPS) is loop and _tries_again(function, loop, block):
            sleeps = [call for call in function.own("Call") if is_sleep(call) and inside(call, loop)]
            confidence = _confidence(bool(sleeps), _is_bounded(function, loop), _gives_up(function, loop))
            if confidence:
                return Label("retry", confidence, lines(loop, block, block.handlers[0], *sleeps))
    return None


def _is_attempt_block(loop: Any) -> bool:
    """``for attempt in Retrying(...): with attempt: ...``: the loop's target is the context of its body."""
    first = loop.body[0]
    managed = {dotted(item) for item, _ in first.items} if kind(first) in {"With", "AsyncWith"} else set()
    return len(loop.body) == 1 and kind(loop.iter) == "Call" and dotted(loop.target) in managed


def _tries_again(function: Function, loop: Any, block: Any) -> bool:
    if not any(kind(node) == "Call" for node in walk(*block.body)):
        return False
    if all(ends_by(handler.body, {"Raise", "Return", "Break"}) for handler in block.handlers):
        return False
    if kind(loop) != "While" and not _only_counts(loop, block):
        return False
    return _succeeds(function, loop, block)


def _only_counts(loop: Any, block: Any) -> bool:
    """Whether the loop's target stays out of the calls that are tried."""
    targets = {node.name for node in walk(loop.target) if kind(node) == "AssignName"}
    work = [node for node in walk(*block.body) if kind(node) == "Call" and not _is_talk(node)]
    return not any(targets & names_in(call) for call in work)


def _is_talk(call: Any) -> bool:
    return called(call) in {"debug", "info", "warning", "error", "print", "log", "exception"}


def _succeeds(function: Function, loop: Any, block: Any) -> bool:
    """Whether the loop ends when nothing was raised."""
    for leave in function.own("Return", "Break"):
        if inside(leave, loop) and under(leave, {"ExceptHandler"}) is None:
            if inside(leave, block) or leave.lineno > block.lineno:
                return True
    if kind(loop) != "While":
        return False
    decided = names_in(loop.test)
    done = [node for node in walk(*block.body, *block.orelse) if kind(node) == "AssignName"]
    return any(node.name in decided for node in done)


def _is_bounded(function: Function, loop: Any) -> bool:
    """A counted loop, or a counter that is compared."""
    if kind(loop) == "For":
        return kind(loop.iter) == "Call" and called(loop.iter) in {"range", "count", "enumerate", "repeat"}
    counted = {dotted(node.target) for node in function.own("AugAssign") if inside(node, loop)} - {""}
    tests = [*(node for node in function.own("Compare") if inside(node, loop)), loop.test]
    return any(dotted(node) in counted for test in tests for node in walk(test))


def _gives_up(function: Function, loop: Any) -> bool:
    """Whether the last failure is raised: in a handler of the loop, or after it."""
    return any(
        node.lineno > loop.end_lineno or (inside(node, loop) and under(node, {"ExceptHandler"}) is not None)
        for node in function.own("Raise")
    )


def _confidence(sleeps: bool, bounded: bool, gives_up: bool) -> float:
    if sleeps:
        return 0.95 if bounded else 0.85
    if bounded:
        return 0.8 if gives_up else 0.65
    return 0.0


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that retry, under a decorator that does, or that are such a decorator."""
    facts = file_facts(module)
    function = facts.functions.get(node)
    if function is None:
        return
    yield from _decorated(node, module)
    for one in (function, *function.inner):
        if (label := attempts(one)) is not None:
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
    return 2 * (method.node.end_lineno - method.node.lineno + 1) > size


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
