"""Wrappers that log or time what they go around."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import (
    called,
    decorator_name,
    decorators,
    is_clock,
    is_log,
    last,
    lines,
)
from tui_patterns.extraction.detectors.wrappers import returned_inner, wraps_functions
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, kind, sign, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Decorators that log, functions made to log, and context managers that report at the end."""
    if function.is_generator:
        if any("contextmanager" in decorator_name(item) for item in decorators(function.node)):
            yield from _after_yield(function)
        return
    made = returned_inner(function)
    if wraps_functions(function, module) is not None:
        yield from _around_call(function, [deep for one in made for deep in (one, *one.inner)])
    else:
        yield from _only_logs(made)


def _after_yield(function: FunctionFacts) -> Iterator[Label]:
    """Something is said after the ``yield`` about the time, or on both sides of it."""
    if not function.own("Yield"):
        return
    at = function.own("Yield")[0].lineno
    said = _said(function)
    after = [call for call in said if call.lineno > at]
    if after and (_elapsed(function) or any(call.lineno < at for call in said)):
        yield Label("logging_wrapper", 0.8, lines(function.own("Yield")[0], after[0]))


def _said(function: FunctionFacts) -> list[Any]:
    return [call for call in function.own("Call") if is_log(call) or dotted(call.func) == "print"]


def _elapsed(function: FunctionFacts) -> list[Any]:
    """Differences of two times, or the later of two readings."""
    clocks = [call for call in function.own("Call") if is_clock(call)]
    return (clocks[1:] and [node for node in function.own("BinOp") if sign(node) == "-"]) or clocks[1:]


def _around_call(function: FunctionFacts, made: list[FunctionFacts]) -> Iterator[Label]:
    """The wrapper logs, and calls what was given."""
    given = set(function.parameters).union(*(one.parameters for one in made)) if made else set()
    for one in made:
        logs = [call for call in one.own("Call") if is_log(call)] or (_said(one) if _elapsed(one) else [])
        calls = [call for call in one.own("Call") if dotted(call.func) in given]
        if logs and calls:
            yield Label("logging_wrapper", 0.8, lines(calls[0], logs[0]))
            return


def _only_logs(made: list[FunctionFacts]) -> Iterator[Label]:
    """A function is returned that ends by logging and gives nothing back."""
    for one in made:
        end = one.node.body[-1]
        logs = [node for node in walk(end) if kind(node) == "Call" and is_log(node)]
        if logs and not any(node.value is not None for node in one.own("Return")):
            yield Label("logging_wrapper", 0.8, lines(one.node, logs[0]))


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes whose call times or logs around what they hold."""
    methods = item.methods
    call, init = methods.get("__call__"), methods.get("__init__")
    if call is None or init is None:
        return
    held = {
        target.attr
        for target, value, _ in init.bindings()
        if kind(target) == "Attribute" and dotted(value) in init.parameters
    }
    work = [
        inner
        for inner in call.deep("Call")
        if last(inner.func) in held and dotted(inner.func).startswith("self.")
    ]
    logs = [inner for inner in call.own("Call") if is_log(inner)]
    times = [inner for inner in _said(call) if _elapsed(call)]
    if work and (times or len(logs) > 1) and called(work[0]):
        yield Label("logging_wrapper", 0.8, lines(work[0], (times or logs)[0]))


FUNCTIONS = (functions,)
CLASSES = (classes,)
