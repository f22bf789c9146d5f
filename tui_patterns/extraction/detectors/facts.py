"""What detectors ask of a file again and again, gathered in one walk over its astroid tree.

A function's own nodes leave out those of functions and classes inside it,
which are listed as ``inner``: a detector says which of the two it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from tui_patterns.extraction.context import ModuleContext

_FUNCTIONS = frozenset({"FunctionDef", "AsyncFunctionDef"})
_FIRST = frozenset({"self", "cls", "mcs", "mcls", "metacls"})
_SKIPPED = frozenset({"Name", "Const", "AssignName", "Pass", "Arguments", "Expr", "Break", "Continue"})


class Function:
    """One function or method: its own nodes by type, and the functions inside it."""

    __slots__ = ("_bound", "cls", "inner", "kinds", "node", "outer", "params")

    def __init__(self, node: Any, cls: Any, outer: Function | None) -> None:
        self.node = node
        self.cls = cls
        self.outer = outer
        self.inner: list[Function] = []
        self.kinds: dict[str, list[Any]] = {}
        self._bound: list[tuple[Any, Any, Any]] | None = None
        self.params = [name for name in _parameters(node.args) if name not in _FIRST]

    def own(self, *kinds: str) -> list[Any]:
        """Its nodes of these astroid class names, in source order for each kind."""
        return [node for kind in kinds for node in self.kinds.get(kind, ())]

    def deep(self, *kinds: str) -> list[Any]:
        """The same, with those of the functions inside it."""
        return self.own(*kinds) + [node for inner in self.inner for node in inner.deep(*kinds)]

    def bindings(self) -> list[tuple[Any, Any, Any]]:
        """(target, value, statement) of each assignment, annotated and ``:=`` too, in source order."""
        if self._bound is None:
            self._bound = [
                (target, node.value, node)
                for node in self.own("Assign", "AnnAssign", "NamedExpr")
                if node.value is not None
                for target in getattr(node, "targets", None) or [node.target]
            ]
        return self._bound

    def nested(self) -> Iterator[Function]:
        """Itself, and every function inside it."""
        yield self
        for inner in self.inner:
            yield from inner.nested()

    @property
    def name(self) -> str:
        return str(self.node.name)

    @property
    def is_generator(self) -> bool:
        return "Yield" in self.kinds or "YieldFrom" in self.kinds


class FileFacts:
    """The functions and classes of one file."""

    def __init__(self, tree: Any) -> None:
        self.functions: dict[Any, Function] = {}
        self.top: dict[str, Function] = {}
        self.classes: dict[str, Any] = {}
        self._walk(tree, None, None)

    def methods(self, cls: Any) -> dict[str, Function]:
        """Methods of *cls* by name, those under ``if`` too; of an overloaded one the last."""
        found = (node for node in class_body(cls) if node in self.functions)
        return {node.name: self.functions[node] for node in found}

    def bases(self, cls: Any) -> Iterator[Any]:
        """The classes of this file that *cls* inherits from, nearest first, each once."""
        seen = {cls}
        waiting = [cls]
        while waiting:
            for base in waiting.pop(0).bases:
                known = self.classes.get(dotted(getattr(base, "value", base)) or dotted(base))
                if known is not None and known not in seen:
                    seen.add(known)
                    waiting.append(known)
                    yield known

    def local(self, name: str, within: Function | None = None) -> Function | None:
        """The function of this file that a plain *name* means inside *within*."""
        while within is not None:
            for inner in within.inner:
                if inner.name == name:
                    return inner
            within = within.outer
        return self.top.get(name)

    def _walk(self, node: Any, cls: Any, outer: Function | None, owner: Function | None = None) -> None:
        stack = list(node.get_children())
        while stack:
            child = stack.pop()
            kind = child.__class__.__name__
            if kind in _FUNCTIONS:
                self._function(child, cls, outer)
            elif kind == "ClassDef":
                self.classes[child.name] = child
                self._walk(child, child, outer)
            else:
                if owner is not None and kind not in _SKIPPED:
                    owner.kinds.setdefault(kind, []).append(child)
                stack.extend(child.get_children())

    def _function(self, node: Any, cls: Any, outer: Function | None) -> None:
        made = Function(node, cls, outer)
        self.functions[node] = made
        if outer is not None and cls is None:
            outer.inner.append(made)
        elif cls is None:
            self.top[node.name] = made
        self._walk(node, None, made, made)
        for nodes in made.kinds.values():
            nodes.sort(key=lambda item: (item.lineno or 0, item.col_offset or 0))
        made.inner.sort(key=lambda item: int(item.node.lineno))


def file_facts(module: ModuleContext) -> FileFacts:
    """The facts of the file around a definition; those of the last file are kept."""
    return _of_tree(module.tree)


@lru_cache(maxsize=1)
def _of_tree(tree: Any) -> FileFacts:
    return FileFacts(tree)


def _parameters(arguments: Any) -> Iterator[str]:
    for group in (arguments.posonlyargs, arguments.args, arguments.kwonlyargs):
        for item in group or ():
            yield item.name
    yield from (name for name in (arguments.vararg, arguments.kwarg) if name)


def class_body(cls: Any) -> Iterator[Any]:
    """Statements of a class, those under ``if`` and ``try`` too."""
    waiting = list(cls.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if node.__class__.__name__ in {"If", "Try"}:
            waiting[:0] = [*node.body, *node.orelse]


def dotted(node: Any) -> str:
    """``a.b.c`` of a name or a chain of attributes; a call in the chain is shown as ``()``."""
    parts: list[str] = []
    while True:
        kind = node.__class__.__name__
        if kind in {"Attribute", "AssignAttr", "DelAttr"}:
            parts.append(node.attrname)
            node = node.expr
        elif kind in {"Name", "AssignName", "DelName"}:
            parts.append(node.name)
            return ".".join(reversed(parts))
        elif kind == "Call" and parts:
            parts.append("()")
            node = node.func
        else:
            return ""
