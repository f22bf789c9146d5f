"""Queues between sides that fill and drain them, and programs that stop in good order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import Function, dotted, file_facts
from tui_patterns.extraction.detectors.trees import called, kind, last, lines, origin_is, under
from tui_patterns.models import Label

_QUEUES = frozenset({"Queue", "SimpleQueue", "LifoQueue", "PriorityQueue", "JoinableQueue"})
_PUTS = frozenset({"put", "put_nowait"})
_GETS = frozenset({"get", "get_nowait"})
_LOOPS = ("While", "For", "AsyncFor")
_SIGNALS = frozenset({"SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"})
_DEFAULTS = frozenset({"SIG_IGN", "SIG_DFL", "default_int_handler", "getsignal"})


def _queues(function: Function, module: ModuleContext) -> set[str]:
    """What a function assigns a new queue to."""
    found = set()
    for target, value, _ in function.bindings():
        maker = module.origin(dotted(value.func)) if kind(value) == "Call" else ""
        if maker.rpartition(".")[2] in _QUEUES:
            found.add(dotted(target))
    return found - {""}


def _uses(functions: list[Function], methods: frozenset[str]) -> dict[str, list[Any]]:
    """Calls of *methods* without a key, by what they are called on."""
    found: dict[str, list[Any]] = {}
    for function in functions:
        for call in function.own("Call"):
            if kind(call.func) == "Attribute" and called(call) in methods:
                found.setdefault(dotted(call.func.expr), []).append(call)
    return found


def _drains(calls: list[Any]) -> bool:
    """Whether items are taken in a loop."""
    return any(under(call, _LOOPS) is not None for call in calls)


def queue_functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """A function that joins both sides over a queue of its own, or that is one of them."""
    function = file_facts(module).functions.get(node)
    if function is None:
        return
    every = list(function.nested())
    puts, gets = _uses(every, _PUTS), _uses(every, _GETS)
    for queue in _queues(function, module):
        handed = [
            c for c in function.deep("Call") if queue in {dotted(a) for a in [*c.args, *_tuple_items(c)]}
        ]
        if (queue in puts and queue in gets and len(every) > 1) or (handed and _starts(every)):
            yield Label(
                "producer_consumer",
                0.85,
                lines(*puts.get(queue, [])[:1], *gets.get(queue, [])[:1], *handed[:2]),
            )
            return
    for queue, calls in gets.items():
        done = _uses([function], frozenset({"task_done"}))
        if queue in done and _drains(calls):
            yield Label("producer_consumer", 0.75, lines(calls[0], done[queue][0]))
            return


def _tuple_items(call: Any) -> list[Any]:
    values = [keyword.value for keyword in call.keywords]
    return [item for value in values if kind(value) in {"Tuple", "List"} for item in value.elts] + values


def _starts(functions: list[Function]) -> bool:
    """Whether threads, processes or tasks are started."""
    starters = {
        "Thread",
        "Process",
        "create_task",
        "gather",
        "submit",
        "ensure_future",
        "start_soon",
        "TaskGroup",
    }
    return any(called(call) in starters for one in functions for call in one.own("Call"))


def queue_classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """A class that puts into a queue of its own and takes from it in a loop."""
    if not hasattr(node, "bases"):
        return
    methods = [one for method in file_facts(module).methods(node).values() for one in method.nested()]
    puts, gets = _uses(methods, _PUTS), _uses(methods, _GETS)
    for queue in {name for method in methods for name in _queues(method, module)}:
        if queue in puts and _drains(gets.get(queue, [])) and not _is_pool(methods, gets[queue]):
            yield Label("producer_consumer", 0.85, lines(puts[queue][0], gets[queue][0]))
            return


def _is_pool(methods: list[Function], gets: list[Any]) -> bool:
    """Whether what is taken is handed out: a pool lends, a consumer works."""
    return all(under(call, {"Return"}) is not None for call in gets)


def shutdown(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Definitions that answer a request to stop by a handler of their own."""
    facts = file_facts(module)
    function = facts.functions.get(node)
    functions = list(function.nested()) if function is not None else list(facts.methods(node).values())
    for one in functions:
        for call in one.own("Call"):
            if _registers(call, module):
                yield Label("graceful_shutdown", 0.85, lines(call))
                return


def _registers(call: Any, module: ModuleContext) -> bool:
    """``signal.signal(SIGTERM, handler)`` or ``loop.add_signal_handler(SIGTERM, ...)``."""
    if len(call.args) <= 1 or called(call) not in {"signal", "add_signal_handler"}:
        return False
    name = module.origin(dotted(call.func))
    if not origin_is(name, {"signal.signal", "add_signal_handler"}):
        return False
    handler = call.args[1]
    if last(handler) in _DEFAULTS or "signal" in dotted(handler).partition(".")[0] or kind(handler) == "Call":
        return False
    signal = last(call.args[0])
    return signal in _SIGNALS or (kind(call.args[0]) == "Name" and under(call, {"For"}) is not None)


DETECTORS = (queue_functions, queue_classes, shutdown)
