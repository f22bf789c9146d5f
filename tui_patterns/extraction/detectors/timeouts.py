"""Time limits: work that is cut off, and values that say when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import FileFacts, Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    arguments,
    called,
    kind,
    last,
    lines,
    names_in,
    origin_is,
    walk,
    words_of,
)
from tui_patterns.models import Label

_WITHIN = frozenset(
    {"asyncio.wait_for", "asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "anyio.fail_after",
     "anyio.move_on_after", "trio.fail_after", "trio.move_on_after", "signal.alarm", "signal.setitimer",
     "func_timeout.func_timeout", "eventlet.Timeout", "gevent.Timeout"}
)  # fmt: skip
_CUTS = {name.rpartition(".")[2] for name in _WITHIN} | {"join", "result"}
_TIME_WORDS = frozenset({"timeout", "timeouts", "deadline"})


def _limits_of(node: Any, facts: FileFacts) -> Iterator[Label]:
    """A value that holds several time limits: made from one timeout, kept apart."""
    init = facts.methods(node).get("__init__")
    if init is None or not init.params or not words_of(init.params[0]) & _TIME_WORDS:
        return
    name = init.params[0]
    kept = {
        target.attrname
        for target, value, _ in init.bindings()
        if kind(target) == "AssignAttr" and name in names_in(value)
    }
    if len(kept) > 1:
        yield Label("timeout", 0.8, lines(init.node))


def _bounded(function: Function, module: ModuleContext) -> Iterator[Label]:
    """Work that is cut off after a time: by the event loop, a signal, or a wait with a limit."""
    deep = bool(function.inner) and not function.is_generator
    calls = function.deep("Call") if deep else function.own("Call")
    for call in (item for item in calls if called(item) in _CUTS):
        confidence = _cuts(function, call, module)
        if confidence:
            yield Label("timeout", confidence, lines(call))
            return


def _cuts(function: Function, call: Any, module: ModuleContext) -> float:
    if origin_is(module.origin(dotted(call.func)), _WITHIN) and not _is_off(call):
        given = set(function.params) & names_in(*arguments(call))
        return 0.85 if given or function.inner or _catches_timeout(function) else 0.0
    limited = bool(call.args) or any(keyword.arg == "timeout" for keyword in call.keywords)
    if called(call) == "join" and limited and _checks_alive(function):
        return 0.8
    return 0.75 if called(call) == "result" and limited and _catches_timeout(function) else 0.0


def _is_off(call: Any) -> bool:
    """``signal.alarm(0)``, and a limit of ``None``."""
    values = arguments(call)
    return bool(values) and kind(values[-1]) == "Const" and not values[-1].value


def _checks_alive(function: Function) -> bool:
    return any(called(call) == "is_alive" for call in function.deep("Call"))


def _catches_timeout(function: Function) -> bool:
    caught = [handler.type for handler in function.deep("ExceptHandler") if handler.type is not None]
    return any("Timeout" in last(node) for type_ in caught for node in walk(type_))


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that cut something off after a time."""
    function = file_facts(module).functions.get(node)
    if function is not None:
        yield from _bounded(function, module)


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes that hold time limits."""
    if hasattr(node, "bases"):
        yield from _limits_of(node, file_facts(module))


DETECTORS = (functions, classes)
