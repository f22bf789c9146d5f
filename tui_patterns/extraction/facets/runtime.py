"""Facet ``runtime_parameters``: what is looked up while running, and what takes precedence over what.

``{"reads": [{"line", "source", "key", "default"}], "overrides": [{"line", "form", "order": [text, …]}]}``.
Sources: environment, context, configuration, parameters, variables, attributes; the key of a whole
environment is ``*``. Forms: or, ternary, if;
``order`` goes from what wins to what is left at last.
"""

from __future__ import annotations

import ast
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
    root,
    text_of,
)
from tui_patterns.extraction.facets.subject import Subject

_HOLDERS = {
    "environ": "environment", "env": "environment",
    "context": "context", "ctx": "context", "kwargs": "context", "op_kwargs": "context",
    "conf": "configuration", "config": "configuration", "settings": "configuration", "cfg": "configuration",
    "configuration": "configuration", "options": "configuration",
    "params": "parameters", "parameters": "parameters", "query_params": "parameters", "args": "parameters",
    "Variable": "variables",
}  # fmt: skip
_GETTERS = frozenset({"get", "pop", "getboolean", "getint", "getfloat", "getlist", "get_mandatory_value",
                      "getjson", "setdefault"})  # fmt: skip
_PLAIN = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.List, ast.Dict, ast.Tuple, ast.JoinedStr)
_ASKS = _GETTERS | {"getenv", "getattr"}
_Read = tuple[ast.expr, str, str, ast.expr | None]
_Override = tuple[ast.AST, str, list[ast.expr]]
_YES_OR_NO = ("is", "has", "startswith", "endswith", "any", "all", "exists", "callable", "can", "should")


def runtime_parameters(subject: Subject) -> dict[str, Any]:
    """Applies where such a source is read, or a value has something to fall back on."""
    return present(reads=most(_reads(subject)), overrides=most(_overrides(subject)))


def _reads(subject: Subject) -> Iterator[dict[str, Any]]:
    found: list[_Read] = [
        one for name, call in subject.calls if name in _ASKS for one in _looked_up(name, call)
    ]
    found += _whole_environment(subject, {id(part) for node, *_ in found for part in ast.walk(node)})
    for item in subject.reading.of(ast.Subscript):
        source, key = _HOLDERS.get(last(item.value), ""), text_of(item.slice)
        if source and key and isinstance(item.ctx, ast.Load):
            found.append((item, source, key, None))
    for node, source, key, default in sorted(found, key=lambda one: (one[0].lineno, one[0].col_offset)):
        given = {"default": subject.text(default)} if default is not None else {}
        yield {"line": subject.at(node), "source": source, "key": key} | given


def _looked_up(name: str, call: ast.Call) -> Iterator[_Read]:
    """``os.getenv("K", d)``, ``conf.get("section", "key", fallback=d)``, ``getattr(self, "k", d)``."""
    texts = [text for item in call.args if (text := text_of(item)) is not None]
    named = next(
        (item.value for item in call.keywords if item.arg in ("default", "fallback", "default_var")), None
    )
    rest = call.args[-1] if len(call.args) > len(texts[:1]) else None
    if name == "getenv" and texts:
        yield call, "environment", texts[0], named or rest
    elif name == "getattr" and texts and len(call.args) == 3:
        yield call, "attributes", texts[0], call.args[2]
    elif name in _GETTERS and texts and isinstance(call.func, ast.Attribute):
        source = _HOLDERS.get(last(call.func.value), "")
        if source == "configuration" and len(texts) > 1 and (named or name != "get"):
            yield call, source, ".".join(texts[:2]), named
        elif source:
            yield call, source, texts[0], named or rest


def _whole_environment(subject: Subject, known: set[int]) -> Iterator[_Read]:
    """``os.environ`` where no single key is asked for."""
    keyed = {id(item.value) for item in subject.reading.of(ast.Subscript)}
    for node in subject.reading.of(ast.Attribute):
        if node.attr == "environ" and last(node.value) == "os" and id(node) not in known | keyed:
            yield node, "environment", "*", None


def _overrides(subject: Subject) -> Iterator[dict[str, Any]]:
    found = [*_by_or(subject), *_by_choice(subject)]
    found = [one for one in found if any(_is_given(subject, item) for item in one[2])]
    found += [one for block in subject.reading.of(ast.If) for one in _filled_in(block)]
    for node, form, order in sorted(found, key=lambda one: subject.at(one[0])):
        yield {"line": subject.at(node), "form": form, "order": [subject.text(item) for item in order]}


def _by_or(subject: Subject) -> Iterator[_Override]:
    tests = _tests(subject)
    for node in subject.reading.of(ast.BoolOp):
        if isinstance(node.op, ast.Or) and id(node) not in tests and all(map(_is_value, node.values)):
            yield node, "or", node.values


def _by_choice(subject: Subject) -> Iterator[_Override]:
    for node in subject.reading.of(ast.IfExp):
        if _asks_for(node.test, node.body):
            yield node, "ternary", [node.body, node.orelse]


def _tests(subject: Subject) -> set[int]:
    """Conditions, by identity: there ``or`` joins questions, not values."""
    reading = subject.reading
    nodes: list[ast.If | ast.While | ast.IfExp | ast.Assert] = [*reading.of(ast.If), *reading.of(ast.While)]
    nodes += [*reading.of(ast.IfExp), *reading.of(ast.Assert)]
    return {id(part) for node in nodes for part in _joined(node.test)}


def _joined(test: ast.expr) -> Iterator[ast.expr]:
    yield test
    for part in test.values if isinstance(test, ast.BoolOp) else [getattr(test, "operand", None)]:
        if isinstance(part, ast.expr):
            yield from _joined(part)


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return not callee(node).lower().startswith(_YES_OR_NO)
    return isinstance(node, _PLAIN) and not (isinstance(node, ast.Constant) and isinstance(node.value, bool))


def _asks_for(test: ast.expr, wanted: ast.expr) -> bool:
    """``x if x else y``, ``x if x is not None else y``."""
    left = test.left if isinstance(test, ast.Compare) and is_none(test.comparators[0]) else test
    return isinstance(wanted, ast.Name | ast.Attribute) and ast.dump(left) == ast.dump(wanted)


def _filled_in(block: ast.If) -> Iterator[_Override]:
    """``if x is None: x = default``."""
    only = block.body[0]
    if len(block.body) > 1 or not isinstance(only, ast.Assign) or len(only.targets) > 1:
        return
    test = next(conditions(block.test))
    left = test.operand if isinstance(test, ast.UnaryOp) else getattr(test, "left", None)
    missing = isinstance(test, ast.UnaryOp) or (
        isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Is) and is_none(test.comparators[0])
    )
    if (
        missing
        and isinstance(left, ast.Name | ast.Attribute)
        and ast.unparse(left) == ast.unparse(only.targets[0])
    ):
        yield block, "if", [left, only.value]


def _is_given(subject: Subject, node: ast.expr) -> bool:
    """Whether it comes from outside: a parameter, or an attribute of the object."""
    name = root(node)
    return name in subject.parameters or name in RECEIVERS
