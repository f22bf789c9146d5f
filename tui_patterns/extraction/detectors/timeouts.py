"""Time limits: work that is cut off, and values that say when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import arguments, called, last, lines, origin_is, words_of
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, kind, names_in, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_WITHIN = frozenset(
    {"asyncio.wait_for", "asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "anyio.fail_after",
     "anyio.move_on_after", "trio.fail_after", "trio.move_on_after", "signal.alarm", "signal.setitimer",
     "func_timeout.func_timeout", "eventlet.Timeout", "gevent.Timeout"}
)  # fmt: skip
_CUTS = {name.rpartition(".")[2] for name in _WITHIN} | {"join", "result"}
_TIME_WORDS = frozenset({"timeout", "timeouts", "deadline"})


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A value that holds several time limits: made from one timeout, kept apart."""
    init = item.init
    if init is None or not init.parameters or not words_of(init.parameters[0]) & _TIME_WORDS:
        return
    name = init.parameters[0]
    kept = {
        target.attr
        for target, value, _ in init.bindings()
        if kind(target) == "Attribute" and name in names_in(value)
    }
    if len(kept) > 1:
        yield Label("timeout", 0.8, lines(init.node))


def _bounded(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Work that is cut off after a time: by the event loop, a signal, or a wait with a limit."""
    deep = bool(function.inner) and not function.is_generator
    calls = function.deep("Call") if deep else function.own("Call")
    for call in (item for item in calls if called(item) in _CUTS):
        confidence = _cuts(function, call, module)
        if confidence:
            yield Label("timeout", confidence, lines(call))
            return


def _cuts(function: FunctionFacts, call: Any, module: ModuleFacts) -> float:
    if origin_is(module.origin(dotted(call.func)), _WITHIN) and not _is_off(call):
        given = set(function.parameters) & names_in(*arguments(call))
        return 0.85 if given or function.inner or _catches_timeout(function) else 0.0
    limited = bool(call.args) or any(keyword.arg == "timeout" for keyword in call.keywords)
    if called(call) == "join" and limited and _checks_alive(function):
        return 0.8
    return 0.75 if called(call) == "result" and limited and _catches_timeout(function) else 0.0


def _is_off(call: Any) -> bool:
    """``signal.alarm(0)``, and a limit of ``None``."""
    values = arguments(call)
    return bool(values) and kind(values[-1]) == "Constant" and not values[-1].value


def _checks_alive(function: FunctionFacts) -> bool:
    return any(called(call) == "is_alive" for call in function.deep("Call"))


def _catches_timeout(function: FunctionFacts) -> bool:
    caught = [handler.type for handler in function.deep("ExceptHandler") if handler.type is not None]
    return any("Timeout" in last(node) for type_ in caught for node in walk(type_))


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that cut something off after a time."""
    yield from _bounded(function, module)


FUNCTIONS = (functions,)
CLASSES = (classes,)
