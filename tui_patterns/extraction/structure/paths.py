"""Expressions as short texts: ``self._pool[key].get()`` becomes ``self._pool[].get()``.

A *path* starts at a name and keeps attributes, ``()`` for a call and ``[]`` for
an item or for the element of a loop. Local names stand for what they were
assigned, so that ``for o in self.seen: o.tell()`` calls ``self.seen[].tell``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

_LONGEST = 160
_SAME_ITEMS = frozenset(
    {"list", "tuple", "set", "frozenset", "sorted", "reversed", "iter", "enumerate", "cast"}
)
_CLASS = re.compile(r"_*[A-Z]\w*")
_WORD = re.compile(r"[^\W\d]\w*")
_SIMPLE = re.compile(r"[\w.]+")


def path_of(node: ast.AST | None, names: Mapping[str, str]) -> str:
    """The path of *node*, local *names* replaced by what they stand for; empty where it has none."""
    path = _path(node, names)
    return path if len(path) <= _LONGEST else ""


def _path(node: ast.AST | None, names: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_path(node.value, names)}.{node.attr}"
    if isinstance(node, ast.Call):
        return _call_path(node, names)
    if isinstance(node, ast.Subscript):
        return f"{_path(node.value, names)}[]"
    if isinstance(node, ast.Await | ast.Starred | ast.NamedExpr):
        return _path(node.value, names)
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
        return _path(node.values[0], names)
    return _path(node.body, names) if isinstance(node, ast.IfExp) else ""


def _call_path(node: ast.Call, names: Mapping[str, str]) -> str:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in _SAME_ITEMS and node.args:
        return _path(node.args[-1 if name == "cast" else 0], names)
    if name == "type" and len(node.args) == 1:
        return f"{_path(node.args[0], names)}.__class__"
    if name == "getattr" and len(node.args) >= 2:
        attribute = node.args[1]
        known = str(attribute.value) if isinstance(attribute, ast.Constant) else "*"
        return f"{_path(node.args[0], names)}.{known}"
    return f"{_path(node.func, names)}()"


def names_in(annotation: ast.AST | None) -> frozenset[str]:
    """The names that an annotation mentions, without what they are attributes of."""
    if annotation is None:
        return frozenset()
    if isinstance(annotation, ast.Attribute):
        return frozenset({annotation.attr})
    if isinstance(annotation, ast.Name):
        return frozenset({annotation.id})
    if isinstance(annotation, ast.Constant):
        return (
            frozenset(_WORD.findall(annotation.value)) if isinstance(annotation.value, str) else frozenset()
        )
    return frozenset().union(*(names_in(child) for child in ast.iter_child_nodes(annotation)))


def made_class(path: str) -> str:
    """The name of the class that a path calls last (``shop.Dog()`` → Dog), by convention; else empty."""
    if not path.endswith("()"):
        return ""
    maker = path[:-2]
    last = maker.rpartition(".")[2]
    return last if _SIMPLE.fullmatch(maker) and _CLASS.fullmatch(last) else ""


def own_field(path: str, owner: str = "self") -> str:
    """``x`` for ``self.x``, ``self.x[].y()``…; empty for what does not start at *owner*."""
    if not path.startswith(owner + "."):
        return ""
    found = _WORD.match(path, len(owner) + 1)
    return found.group() if found else ""
