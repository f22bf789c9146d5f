"""Circuit breakers: what keeps failing is not called for a while."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.limits import ORDERS, refusals, resets
from tui_patterns.extraction.detectors.trees import (
    called,
    decorator_name,
    is_clock,
    last,
    lines,
    origin_is,
    words_of,
)
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import compared, dotted, names_in, sign, stars, under
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_FAILURES = frozenset({"fail", "fails", "failed", "failure", "failures", "error", "errors"})
_PARTS = 3
_LIBRARY = frozenset(
    {"pybreaker.CircuitBreaker", "circuitbreaker.circuit", "circuitbreaker.CircuitBreaker",
     "aiobreaker.CircuitBreaker"}
)  # fmt: skip


def _breaks(functions: list[FunctionFacts]) -> tuple[int, ...] | None:
    """Failures are counted and compared with a limit, success resets, and while open calls are refused."""
    counted = {dotted(node.target): node for node in _failures(functions)}
    counted.pop("", None)
    if not counted:
        return None
    limited = {
        dotted(part): node
        for one in functions
        for node in one.own("Compare")
        if compared(node)[0][0] in ORDERS
        for part in (node.left, compared(node)[0][1])
    }
    reset = resets(functions)
    clocks = [call for one in functions for call in one.own("Call") if is_clock(call)]
    raises = [node for one in functions for node in one.own("Raise") if node.exc is not None]
    guarded = [block for one in functions for block in one.own("Try") if "Call" in one.kinds]
    for name in counted.keys() & limited.keys() & reset:
        if clocks and (raises or _refuses_any(functions)) and (guarded or _has_exit(functions)):
            return lines(counted[name], limited[name], clocks[0], *raises[:1])
    return None


def _failures(functions: list[FunctionFacts]) -> Iterator[Any]:
    """Counts of what went wrong: in a handler, in what a handler calls, or named so."""
    if not any(one.own("AugAssign") for one in functions):
        return
    calls = [
        call for one in functions for call in one.own("Call") if under(call, {"ExceptHandler"}) is not None
    ]
    handlers = {called(call) for call in calls} | {"__exit__", "__aexit__"}
    for one in functions:
        for node in one.own("AugAssign"):
            handled = under(node, {"ExceptHandler"}) is not None or one.name in handlers
            if sign(node) == "+" and (handled or words_of(last(node.target)) & _FAILURES):
                yield node


def _refuses_any(functions: list[FunctionFacts]) -> bool:
    return any(refusals(one) for one in functions)


def _has_exit(functions: list[FunctionFacts]) -> bool:
    """Failures that others report: through ``__exit__`` or a method of their own."""
    return any(one.name == "__exit__" for one in functions) or len(functions) > _PARTS


def _runs(call: Any, function: FunctionFacts) -> bool:
    """Whether a call runs a parameter, or hands it on with the arguments it is to be run with."""
    given = set(function.parameters)
    return dotted(call.func) in given or bool(stars(call) and names_in(*call.args[:1]) & given)


def _breaker_policy(methods: list[FunctionFacts]) -> Iterator[Label]:
    """Made from how many failures open it and when it is tried again; runs what it is given."""
    init = next((method for method in methods if method.name == "__init__"), None)
    if init is None:
        return
    limits = [name for name in init.parameters if words_of(name) & (_FAILURES | {"threshold"})]
    pauses = [name for name in init.parameters if words_of(name) & {"reset", "recovery", "cooldown"}]
    runs = [call for one in methods for call in one.own("Call") if _runs(call, one)]
    if limits and pauses and runs:
        yield Label("circuit_breaker", 0.75, lines(init.node, runs[0]))


def decorated(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions under a circuit breaker of a library."""
    for decorator in function.node.decorator_list:
        if origin_is(module.origin(decorator_name(decorator)), _LIBRARY):
            yield Label("circuit_breaker", 0.85, lines(decorator))


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Decorators that keep the count for the function inside."""
    if function.inner and (found := _breaks(list(function.everything()))) is not None:
        yield Label("circuit_breaker", 0.8, found)


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes that count, refuse and try again."""
    methods = list(item.methods.values())
    if (found := _breaks([one for method in methods for one in method.everything()])) is not None:
        yield Label("circuit_breaker", 0.85, found)
    else:
        yield from _breaker_policy(methods)


FUNCTIONS = (decorated, functions)
CLASSES = (classes,)
