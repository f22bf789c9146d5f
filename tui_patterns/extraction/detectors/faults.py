"""Errors at the border: input that is checked, and exceptions that are turned into others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import decorator_name, decorators, last, lines, words_of
from tui_patterns.extraction.detectors.wrappers import returned_inner, wraps_functions
from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, kind, names_in, under, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_VALIDATORS = frozenset(
    {"validator", "field_validator", "model_validator", "root_validator", "validates", "validates_schema"}
)
_NAMES = frozenset({"validate", "check", "ensure", "verify", "assert", "require", "validator"})
_FEW = 3


def validation(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that do little else than check what they are given and raise."""
    if function.is_generator or not function.own("Raise"):
        return
    marks = [
        item for item in decorators(function.node) if decorator_name(item).rpartition(".")[2] in _VALIDATORS
    ]
    if marks:
        yield Label("validation", 0.9, lines(marks[0], *function.own("Raise")[:1]))
        return
    guards = _guards(function)
    named = bool(guards) and bool(words_of(function.name) & _NAMES)
    if guards and _does_little_else(function, guards) and (len(guards) > 1 or named):
        yield Label("validation", 0.85 if named else 0.75, lines(*guards))


def _guards(function: FunctionFacts) -> list[Any]:
    """``if`` statements of the function itself that test a parameter and raise."""
    tests = [node for node in function.body if kind(node) == "If" and kind(node.body[-1]) == "Raise"]
    given = set(function.parameters)
    for target, value, _ in function.bindings() if tests else ():
        if given & names_in(value):
            given.add(dotted(target))
    return [node for node in tests if given & names_in(node.test)]


def _does_little_else(function: FunctionFacts, guards: list[Any]) -> bool:
    rest = [node for node in function.body if node not in guards]
    work = [
        node
        for node in rest
        if kind(node) not in {"Assign", "AnnAssign", "Return", "Pass", "Import", "ImportFrom"}
    ]
    value = rest[-1].value if rest and kind(rest[-1]) == "Return" else None
    plain = value is None or kind(value) in {"Name", "Constant"}
    return (
        plain and len(work) <= len(guards) // 2 and len(rest) <= len(guards) + 1 and function.name[:2] != "__"
    )


def validation_decorators(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Decorators whose wrapper raises under a condition before it calls."""
    if wraps_functions(function, module) is None:
        return
    for inner in (deep for one in returned_inner(function) for deep in (one, *one.inner)):
        calls = [call for call in inner.own("Call") if dotted(call.func) in _outer_names(inner)]
        raises = [item for item in inner.own("Raise") if under(item, {"If"}) is not None]
        if calls and raises and raises[0].lineno < calls[-1].lineno:
            yield Label("validation_decorator", 0.75, lines(raises[0], calls[-1]))
            return


def _outer_names(function: FunctionFacts) -> set[str]:
    names: set[str] = set()
    outer = function.outer
    while outer is not None:
        names |= set(outer.parameters)
        outer = outer.outer
    return names - {"cls"}


def translation(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that are there to turn some exceptions into others."""
    if function.name.startswith("__") and function.name not in {"__exit__", "__call__"}:
        return
    whole = wraps_functions(function, module) is not None
    inner = [deep for one in returned_inner(function) for deep in (one, *one.inner)] if whole else []
    for one in (function, *inner):
        for block in one.own("Try"):
            raised = [found for handler in block.handlers if (found := _other(handler)) is not None]
            if raised and len(raised) == len(block.handlers) and _is_all(one, block):
                yield Label("exception_translation", 0.8, lines(block.handlers[0], *raised))
                return


def _other(handler: Any) -> Any:
    """The raise of an exception made anew in a handler; where the same one rises it is none."""
    caught = handler.name or ""
    types = names_in(handler.type) if handler.type is not None else set()
    for node in walk(*handler.body):
        if kind(node) == "Raise" and node.exc is not None:
            made = node.exc.func if kind(node.exc) == "Call" else node.exc
            is_new = kind(node.exc) == "Call" or last(made)[:1].isupper()
            if is_new and last(made) not in {*types, caught} and dotted(made).partition(".")[0] != caught:
                return node
    return None


def _is_all(function: FunctionFacts, block: Any) -> bool:
    """Whether little stands around a ``try`` whose body only does the work or yields to it."""
    body = function.body
    if block not in body or len(body) > _FEW + 1:
        return False
    around = [node for node in body if node is not block]
    calm = all(kind(node) in {"Assign", "AnnAssign", "Return", "Global", "If", "Expr"} for node in around)
    long = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in around)
    loops = any(kind(node) in {"For", "While", "AsyncFor"} for node in walk(*block.body))
    return calm and long <= 2 * _FEW and len(block.body) <= _FEW and not loops


FUNCTIONS = (validation, validation_decorators, translation)
