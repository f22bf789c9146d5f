"""Wrappers that log or time what they go around."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    called,
    decorator_name,
    decorators,
    is_clock,
    is_log,
    kind,
    last,
    lines,
    walk,
)
from tui_patterns.extraction.detectors.wrappers import returned_inner, wraps_functions
from tui_patterns.models import Label


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Decorators that log, functions made to log, and context managers that report at the end."""
    function = file_facts(module).functions.get(node)
    if function is None:
        return
    if function.is_generator:
        if any("contextmanager" in decorator_name(item) for item in decorators(node)):
            yield from _after_yield(function)
        return
    made = returned_inner(function)
    if wraps_functions(function, module) is not None:
        yield from _around_call(function, [deep for one in made for deep in (one, *one.inner)])
    else:
        yield from _only_logs(made)


def _after_yield(function: Function) -> Iterator[Label]:
    """Something is said after the ``yield`` about the time, or on both sides of it."""
    if not function.own("Yield"):
        return
    at = function.own("Yield")[0].lineno
    said = _said(function)
    after = [call for call in said if call.lineno > at]
    if after and (_elapsed(function) or any(call.lineno < at for call in said)):
        yield Label("logging_wrapper", 0.8, lines(function.own("Yield")[0], after[0]))


def _said(function: Function) -> list[Any]:
    return [call for call in function.own("Call") if is_log(call) or dotted(call.func) == "print"]


def _elapsed(function: Function) -> list[Any]:
    """Differences of two times, or the later of two readings."""
    clocks = [call for call in function.own("Call") if is_clock(call)]
    return (clocks[1:] and [node for node in function.own("BinOp") if node.op == "-"]) or clocks[1:]


def _around_call(function: Function, made: list[Function]) -> Iterator[Label]:
    """The wrapper logs, and calls what was given."""
    given = set(function.params).union(*(one.params for one in made)) if made else set()
    for one in made:
        logs = [call for call in one.own("Call") if is_log(call)] or (_said(one) if _elapsed(one) else [])
        calls = [call for call in one.own("Call") if dotted(call.func) in given]
        if logs and calls:
            yield Label("logging_wrapper", 0.8, lines(calls[0], logs[0]))
            return


def _only_logs(made: list[Function]) -> Iterator[Label]:
    """A function is returned that ends by logging and gives nothing back."""
    for one in made:
        end = one.node.body[-1]
        logs = [node for node in walk(end) if kind(node) == "Call" and is_log(node)]
        if logs and not any(node.value is not None for node in one.own("Return")):
            yield Label("logging_wrapper", 0.8, lines(one.node, logs[0]))


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes whose call times or logs around what they hold."""
    methods = file_facts(module).methods(node) if hasattr(node, "bases") else {}
    call, init = methods.get("__call__"), methods.get("__init__")
    if call is None or init is None:
        return
    held = {
        target.attrname
        for target, value, _ in init.bindings()
        if kind(target) == "AssignAttr" and dotted(value) in init.params
    }
    work = [
        item
        for item in call.deep("Call")
        if last(item.func) in held and dotted(item.func).startswith("self.")
    ]
    logs = [item for item in call.own("Call") if is_log(item)]
    times = [item for item in _said(call) if _elapsed(call)]
    if work and (times or len(logs) > 1) and called(work[0]):
        yield Label("logging_wrapper", 0.8, lines(work[0], (times or logs)[0]))


DETECTORS = (functions, classes)
