"""What the definitions of a file refer to: calls, bases, decorators, annotations, what they make.

Each reference is a path (see ``symbolic``) that is resolved later, over the whole
project and without parsing (``engine/symbols.py``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tui_patterns.extraction import cohesion
from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.outline import Outline, base_of
from tui_patterns.extraction.own_code import OwnCode
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.symbolic import LIKELY, RECEIVER, Namespace, anchored, quoted
from tui_patterns.models import FileSymbols, Reference


def symbols_of(scanner: Scanner, path: str) -> FileSymbols:
    """The names and references of a scanned file; *path* is POSIX, from the project's root."""
    outline = Outline(scanner, path)
    return FileSymbols(
        names=outline.names,
        lines=outline.lines,
        references=_Collector(outline, path).collect((scanner.module, *scanner.units)),
        cohesion=_cohesion(outline, scanner.units),
    )


class _Collector:
    def __init__(self, outline: Outline, path: str) -> None:
        self._outline = outline
        self._symbolic = outline.symbolic
        self._path = path
        self._found: dict[tuple[str, int, str], set[str]] = {}

    def collect(self, scopes: Iterable[Scope]) -> tuple[Reference, ...]:
        for scope in scopes:
            space, code = self._outline.spaces[scope], self._outline.code[scope]
            self._code(scope, code, space)
            self._made(scope, code, space)
            for origin in scope.imports.values():
                self._add(scope, anchored(origin, self._path), "i")
            if space.parent is not None:
                self._head(scope, space.parent)
        return tuple(
            Reference(source, line, path, "".join(sorted(kinds)))
            for (source, line, path), kinds in self._found.items()
        )

    def _add(self, scope: Scope, path: str, kind: str) -> None:
        """Note a reference; an instance is no definition."""
        if path and not path.endswith(("()", "^", RECEIVER)):
            line = 0 if isinstance(scope.node, ast.Module) else scope.node.lineno
            self._found.setdefault((scope.qualname, line, path), set()).add(kind)

    def _code(self, scope: Scope, code: OwnCode, space: Namespace) -> None:
        for call in code.calls:
            self._add(scope, self._symbolic.path(call.func, space), "c")
        for use in code.uses:
            self._add(scope, self._symbolic.path(use, space), "u")
        for annotation in code.annotations:
            self._annotation(scope, annotation, space)

    def _annotation(self, scope: Scope, node: ast.AST | None, space: Namespace) -> None:
        for part in _named(node):
            self._add(scope, self._symbolic.path(part, space), "a")

    def _head(self, scope: Scope, outer: Namespace) -> None:
        """What stands before the body: decorators, bases, defaults, annotations."""
        node = scope.node
        assert not isinstance(node, ast.Module)
        code = OwnCode()
        for decorator in node.decorator_list:
            maker = decorator.func if isinstance(decorator, ast.Call) else decorator
            self._add(scope, self._symbolic.path(maker, outer), "d")
            code.read([decorator])
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                self._add(scope, self._symbolic.path(base_of(base), outer), "b")
                self._annotation(scope, base.slice if isinstance(base, ast.Subscript) else None, outer)
            code.read(item.value for item in node.keywords)
        else:
            code.read(item for item in (*node.args.defaults, *node.args.kw_defaults) if item is not None)
            for argument in _arguments(node.args):
                self._annotation(scope, argument.annotation, outer)
            self._annotation(scope, node.returns, outer)
        self._code(scope, code, outer)

    def _made(self, scope: Scope, code: OwnCode, space: Namespace) -> None:
        """New instances that are returned, or become a part of the class."""
        if not code.yields:
            for value in code.returned:
                for path in self._makers(value, code, space):
                    self._add(scope, path, "r")
        outer = scope.parent
        if outer is not None and outer.is_class and scope.node.name in cohesion.CONSTRUCTORS:  # type: ignore[union-attr]
            for item in code.stored:
                if self._symbolic.path(item.target.value, space) == f"{self._outline.spaces[outer].own}()":
                    for path in self._makers(item.value, code, space):
                        self._add(outer, path, "p")
        if scope.is_class:
            for maker in _default_factories(code):
                self._add(scope, self._symbolic.path(maker, space), "p")

    def _makers(self, value: ast.expr | None, code: OwnCode, space: Namespace) -> Iterator[str]:
        """The paths called to make *value*; of several, each is only likely."""
        if isinstance(value, ast.Call):
            yield self._symbolic.path(value.func, space)
        elif isinstance(value, ast.BoolOp | ast.IfExp):
            parts = value.values if isinstance(value, ast.BoolOp) else [value.body, value.orelse]
            for part in parts:
                for path in self._makers(part, code, space):
                    yield LIKELY + path.lstrip(LIKELY) if path else ""
        elif isinstance(value, ast.Name) and space.types.get(value.id, "").endswith("()"):
            given = [item.value for item in code.bindings if item.name == value.id and not item.entered]
            if given and all(isinstance(item, ast.Call) for item in given):
                yield space.types[value.id].removesuffix("()")


def _named(node: ast.AST | None) -> Iterator[ast.expr]:
    """The names in an annotation, those in quotes too."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield from _named(quoted(node.value))
    elif isinstance(node, ast.Name | ast.Attribute):
        yield node
    elif node is not None:
        for child in ast.iter_child_nodes(node):
            yield from _named(child)


def _arguments(spec: ast.arguments) -> Iterator[ast.arg]:
    extra = (item for item in (spec.vararg, spec.kwarg) if item is not None)
    yield from (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *extra)


def _default_factories(code: OwnCode) -> Iterator[ast.expr]:
    """``Part`` in ``part: Part = field(default_factory=Part)``."""
    for item in code.bindings:
        if isinstance(item.value, ast.Call):
            yield from (each.value for each in item.value.keywords if each.arg == "default_factory")


def _cohesion(outline: Outline, scopes: Iterable[Scope]) -> dict[str, int]:
    """LCOM4 by the qualified name of each class that has methods to compare."""
    touched: dict[str, dict[str, set[str]]] = {}
    for scope in scopes:
        method = _method(scope)
        own = outline.spaces[method].parent if method is not None else None
        if (
            method is not None
            and own is not None
            and cohesion.counts(method.node)
            and _visible(outline, own.scope)
        ):
            assert isinstance(method.node, FunctionNode)
            names = touched.setdefault(own.scope.qualname, {}).setdefault(method.node.name, set())
            names |= set(_touched(outline, scope, own.own))
    found = {qualname: cohesion.lcom4(methods) for qualname, methods in touched.items()}
    return {qualname: value for qualname, value in found.items() if value is not None}


def _visible(outline: Outline, scope: Scope) -> bool:
    """Whether its name leads to it, and not to a later definition."""
    return not isinstance(scope.node, ast.Module) and outline.lines.get(scope.qualname) == scope.node.lineno


def _method(scope: Scope) -> Scope | None:
    """The method that a scope is, or is a part of."""
    at: Scope | None = scope
    while at is not None and at.is_function:
        if at.parent is not None and at.parent.is_class:
            return at
        at = at.parent
    return None


def _touched(outline: Outline, scope: Scope, owner: str) -> Iterator[str]:
    space = outline.spaces[scope]
    for item in outline.code[scope].fields:
        assert isinstance(item.value, ast.Name)
        if outline.symbolic.name(item.value.id, space).removesuffix("()") == owner:
            yield item.attr
