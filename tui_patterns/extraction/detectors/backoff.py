"""Delays that grow from one attempt to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.facts import Function, file_facts
from tui_patterns.extraction.detectors.trees import called, kind, lines, speaks_of, walk
from tui_patterns.models import Label

_ABOUT = frozenset(
    {"attempt", "attempts", "failure", "failures", "retry", "retries", "tries", "delay", "wait", "backoff",
     "jitter", "cap"}
)  # fmt: skip
_BOUNDS = frozenset({"min", "max", "uniform", "random", "randint", "clamp"})


def functions(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions that give such a delay, or a sequence of them."""
    function = file_facts(module).functions.get(node)
    if function is not None and (label := growth(function)) is not None:
        yield label


def classes(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Small classes whose method gives such a delay."""
    if not hasattr(node, "bases"):
        return
    methods = file_facts(module).methods(node).values()
    if sum(not method.name.startswith("__") for method in methods) > _FEW:
        return
    for method in methods:
        if method.name != "__init__" and (label := growth(method)) is not None:
            yield label


_FEW = 4


def growth(function: Function) -> Label | None:
    """Evidence that a function's result grows with the attempt and is bounded or spread."""
    powers = [node for node in function.own("BinOp") if _is_power(node)]
    if function.is_generator:
        grown = powers or [node for node in function.own("AugAssign") if node.op == "*="] or _sums(function)
        if grown and _endless(function) and (function.own("Compare") or _bounds(function)):
            return Label("backoff", 0.8, lines(grown[0], function.own("Yield")[0]))
        return None
    bounds = _bounds(function)
    if not powers or not bounds or not function.own("Return"):
        return None
    about = speaks_of(_identifiers(function), _ABOUT)
    return Label("backoff", 0.85, lines(powers[0], bounds[0])) if about else None


def _is_power(node: Any) -> bool:
    """``x ** n`` or ``1 << n`` with an exponent that is not fixed."""
    return node.op in {"**", "<<"} and kind(node.right) != "Const"


def _sums(function: Function) -> list[Any]:
    """``a, b = b, a + b``."""
    pairs = [node for node in function.own("Assign") if kind(node.value) == "Tuple"]
    return [
        node
        for node in pairs
        if kind(node.targets[0]) == "Tuple"
        and any(getattr(item, "op", "") == "+" for item in node.value.elts)
    ]


def _endless(function: Function) -> bool:
    return any(kind(loop.test) == "Const" for loop in function.own("While"))


def _bounds(function: Function) -> list[Any]:
    return [call for call in function.own("Call") if called(call) in _BOUNDS]


def _identifiers(function: Function) -> set[str]:
    """Its parameters, and the names and attributes it reads; not its own name."""
    read = {
        str(getattr(node, "attrname", None) or getattr(node, "name", ""))
        for statement in function.node.body
        for node in walk(statement)
        if kind(node) in {"Name", "Attribute"}
    }
    return read | set(function.params)


DETECTORS = (functions, classes)
