"""Caches as classes: mappings that let entries go by age, by use, or when full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.caching import lookup_or_compute, stores
from tui_patterns.extraction.detectors.trees import called, is_clock, last, lines, words_of
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import compared, dotted, kind, names_in, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_TAKES = frozenset({"popitem", "pop", "popleft", "unlink"})
_LIMITS = frozenset({"max", "maxsize", "capacity", "limit", "size", "maxlen", "maximum"})


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Mappings that let entries go: by age, by use, or when full."""
    methods = item.methods
    if (kept := is_cache(methods)) is not None:
        yield kept
    elif {"__getitem__", "__setitem__"} & methods.keys():
        for base in module.ancestors(item):
            if (kept := is_cache(base.methods | methods)) is not None:
                yield Label("cache", 0.75, (item.line, *kept.evidence))
                return
    elif (call := methods.get("__call__")) is not None and (label := lookup_or_compute(call)) is not None:
        yield Label("caching_decorator", 0.8, label.evidence)


def is_cache(methods: dict[str, FunctionFacts]) -> Label | None:
    """A mapping's two sides, and a method within reach of them that lets an entry go."""
    looks = [m for m in methods.values() if m.name == "__getitem__" or _gives_item(m)]
    keeps = [m for m in methods.values() if m.name == "__setitem__" or (m.parameters and any(stores(m)))]
    gone = [
        found
        for method in [*looks, *keeps]
        for one in (method, *_called_in(method, methods))
        if (found := _lets_go(one, methods)) is not None
    ]
    if looks and keeps and gone:
        return Label("cache", 0.85, lines(looks[0].node, keeps[0].node, gone[0]))
    return None


def _gives_item(method: FunctionFacts) -> bool:
    """Returns what its own store has under a parameter."""
    found = method.own("Subscript") + [call for call in method.own("Call") if called(call) == "get"]
    return bool(method.own("Return")) and any(
        dotted(item.value if kind(item) == "Subscript" else item.func).startswith("self.")
        and names_in(item) & set(method.parameters)
        for item in found
    )


def _called_in(method: FunctionFacts, methods: dict[str, FunctionFacts]) -> list[FunctionFacts]:
    """The methods of the same class that one calls."""
    calls = (call.func for call in method.own("Call"))
    return [
        methods[last(name)] for name in calls if dotted(name).startswith("self.") and last(name) in methods
    ]


def _lets_go(method: FunctionFacts, methods: dict[str, FunctionFacts]) -> Any:
    """``move_to_end``, or a deletion where the clock is read or a size compared with a limit."""
    every = (method, *_called_in(method, methods))
    order = [call for one in every for call in one.own("Call") if called(call) == "move_to_end"]
    if order:
        return order[0]
    drops = [node for one in every for node in _drops(one)]
    limits = [node for node in method.own("Compare") if _is_limit(node)]
    return drops[0] if drops and limits else None


def _drops(function: FunctionFacts) -> list[Any]:
    """Deletions of an entry that was chosen, not named by the caller."""
    given = set(function.parameters)
    calls = [
        call
        for call in function.own("Call")
        if called(call) in _TAKES and not given & names_in(*call.args[:1])
    ]
    deletes = [
        node
        for node in function.own("Delete")
        if any(kind(item) == "Subscript" and not given & names_in(item.slice) for item in node.targets)
    ]
    return calls + deletes


def _is_limit(compare: Any) -> bool:
    """A comparison of a size with a limit, or of a time with the clock."""
    parts = [compare.left, *compare.comparators]
    if not any(op in {"<", ">", "<=", ">="} for op, _ in compared(compare)):
        return False
    calls = [node for part in parts for node in walk(part) if kind(node) == "Call"]
    timed = any(is_clock(call) or dotted(call.func).endswith("timer") for call in calls)
    named = any(words_of(last(part)) & _LIMITS or "expire" in last(part) for part in parts)
    sized = any(called(call) == "len" for call in calls) and any(kind(part) == "Attribute" for part in parts)
    return timed or named or sized


CLASSES = (classes,)
