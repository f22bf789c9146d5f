"""Facet ``initialization``: the call of the base's initializer, and what each attribute is made from.

``{"method", "line", "super": {"line", "arguments": [text, …], "first"}, "attributes": [{"name",
"line", "from": "parameter" | "constant" | "computed" | "default", "parameter", "value" | "expression",
"otherwise"}]}``. ``default``: a parameter, or something else where it is empty. ``otherwise``: what a second
assignment gives. ``first``: nothing is done before the call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.facets.nodes import RECEIVERS, callee, most, parameters, present, root
from tui_patterns.extraction.facets.source_text import NotPlain, literal
from tui_patterns.extraction.facets.subject import Subject

_NAMES = ("__init__", "__post_init__", "__new__")


def initialization(subject: Subject) -> dict[str, Any]:
    """Applies to an initializer, and to a class that has one."""
    node = subject.node
    if isinstance(node, ast.ClassDef):
        found = next((subject.methods[name] for name in _NAMES if name in subject.methods), None)
    else:
        found = node if isinstance(node, FunctionNode) and node.name in _NAMES and subject.owner else None
    if found is None:
        return {}
    return {"method": found.name, "line": subject.at(found)} | present(
        super=_super(subject, found), attributes=most(_attributes(subject, found))
    )


def _super(subject: Subject, node: FunctionNode) -> dict[str, Any] | None:
    call = next((call for call in subject.file.reading(node).of(ast.Call) if _is_super(call)), None)
    if call is None:
        return None
    arguments = [subject.text(item) for item in call.args]
    arguments += [f"{item.arg}={subject.text(item.value)}" if item.arg else f"**{subject.text(item.value)}"
                  for item in call.keywords]  # fmt: skip
    first = bool(node.body) and node.body[0].lineno <= call.lineno <= (node.body[0].end_lineno or 0)
    return {"line": subject.at(call), "arguments": most(arguments), "first": first}


def _is_super(call: ast.Call) -> bool:
    """``super().__init__(…)``, or ``Base.__init__(self, …)``."""
    if callee(call) not in _NAMES or not isinstance(call.func, ast.Attribute):
        return False
    receiver = call.func.value
    return callee(receiver) == "super" or bool(call.args and root(call.args[0]) in RECEIVERS)


def _attributes(subject: Subject, node: FunctionNode) -> Iterator[dict[str, Any]]:
    given = {item.arg for item in (*parameters(node), node.args.vararg, node.args.kwarg) if item}
    found: dict[str, dict[str, Any]] = {}
    for target, value in _stores(subject, node):
        if target.attr in found:
            found[target.attr].setdefault("otherwise", subject.text(value))
        else:
            made = _made(subject, value, given - RECEIVERS)
            found[target.attr] = {"name": target.attr, "line": subject.at(target)} | made
    yield from found.values()


def _stores(subject: Subject, node: FunctionNode) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    for item in subject.file.reading(node).assignments:
        for target in item.targets if isinstance(item, ast.Assign) else [item.target]:
            if isinstance(target, ast.Attribute) and root(target.value) in RECEIVERS and item.value:
                yield target, item.value


def _wanted(value: ast.expr) -> str:
    """``x`` of ``x or …`` and of ``x if … else …``."""
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or):
        value = value.values[0]
    elif isinstance(value, ast.IfExp):
        value = value.body
    else:
        return ""
    return value.id if isinstance(value, ast.Name) else ""


def _made(subject: Subject, value: ast.expr, given: set[str]) -> dict[str, Any]:
    if isinstance(value, ast.Name) and value.id in given:
        return {"from": "parameter", "parameter": value.id}
    wanted = _wanted(value)
    if wanted in given:
        return {"from": "default", "parameter": wanted, "expression": subject.text(value)}
    try:
        return {"from": "constant", "value": literal(value)}
    except NotPlain:
        pass
    used = sorted({n.id for n in ast.walk(value) if isinstance(n, ast.Name)} & given)
    return {"from": "computed", "expression": subject.text(value)} | present(
        parameter=used[0] if len(used) == 1 else None, parameters=used if len(used) > 1 else None
    )
