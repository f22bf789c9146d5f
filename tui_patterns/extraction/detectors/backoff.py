"""Delays that grow from one attempt to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import called, last, lines, speaks_of
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import kind, sign, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_ABOUT = frozenset(
    {"attempt", "attempts", "failure", "failures", "retry", "retries", "tries", "delay", "wait", "backoff",
     "jitter", "cap"}
)  # fmt: skip
_BOUNDS = frozenset({"min", "max", "uniform", "random", "randint", "clamp"})


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that give such a delay, or a sequence of them."""
    if (label := growth(function)) is not None:
        yield label


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Small classes whose method gives such a delay."""
    methods = item.methods.values()
    if sum(not method.name.startswith("__") for method in methods) > _FEW:
        return
    for method in methods:
        if method.name != "__init__" and (label := growth(method)) is not None:
            yield label


_FEW = 4


def growth(function: FunctionFacts) -> Label | None:
    """Evidence that a function's result grows with the attempt and is bounded or spread."""
    powers = [node for node in function.own("BinOp") if _is_power(node)]
    if function.is_generator:
        grown = powers or [node for node in function.own("AugAssign") if sign(node) == "*"] or _sums(function)
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
    return sign(node) in {"**", "<<"} and kind(node.right) != "Constant"


def _sums(function: FunctionFacts) -> list[Any]:
    """``a, b = b, a + b``."""
    pairs = [node for node in function.own("Assign") if kind(node.value) == "Tuple"]
    return [
        node
        for node in pairs
        if kind(node.targets[0]) == "Tuple"
        and any(kind(item) == "BinOp" and sign(item) == "+" for item in node.value.elts)
    ]


def _endless(function: FunctionFacts) -> bool:
    return any(kind(loop.test) == "Constant" for loop in function.own("While"))


def _bounds(function: FunctionFacts) -> list[Any]:
    return [call for call in function.own("Call") if called(call) in _BOUNDS]


def _identifiers(function: FunctionFacts) -> set[str]:
    """Its parameters, and the names and attributes it reads; not its own name."""
    read = {
        last(node)
        for statement in function.node.body
        for node in walk(statement)
        if kind(node) in {"Name", "Attribute"}
    }
    return read | set(function.parameters)


FUNCTIONS = (functions,)
CLASSES = (classes,)
