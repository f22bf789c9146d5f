"""Rate limiters: how much time went by decides whether to go on, wait or refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import called, decorator_name, is_clock, is_sleep, lines
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import compared, dotted, kind, sign, under, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

ORDERS = frozenset({"<", ">", "<=", ">="})
_SMALL = 12
_LIBRARIES = frozenset(
    {
        "ratelimit",
        "flask_limiter",
        "slowapi",
        "ratelimiter",
        "pyrate_limiter",
        "throttled",
        "django_ratelimit",
    }
)


def decorated(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions under a limiter of a library."""
    for decorator in function.node.decorator_list:
        origin = module.origin(decorator_name(decorator))
        if origin.partition(".")[0] in _LIBRARIES and kind(decorator) == "Call":
            yield Label("rate_limiter", 0.85, lines(decorator))
            return


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that limit how often something runs."""
    for one in function.everything():
        if (found := _rations([one], _kept_for(one, function))) is not None:
            yield Label("rate_limiter", 0.8, found)
            return


def _kept_for(one: FunctionFacts, top: FunctionFacts) -> set[str]:
    """Names that outlive a call of *one*: global or nonlocal ones, and those of the functions around it."""
    names = {name for node in one.own("Global", "Nonlocal") for name in node.names}
    outer = one.outer if one is not top else None
    while outer is not None:
        names |= {dotted(target) for target, _, _ in outer.bindings()} - {""}
        outer = outer.outer if outer is not top else None
    return names


def _rations(functions: list[FunctionFacts], outer: set[str]) -> tuple[int, ...] | None:
    """Time since something kept decides whether to wait, refuse or spend."""
    calls = [call for one in functions for call in one.own("Call")]
    clocks = [call for call in calls if is_clock(call)]
    if not clocks or not any(_kept(one, outer) for one in functions):
        return None
    gaps = [
        node
        for one in functions
        for node in one.own("BinOp")
        if sign(node) == "-" and _is_gap(one, node, outer)
    ]
    window = [call for call in calls if called(call) in {"popleft", "zremrangebyscore"} or _drops_first(call)]
    sleeps = [call for call in calls if is_sleep(call)]
    refill = _refill(functions, gaps)
    holds = sleeps + [node for one in functions for node in refusals(one)]
    if len(functions) > 1:
        holds += [call for call in calls if called(call) in {"wait", "wait_for", "release"}]
    spent = (window and _limited(functions)) or refill or (gaps and sleeps and len(functions) == 1)
    return lines(clocks[0], (window or gaps)[0], holds[0]) if holds and spent and (window or gaps) else None


def _refill(functions: list[FunctionFacts], gaps: list[Any]) -> list[Any]:
    """The time that went by, times a rate: what may be spent again."""
    found: list[Any] = []
    for one in functions:
        passed = {dotted(target) for target, value, _ in one.bindings() if value in gaps} - {""}
        scaled = [node for node in one.own("BinOp") if sign(node) in {"*", "/"}]
        found += [n for n in scaled if n.left in gaps or {dotted(n.left), dotted(n.right)} & passed]
    return found


def _limited(functions: list[FunctionFacts]) -> bool:
    """Whether a length is compared with a limit."""
    return any(
        kind(part) == "Call" and called(part) in {"len", "zcard"}
        for one in functions
        for node in one.own("Compare")
        for part in walk(node)
    )


def _drops_first(call: Any) -> bool:
    return called(call) == "pop" and len(call.args) == 1 and getattr(call.args[0], "value", None) == 0


def _is_gap(function: FunctionFacts, node: Any, outer: set[str]) -> bool:
    """A time now less one that is kept."""
    timed = {dotted(target) for target, value, _ in function.bindings() if _has_clock(value)} - {""}
    left = _has_clock(node.left) or dotted(node.left) in timed
    right = dotted(_container(node.right))
    return left and ("." in right or right in outer)


def _container(node: Any) -> Any:
    """``c`` of ``c[k]``; what is no item as it is."""
    return node.value if kind(node) == "Subscript" else node


def _has_clock(value: Any) -> bool:
    return any(kind(node) == "Call" and is_clock(node) for node in walk(value))


def _kept(function: FunctionFacts, outer: set[str]) -> bool:
    """Whether a time or a count is kept for the next call."""
    stored = [target for target, _, _ in function.bindings()]
    stored += [node.target for node in function.own("AugAssign")]
    names = {dotted(_container(target)) for target in stored} - {""}
    grown = {
        dotted(c.func.value)
        for c in function.own("Call")
        if called(c) in {"append", "zadd"} and kind(c.func) == "Attribute"
    }
    return any("." in name or name in outer for name in names | grown)


def refusals(function: FunctionFacts) -> list[Any]:
    """``return False`` or a raise under a comparison."""
    found = [node for node in function.own("Raise") if under(node, {"If"}) is not None]
    returns = [node for node in function.own("Return") if kind(node.value) == "Constant"]
    return found + [node for node in returns if node.value.value is False]


def resets(functions: list[FunctionFacts]) -> set[str]:
    """What is set to zero again."""
    return {
        dotted(target)
        for one in functions
        if one.name != "__init__"
        for target, value, _ in one.bindings()
        if kind(value) == "Constant" and value.value == 0
    } - {""}


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes that limit how often something runs."""
    methods = item.methods.values()
    every = [one for method in methods for one in method.everything()]
    if len(methods) <= _SMALL and (found := _rations(every, set()) or _counts_calls(every)) is not None:
        yield Label("rate_limiter", 0.85, found)


def _counts_calls(functions: list[FunctionFacts]) -> tuple[int, ...] | None:
    """A count for a window of time: raised, compared with a limit that refuses, reset when time is over."""
    counted = {
        dotted(node.target): node for one in functions for node in one.own("AugAssign") if sign(node) == "+"
    }
    reset = resets(functions)
    clocks = [call for one in functions for call in one.own("Call") if is_clock(call)]
    for one in functions:
        for test in (node for node in one.own("Compare") if compared(node)[0][0] in ORDERS):
            name = dotted(test.left) or dotted(compared(test)[0][1])
            if "." in name and name in counted and name in reset and clocks and refusals(one):
                return lines(counted[name], test, clocks[0])
    return None


FUNCTIONS = (decorated, functions)
CLASSES = (classes,)
