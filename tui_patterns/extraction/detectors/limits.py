"""Holding back: rate limiters, circuit breakers and time limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import FileFacts, Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import (
    arguments,
    called,
    is_clock,
    is_sleep,
    kind,
    last,
    lines,
    names_in,
    origin_is,
    under,
    walk,
    words_of,
)
from tui_patterns.models import Label

_ORDERS = frozenset({"<", ">", "<=", ">="})
_WITHIN = frozenset(
    {"asyncio.wait_for", "asyncio.timeout", "asyncio.timeout_at", "async_timeout.timeout", "anyio.fail_after",
     "anyio.move_on_after", "trio.fail_after", "trio.move_on_after", "signal.alarm", "signal.setitimer",
     "func_timeout.func_timeout", "eventlet.Timeout", "gevent.Timeout"}
)  # fmt: skip
_TIME_WORDS = frozenset({"timeout", "timeouts", "deadline"})


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that limit how often or how long something runs."""
    facts = file_facts(module)
    function = facts.functions.get(node)
    if function is None:
        return
    for one in (function, *function.inner, *(deep for inner in function.inner for deep in inner.inner)):
        if (found := _rations(one, _kept_in(function))) is not None:
            yield Label("rate_limiter", 0.8, found)
    if function.inner and (found := _breaks(function, [function, *_all_inner(function)])) is not None:
        yield Label("circuit_breaker", 0.8, found)
    yield from _bounded(function, module)


def _all_inner(function: Function) -> Iterator[Function]:
    for inner in function.inner:
        yield inner
        yield from _all_inner(inner)


def _kept_in(function: Function) -> set[str]:
    """Names a function keeps for those inside it."""
    return {dotted(target) for node in function.own("Assign") for target in node.targets} - {""}


def _rations(function: Function, outer: set[str]) -> tuple[int, ...] | None:
    """Time since something kept decides whether to wait, refuse or spend."""
    calls = function.own("Call")
    clocks = [call for call in calls if is_clock(call)]
    if not clocks or "Try" in function.kinds and "While" in function.kinds and not _kept(function, outer):
        return None
    gaps = [node for node in function.own("BinOp") if node.op == "-" and _is_gap(function, node, outer)]
    window = [call for call in calls if called(call) in {"popleft", "zremrangebyscore"} or _drops_first(call)]
    refill = [node for node in function.own("BinOp") if node.op == "*" and gaps]
    holds = [call for call in calls if is_sleep(call)] + _refusals(function)
    if holds and _kept(function, outer) and (window or gaps):
        if window or refill or any(is_sleep(hold) for hold in holds if kind(hold) == "Call"):
            return lines(clocks[0], (window or gaps)[0], holds[0])
    return None


def _drops_first(call: Any) -> bool:
    return called(call) == "pop" and len(call.args) == 1 and getattr(call.args[0], "value", None) == 0


def _is_gap(function: Function, node: Any, outer: set[str]) -> bool:
    """A time now less one that is kept."""
    timed = {dotted(t) for a in function.own("Assign") for t in a.targets if _has_clock(a.value)} - {""}
    left = _has_clock(node.left) or dotted(node.left) in timed
    right = dotted(node.right) or dotted(getattr(node.right, "value", None))
    return left and ("." in right or right in outer)


def _has_clock(value: Any) -> bool:
    return any(kind(node) == "Call" and is_clock(node) for node in walk(value))


def _kept(function: Function, outer: set[str]) -> bool:
    """Whether a time or a count is kept for the next call."""
    stored = [t for node in function.own("Assign") for t in node.targets]
    stored += [node.target for node in function.own("AugAssign")]
    names = {dotted(getattr(target, "value", target)) for target in stored} - {""}
    grown = {dotted(c.func.expr) for c in function.own("Call") if called(c) in {"append", "zadd"} and kind(c.func) == "Attribute"}
    return any("." in name or name in outer for name in names | grown)


def _refusals(function: Function) -> list[Any]:
    """``return False`` or a raise under a comparison."""
    found = [node for node in function.own("Raise") if under(node, {"If"}) is not None]
    for node in function.own("Return"):
        if kind(node.value) == "Const" and node.value.value is False:
            found.append(node)
    return found


def _breaks(at: Function, functions: list[Function]) -> tuple[int, ...] | None:
    """Failures are counted and compared with a limit, success resets, and while open calls are refused."""
    counted = {dotted(node.target): node for one in functions for node in one.own("AugAssign") if node.op == "+="}
    counted.pop("", None)
    compared = {
        dotted(part): node
        for one in functions
        for node in one.own("Compare")
        if node.ops[0][0] in _ORDERS
        for part in (node.left, node.ops[0][1])
    }
    reset = {
        dotted(target)
        for one in functions
        if one.name != "__init__"
        for node in one.own("Assign")
        if getattr(node.value, "value", None) == 0 and kind(node.value) == "Const"
        for target in node.targets
    }
    clocks = [call for one in functions for call in one.own("Call") if is_clock(call)]
    raises = [node for one in functions for node in one.own("Raise") if node.exc is not None]
    guarded = [block for one in functions for block in one.own("Try") if "Call" in one.kinds]
    for name in counted.keys() & compared.keys() & reset:
        if clocks and (raises or _refuses_any(functions)) and (guarded or _has_exit(functions)):
            return lines(counted[name], compared[name], clocks[0], *raises[:1])
    return None


def _refuses_any(functions: list[Function]) -> bool:
    return any(_refusals(one) for one in functions)


def _has_exit(functions: list[Function]) -> bool:
    """Failures that others report: through ``__exit__`` or a method of their own."""
    return any(one.name == "__exit__" for one in functions) or len(functions) > _PARTS


_PARTS = 3


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes that limit how often or how long something runs, or stop calling what keeps failing."""
    if not hasattr(node, "bases"):
        return
    facts = file_facts(module)
    methods = list(facts.methods(node).values())
    every = [one for method in methods for one in (method, *_all_inner(method))]
    if (found := _breaks(methods[0], every) if methods else None) is not None:
        yield Label("circuit_breaker", 0.85, found)
        return
    for one in every:
        if one.name != "__init__" and len(methods) <= _SMALL and (found := _rations(one, set())) is not None:
            yield Label("rate_limiter", 0.85, found)
    yield from _limits_of(node, facts)


_SMALL = 10


def _limits_of(node: Any, facts: FileFacts) -> Iterator[Label]:
    """A value that holds several time limits: made from one timeout, kept apart."""
    init = facts.methods(node).get("__init__")
    if init is None or not init.params or not words_of(init.params[0]) & _TIME_WORDS:
        return
    name = init.params[0]
    kept = {
        target.attrname
        for assign in init.own("Assign")
        for target in assign.targets
        if kind(target) == "AssignAttr" and name in names_in(assign.value)
    }
    if len(kept) > 1:
        yield Label("timeout", 0.8, lines(init.node))


def _bounded(function: Function, module: ModuleContext) -> Iterator[Label]:
    """Work that is cut off after a time: by the event loop, a signal, or a wait with a limit."""
    for call in function.deep("Call"):
        if origin_is(module.origin(dotted(call.func)), _WITHIN) and not _is_off(call):
            yield Label("timeout", 0.85, lines(call))
            return
        limit = [k for k in call.keywords if k.arg == "timeout"] or call.args[:1]
        if called(call) == "join" and limit and _checks_alive(function):
            yield Label("timeout", 0.8, lines(call))
            return
        if called(call) == "result" and limit and _catches_timeout(function):
            yield Label("timeout", 0.75, lines(call))
            return


def _is_off(call: Any) -> bool:
    """``signal.alarm(0)``, and a limit of ``None``."""
    values = arguments(call)
    return bool(values) and kind(values[-1]) == "Const" and not values[-1].value


def _checks_alive(function: Function) -> bool:
    return any(called(call) == "is_alive" for call in function.deep("Call"))


def _catches_timeout(function: Function) -> bool:
    caught = [handler.type for handler in function.deep("ExceptHandler") if handler.type is not None]
    return any("Timeout" in last(node) for type_ in caught for node in walk(type_))


DETECTORS = (functions, classes)
