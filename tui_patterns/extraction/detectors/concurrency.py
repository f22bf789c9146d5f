"""Queues between sides that fill and drain them, and programs that stop in good order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import called, last, lines, origin_is
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, kind, under
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_QUEUES = frozenset({"Queue", "SimpleQueue", "LifoQueue", "PriorityQueue", "JoinableQueue"})
_PUTS = frozenset({"put", "put_nowait"})
_GETS = frozenset({"get", "get_nowait"})
_LOOPS = ("While", "For", "AsyncFor")
_SIGNALS = frozenset({"SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"})
_DEFAULTS = frozenset({"SIG_IGN", "SIG_DFL", "default_int_handler", "getsignal"})


def _queues(function: FunctionFacts, module: ModuleFacts) -> set[str]:
    """What a function assigns a new queue to."""
    found = set()
    for target, value, _ in function.bindings():
        maker = module.origin(dotted(value.func)) if kind(value) == "Call" else ""
        if maker.rpartition(".")[2] in _QUEUES:
            found.add(dotted(target))
    return found - {""}


def _uses(functions: list[FunctionFacts], methods: frozenset[str]) -> dict[str, list[Any]]:
    """Calls of *methods* without a key, by what they are called on."""
    found: dict[str, list[Any]] = {}
    for function in functions:
        for call in function.own("Call"):
            if kind(call.func) == "Attribute" and called(call) in methods:
                found.setdefault(dotted(call.func.value), []).append(call)
    return found


def _drains(calls: list[Any]) -> bool:
    """Whether items are taken in a loop."""
    return any(under(call, _LOOPS) is not None for call in calls)


def queue_functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function that joins both sides over a queue of its own, or that is one of them."""
    every = list(function.everything())
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


def _starts(functions: list[FunctionFacts]) -> bool:
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


def queue_classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A class that puts into a queue of its own and takes from it in a loop."""
    methods = [one for method in item.methods.values() for one in method.everything()]
    puts, gets = _uses(methods, _PUTS), _uses(methods, _GETS)
    for queue in {name for method in methods for name in _queues(method, module)}:
        if queue in puts and _drains(gets.get(queue, [])) and not _is_pool(methods, gets[queue]):
            yield Label("producer_consumer", 0.85, lines(puts[queue][0], gets[queue][0]))
            return


def _is_pool(methods: list[FunctionFacts], gets: list[Any]) -> bool:
    """Whether what is taken is handed out: a pool lends, a consumer works."""
    return all(under(call, {"Return"}) is not None for call in gets)


def shutdown(item: FunctionFacts | ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Definitions that answer a request to stop by a handler of their own."""
    for one in item.everything() if isinstance(item, FunctionFacts) else item.methods.values():
        for call in one.own("Call"):
            if _registers(call, module):
                yield Label("graceful_shutdown", 0.85, lines(call))
                return


def _registers(call: Any, module: ModuleFacts) -> bool:
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


FUNCTIONS = (queue_functions, shutdown)
CLASSES = (queue_classes, shutdown)
