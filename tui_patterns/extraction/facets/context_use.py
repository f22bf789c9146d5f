"""How functions use a mapping or object handed to them: keys, methods, attributes, where it goes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tui_patterns.extraction.facets.nodes import distinct, present, text_of
from tui_patterns.extraction.facets.reading import Reading
from tui_patterns.extraction.imports import dotted

KEYED = frozenset({"get", "pop", "setdefault"})


def context_use(name: str, readings: Iterable[Reading]) -> dict[str, list[str]]:
    """``{"keys", "methods", "attributes", "passed_to"}`` of the variable *name*; empty ones left out."""
    known = list(readings)
    called = [call for reading in known for call in reading.of(ast.Call)]
    methods = [call for call in called if _on(name, call.func)]
    functions = {id(call.func) for call in methods}
    attributes = (node for reading in known for node in reading.of(ast.Attribute) if _on(name, node))
    return present(
        keys=distinct(key for reading in known for key in _keys(name, reading)),
        methods=distinct(_attribute(call.func) for call in methods),
        attributes=distinct(node.attr for node in attributes if id(node) not in functions),
        passed_to=distinct(dotted(call.func) for call in called if _passed(name, call)),
    )


def _keys(name: str, reading: Reading) -> Iterator[str]:
    for item in reading.of(ast.Subscript):
        if isinstance(item.value, ast.Name) and item.value.id == name:
            yield text_of(item.slice) or ""
    for call in reading.of(ast.Call):
        if _on(name, call.func) and _attribute(call.func) in KEYED and call.args:
            yield text_of(call.args[0]) or ""
    for test in reading.of(ast.Compare):
        right = test.comparators[0]
        if isinstance(test.ops[0], ast.In | ast.NotIn) and isinstance(right, ast.Name) and right.id == name:
            yield text_of(test.left) or ""


def _on(name: str, node: ast.expr) -> bool:
    """Whether *node* is an attribute of the variable."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name


def _attribute(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


def _passed(name: str, call: ast.Call) -> bool:
    values = (*call.args, *(item.value for item in call.keywords))
    return any(isinstance(_bare(value), ast.Name) and _bare(value).id == name for value in values)  # type: ignore[attr-defined]


def _bare(value: ast.expr) -> ast.expr:
    return value.value if isinstance(value, ast.Starred) else value
