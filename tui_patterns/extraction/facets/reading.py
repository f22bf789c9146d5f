"""One walk over a function: its nodes by type, in source order.

Functions inside it count as part of it, but for what they return and yield.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

_KINDS = frozenset({
    ast.Call, ast.Try, ast.TryStar, ast.Raise, ast.If, ast.IfExp, ast.BoolOp, ast.Compare, ast.Assert,
    ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.Subscript, ast.Attribute, ast.While,
    ast.Import, ast.ImportFrom, ast.With, ast.AsyncWith, ast.Return, ast.Yield, ast.YieldFrom,
})  # fmt: skip
_OWN = (ast.Return, ast.Yield, ast.YieldFrom)
_INNER = frozenset({ast.FunctionDef, ast.AsyncFunctionDef})
# Fields that hold no code: plain values, types, and decorators, which are no part of what a function does.
_LEFT_OUT = frozenset({
    "annotation", "arg", "attr", "conversion", "ctx", "decorator_list", "id", "is_async", "kind", "kwd_attrs",
    "level", "module", "name", "names", "op", "ops", "rest", "returns", "simple", "type_comment",
    "type_params",
})  # fmt: skip

Node = TypeVar("Node", bound=ast.AST)


class Reading:
    """What a function consists of; ``of`` gives the nodes of some types."""

    __slots__ = ("kinds",)

    def __init__(self, kinds: dict[type[ast.AST], list[ast.AST]]) -> None:
        self.kinds = kinds

    def of(self, kind: type[Node]) -> list[Node]:
        """Its nodes of this very type, in source order."""
        return self.kinds.get(kind, [])  # type: ignore[return-value]

    @property
    def tries(self) -> list[ast.Try | ast.TryStar]:
        """Both kinds of ``try``."""
        return [*self.of(ast.Try), *self.of(ast.TryStar)]

    @property
    def assignments(self) -> list[ast.Assign | ast.AnnAssign]:
        """Assignments, annotated ones too, in source order."""
        found: list[ast.Assign | ast.AnnAssign] = [*self.of(ast.Assign), *self.of(ast.AnnAssign)]
        return sorted(found, key=_place)

    @property
    def yields(self) -> bool:
        """Whether it is a generator."""
        return bool(self.of(ast.Yield)) or bool(self.of(ast.YieldFrom))


def read(node: ast.AST) -> Reading:
    """Walk one function, with its head and the functions inside it; of anything else, all of it."""
    kinds: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
    stack = [node]
    while stack:
        at = stack.pop()
        cls = at.__class__
        if cls in _KINDS:
            kinds[cls].append(at)
        elif cls in _INNER and at is not node:
            _merge(kinds, read(at))
            continue
        for name in _children(cls):
            value = getattr(at, name, None)
            if value.__class__ is list:
                stack += value
            elif value is not None:
                stack.append(value)
    for nodes in kinds.values():
        if len(nodes) > 1:
            nodes.sort(key=_place)
    return Reading(kinds)


def merged(readings: Iterable[Reading]) -> Reading:
    """Several functions as one: the methods of a class."""
    kinds: dict[type[ast.AST], list[ast.AST]] = {}
    for reading in readings:
        for kind, nodes in reading.kinds.items():
            if nodes:
                kinds.setdefault(kind, []).extend(nodes)
    return Reading(kinds)


# Lists hold None where a default or a key is left out.
_fields: dict[type, tuple[str, ...]] = {type(None): (), ast.Constant: (), ast.Name: ()}


def _children(cls: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a node type that can hold nodes."""
    found = _fields.get(cls)
    if found is None:
        found = _fields[cls] = tuple(name for name in cls._fields if name not in _LEFT_OUT)
    return found


def _merge(kinds: defaultdict[type[ast.AST], list[ast.AST]], inner: Reading) -> None:
    for kind, nodes in inner.kinds.items():
        if kind not in _OWN:
            kinds[kind] += nodes


def _place(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]
