"""Facet ``validation``: what is checked, and which exception says so.

``{"checks": [{"line", "kind", "of", "expression", "raises"}], "validators": [{"line", "call"}],
"choices": [{"line", "type"}]}``. Kinds: type, membership, required, range, length, pattern, existence,
predicate, comparison, condition. ``of``: parameter, attribute or local, by what the condition is about.
``raises`` is absent where a type is only asked for. ``validators`` are calls of functions named for it,
``choices`` values turned into an enumeration.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.facets.nodes import (
    RECEIVERS,
    callee,
    conditions,
    is_none,
    last,
    most,
    present,
    raised,
    root,
)
from tui_patterns.extraction.facets.subject import Subject
from tui_patterns.extraction.imports import dotted

_VALIDATES = re.compile(r"_*(?:validate|check|ensure|verify|require|assert)(?:_\w+|d|s)?|full_clean|is_valid")
_ENUM = re.compile(r"\w+(?:Enum|State|Status|Mode|Type|Kind|Choice|Level|Policy|Strategy|Role)")
_EXISTS = frozenset({"exists", "isfile", "isdir", "is_file", "is_dir", "hasattr"})
_PATTERN = frozenset({"match", "fullmatch", "search"})
_IN_ORDER = ("type", "membership", "pattern", "length", "range", "existence", "required", "predicate",
             "comparison")  # fmt: skip


def validation(subject: Subject) -> dict[str, Any]:
    """Applies where a condition leads to an exception, or a validator is called."""
    checks = [*_checks(subject)]
    known = {check["line"] for check in checks}
    checks += [check for check in _asked(subject) if check["line"] not in known]
    return present(
        checks=most(sorted(checks, key=lambda check: int(check["line"]))),
        validators=most(_validators(subject)),
        choices=most(_choices(subject)),
    )


def _checks(subject: Subject) -> Iterator[dict[str, Any]]:
    for node in subject.reading.of(ast.If):
        end = node.body[-1]
        if isinstance(end, ast.Raise) and end.exc is not None:
            yield _check(subject, node.test, raised(end))
    for claim in subject.reading.of(ast.Assert):
        yield _check(subject, claim.test, "AssertionError")


def _check(subject: Subject, test: ast.expr, exception: str) -> dict[str, Any]:
    parts = list(conditions(test))
    kinds = {kind_of(part) for part in parts}
    kind = next((one for one in _IN_ORDER if one in kinds), "condition")
    about = next((part for part in parts if kind_of(part) == kind), parts[0])
    return {"line": subject.at(test), "kind": kind} | present(
        of=_of(subject, about), expression=subject.text(test), raises=exception
    )


def _asked(subject: Subject) -> Iterator[dict[str, Any]]:
    """``isinstance`` of what comes from outside, where no exception follows."""
    for name, call in subject.calls:
        if name in ("isinstance", "issubclass") and call.args:
            of = _of(subject, call.args[0])
            if of in ("parameter", "attribute"):
                yield {"line": subject.at(call), "kind": "type", "of": of, "expression": subject.text(call)}


def kind_of(test: ast.expr) -> str:
    """What a single condition asks."""
    inner = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else test
    if isinstance(inner, ast.Compare):
        return _compared(inner)
    if isinstance(inner, ast.Call):
        name = callee(inner)
        if name in ("isinstance", "issubclass", "callable"):
            return "type"
        if name in ("all", "any") and inner.args and isinstance(inner.args[0], ast.GeneratorExp):
            return kind_of(inner.args[0].elt)
        return "existence" if name in _EXISTS else "pattern" if name in _PATTERN else "predicate"
    held = isinstance(inner, ast.Name | ast.Attribute | ast.Subscript) and not last(inner).isupper()
    return "required" if held and inner is not test else "condition"


def _compared(test: ast.Compare) -> str:
    sign, right = test.ops[0], test.comparators[0]
    if isinstance(sign, ast.In | ast.NotIn):
        return "membership"
    if isinstance(sign, ast.Is | ast.Eq) and (is_none(right) or _is_empty(right)):
        return "required"
    if callee(test.left) == "len":
        return "length"
    return "range" if isinstance(sign, ast.Lt | ast.LtE | ast.Gt | ast.GtE) else "comparison"


def _is_empty(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value == "") or (
        isinstance(node, ast.List | ast.Tuple | ast.Set) and not node.elts
    )


def _of(subject: Subject, test: ast.expr) -> str:
    names = [root(node) for node in ast.walk(test) if isinstance(node, ast.Name | ast.Attribute)]
    if any(name in subject.parameters for name in names):
        return "parameter"
    if any(name in RECEIVERS for name in names):
        return "attribute"
    return "local" if names else ""


def _validators(subject: Subject) -> Iterator[dict[str, Any]]:
    for name, call in subject.calls:
        if _VALIDATES.fullmatch(name):
            yield {"line": subject.at(call), "call": dotted(call.func) or last(call.func)}


def _choices(subject: Subject) -> Iterator[dict[str, Any]]:
    """``State(value)``: fails for a value that is none of its members."""
    for name, call in subject.calls:
        one = len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Name | ast.Attribute)
        known = name in subject.file.enums or (name in subject.used and _ENUM.fullmatch(name))
        if one and known:
            yield {"line": subject.at(call), "type": name}
