"""Expressions as *paths* that a project's symbol table can follow without a parser.

A path starts at a module and goes on by ``.name`` (attribute), ``()`` (what a
call gives: of a class, an instance) and ``^`` (``super()`` of an instance):

- ``httpx.Client`` – by its import name, as an absolute import says it;
- ``src/pkg//models.Unit`` – the module ``models`` in a folder of the project,
  as a relative import or a definition of the file itself says it;
- ``$`` – the instance a method was called on (``-> Self``, ``return self``).

A leading ``~`` marks what is likely and not certain. An empty path is *unknown*:
a name of a builtin, of the standard library, or of a value of any type.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from tui_patterns.extraction.scope import Scope

LIKELY = "~"
RECEIVER = "$"
LOCAL = "//"
_STDLIB = frozenset(sys.stdlib_module_names)
_TRANSPARENT = frozenset(
    {"Optional", "Annotated", "Final", "ClassVar", "Awaitable", "Coroutine", "Required", "NotRequired"}
)
_LONGEST = 200


@lru_cache(maxsize=512)
def own_module(path: str) -> str:
    """The file at *path* (POSIX, from the project's root) as a path's beginning."""
    place = PurePosixPath(path)
    folder = "" if str(place.parent) == "." else str(place.parent)
    return f"{folder}{LOCAL}{place.stem}"


def anchored(origin: str, path: str) -> str:
    """An import's dotted *origin* in the file at *path*; empty for the standard library."""
    if not origin.startswith("."):
        return "" if origin.partition(".")[0] in _STDLIB else origin
    rest = origin.lstrip(".")
    folders = PurePosixPath(path).parts[:-1]
    up = len(origin) - len(rest) - 1
    if up > len(folders):
        return ""
    return "/".join(folders[: len(folders) - up]) + LOCAL + rest


@dataclass(slots=True)
class Namespace:
    """What the names of one scope stand for; ``own`` is the scope's path, ``types`` its variables'."""

    scope: Scope
    own: str
    parent: Namespace | None = None
    types: dict[str, str] = field(default_factory=dict)
    members: frozenset[str] = frozenset()

    @property
    def is_class(self) -> bool:
        return self.scope.is_class


class Symbolic:
    """Follows names and expressions of one file; *path* as in ``own_module``."""

    def __init__(self, path: str) -> None:
        self._file = path

    def name(self, id: str, space: Namespace) -> str:
        """What a bare name stands for, seen from *space*."""
        at: Namespace | None = space
        while at is not None:
            if at is space or not at.is_class:
                found = self._in(id, at)
                if found is not None:
                    return found
            at = at.parent
        return ""

    def _in(self, id: str, at: Namespace) -> str | None:
        """Its path in this scope; empty if it is bound to something unknown, ``None`` if it is not bound."""
        if id in at.types:
            return at.types[id]
        if id in at.scope.imports:
            return anchored(at.scope.imports[id], self._file)
        if id in at.members:
            return f"{at.own}.{id}"
        return "" if id in at.scope.bound else None

    def path(self, node: ast.AST | None, space: Namespace) -> str:
        """The path of an expression."""
        found = self._path(node, space)
        return found if len(found) <= _LONGEST else ""

    def _path(self, node: ast.AST | None, space: Namespace) -> str:
        if isinstance(node, ast.Name):
            return self.name(node.id, space)
        if isinstance(node, ast.Attribute):
            base = self._path(node.value, space)
            return f"{base}.{node.attr}" if base else ""
        if isinstance(node, ast.Call):
            return self._call(node, space)
        if isinstance(node, ast.Await | ast.NamedExpr):
            return self._path(node.value, space)
        if isinstance(node, ast.BoolOp):
            return self._either(node.values, space)
        return self._either([node.body, node.orelse], space) if isinstance(node, ast.IfExp) else ""

    def _call(self, node: ast.Call, space: Namespace) -> str:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "super" and not node.args:
            own = self._receiver(space)
            return f"{own}^" if own else ""
        if name == "type" and len(node.args) == 1:
            found = self._path(node.args[0], space)
            return f"{found}.__class__" if found else ""
        if name == "cast" and len(node.args) == 2:
            return self.annotation(node.args[0], space)
        found = self._path(node.func, space)
        return f"{found}()" if found else ""

    def _receiver(self, space: Namespace) -> str:
        """An instance of the class that the code stands in."""
        at: Namespace | None = space
        while at is not None and not at.is_class:
            at = at.parent
        return f"{at.own}()" if at is not None else ""

    def _either(self, values: Iterable[ast.expr], space: Namespace) -> str:
        """One of several: the first that is known; likely only, unless all agree."""
        paths = [self._path(value, space) for value in values if not _is_none(value)]
        known = [path for path in paths if path]
        if not known:
            return ""
        same = len(set(paths)) == 1
        return known[0] if same else LIKELY + known[0].lstrip(LIKELY)

    def annotation(self, node: ast.AST | None, space: Namespace) -> str:
        """The path of a value with this annotation; unknown for a union of several types."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.annotation(quoted(node.value), space)
        if isinstance(node, ast.Name) and node.id == "Self":
            return self._receiver(space)
        if isinstance(node, ast.Name | ast.Attribute):
            found = self._path(node, space)
            return f"{found}()" if found else ""
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union([node.left, node.right], space)
        return self._generic(node, space) if isinstance(node, ast.Subscript) else ""

    def _generic(self, node: ast.Subscript, space: Namespace) -> str:
        name = last_name(node.value)
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Union":
            return self._union(inner, space)
        if name in ("Type", "type"):
            return self.annotation(node.slice, space).removesuffix("()")
        if name in _TRANSPARENT:
            return self.annotation(inner[-1 if name == "Coroutine" else 0], space)
        return self.annotation(node.value, space)

    def _union(self, nodes: Iterable[ast.expr], space: Namespace) -> str:
        given = [node for node in nodes if not _is_none(node)]
        return self.annotation(given[0], space) if len(given) == 1 else ""


def last_name(node: ast.AST) -> str:
    """``Optional`` for ``typing.Optional`` and ``Optional``."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


@lru_cache(maxsize=2048)
def quoted(text: str) -> ast.expr | None:
    """The expression inside a quoted annotation."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
