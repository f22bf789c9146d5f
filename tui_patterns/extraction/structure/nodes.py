"""Small questions about the nodes of a tree; ``parent`` is set on each node inside a function."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import Any

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NOT_CHILDREN = frozenset(
    {"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "type_comment", "kind",
     "kwd_attrs"}
)  # fmt: skip
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.LShift: "<<", ast.Mod: "%",
    ast.FloorDiv: "//", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&", ast.BitXor: "^", ast.MatMult: "@",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
    ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.And: "and", ast.Or: "or",
}  # fmt: skip
_fields: dict[type[ast.AST], tuple[str, ...]] = {}


def _children_fields(cls: type[ast.AST]) -> tuple[str, ...]:
    _fields[cls] = found = tuple(name for name in cls._fields if name not in _NOT_CHILDREN)
    return found


def children(node: ast.AST) -> list[Any]:
    """The nodes directly below *node* in source order, without operators and contexts."""
    cls = node.__class__
    found: list[Any] = []
    for name in _fields.get(cls) or _children_fields(cls):
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += value if None not in value else [item for item in value if item is not None]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def walk(*roots: Any) -> Iterator[Any]:
    """Every node below *roots*, they too, without those of definitions and lambdas inside."""
    stack = list(roots)
    while stack:
        node = stack.pop()
        yield node
        stack += [child for child in children(node) if not isinstance(child, SCOPES)]


def kind(node: Any) -> str:
    """The name of a node's class."""
    return str(node.__class__.__name__)


def dotted(node: Any) -> str:
    """``a.b.c`` of a name or a chain of attributes; a call in the chain is shown as ``()``."""
    parts: list[str] = []
    while True:
        cls = node.__class__
        if cls is ast.Attribute:
            parts.append(node.attr)
            node = node.value
        elif cls is ast.Name:
            parts.append(node.id)
            return ".".join(reversed(parts))
        elif cls is ast.Call and parts:
            parts.append("()")
            node = node.func
        else:
            return ""


def sign(node: Any) -> str:
    """The operator of an operation or an augmented assignment as it is written, without ``=``."""
    return _SIGNS.get(node.op.__class__, "")


def compared(node: Any) -> list[tuple[str, Any]]:
    """(operator, right side) of each part of a comparison."""
    return [(_SIGNS.get(item.__class__, ""), to) for item, to in zip(node.ops, node.comparators, strict=True)]


def stars(call: Any) -> bool:
    """Whether a call passes ``*args``."""
    return any(item.__class__ is ast.Starred for item in call.args)


def double_stars(call: Any) -> bool:
    """Whether a call passes ``**kwargs``."""
    return any(item.arg is None for item in call.keywords)


def text(node: Any) -> str:
    """*node* as source, the same for the same structure."""
    return ast.unparse(node)


def inside(node: Any, around: Any) -> bool:
    """Whether *node* stands somewhere below *around*."""
    while (node := getattr(node, "parent", None)) is not None:
        if node is around:
            return True
    return False


def under(node: Any, kinds: Collection[str]) -> Any:
    """The nearest node around *node* of one of *kinds* within the same definition, or ``None``."""
    node = getattr(node, "parent", None)
    while node is not None and not isinstance(node, SCOPES):
        if kind(node) in kinds:
            return node
        node = getattr(node, "parent", None)
    return None


def names_in(*roots: Any) -> set[str]:
    """Plain names that are read below *roots*."""
    return {n.id for n in walk(*roots) if n.__class__ is ast.Name and n.ctx.__class__ is ast.Load}


def names_bound(*roots: Any) -> set[str]:
    """Plain names that are assigned below *roots*."""
    return {n.id for n in walk(*roots) if n.__class__ is ast.Name and n.ctx.__class__ is ast.Store}
