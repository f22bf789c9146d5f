"""One walk over a file's tree: its definitions, what each reads and calls, and its tokens.

Two token streams are written side by side. *exact* holds everything that makes
a tree what it is (docstrings are already gone); *loose* leaves out constants'
values and, once a function ends, the names that are local to it. A unit is a
slice of both, so nested units cost nothing more.
"""

from __future__ import annotations

import ast
from array import array
from collections.abc import Callable

from tui_patterns.extraction.complexity import UnitNode
from tui_patterns.extraction.imports import dotted, imported_names
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.shapes import code_of, shape_of

_LOCAL = code_of("local")
_BY_VALUE = (bool, type(None), type(...))


class Scanner:
    """Walks a module once; ``units`` then holds its definitions in source order."""

    def __init__(self) -> None:
        self.exact: list[str] = []
        self.loose: array[int] = array("I")
        self.units: list[Scope] = []
        self.module: Scope = Scope(ast.Module([], []))
        self.scope = self.module

    def scan(self, module: ast.Module) -> None:
        """Fill everything from *module*."""
        self.module.node = module
        for statement in module.body:
            self.visit(statement)

    def visit(self, node: ast.AST) -> None:
        handler = _HANDLERS.get(node.__class__)
        if handler is None:
            self._plain(node)
        else:
            handler(self, node)

    def _plain(self, node: ast.AST) -> None:
        cls = node.__class__
        shape = shape_of(cls)
        self.exact.append(shape.name)
        self.loose.append(shape.code)
        if shape.is_trait:
            self.scope.own.add(shape.name)
        for name in shape.fields:
            value = getattr(node, name, None)
            if value is not None:
                self._field(name, value)

    def _field(self, name: str, value: object) -> None:
        if isinstance(value, ast.AST):
            self.exact.append(name)
            self.visit(value)
        elif not isinstance(value, list):
            self._leaf(name, str(value))
        elif value:
            self.exact.append(f"{name}{len(value)}")
            for item in value:
                if isinstance(item, ast.AST):
                    self.visit(item)
                else:
                    self._leaf(name, str(item))

    def _leaf(self, name: str, value: str) -> None:
        self.exact.append(f"{name}={value}")
        self.loose.append(code_of(value))

    def _name(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Name)
        self.exact.append(node.id)
        self.scope.reads.append((len(self.loose), node.id))
        self.loose.append(code_of(node.id))
        target = self.scope.names if isinstance(node.ctx, ast.Load) else self.scope.bound
        target.add(node.id)

    def _argument(self, node: ast.AST) -> None:
        assert isinstance(node, ast.arg)
        self.exact.append(f"arg={node.arg}")
        self.loose.append(_LOCAL)
        self.scope.bound.add(node.arg)
        if node.annotation is not None:
            self._field("annotation", node.annotation)

    def _constant(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Constant)
        kind = node.value.__class__
        shown = repr(node.value)
        self.exact.append(f"{kind.__name__}:{shown}")
        self.loose.append(code_of(shown if kind in _BY_VALUE else kind.__name__))

    def _call(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        name = dotted(node.func)
        if name:
            self.scope.calls[name] = None
        self._plain(node)

    def _handler(self, node: ast.AST) -> None:
        assert isinstance(node, ast.ExceptHandler)
        if node.name:
            self.scope.bound.add(node.name)
        self._plain(node)

    def _import(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Import | ast.ImportFrom)
        found = imported_names(node)
        self.scope.imports.update(found)
        self._plain(node)

    def _outer(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Global | ast.Nonlocal)
        self._plain(node)
        self.scope.declared.update(node.names)
        self.scope.names.update(node.names)

    def _definition(self, node: ast.AST) -> None:
        assert isinstance(node, UnitNode)
        outer = self.scope
        outer.bound.add(node.name)
        # Its own name lies before its loose slice: a renamed function stays alike.
        self.loose.append(code_of(node.name))
        scope = Scope(node, _qualname(outer, node.name), outer)
        starts = len(self.exact), len(self.loose)
        self.scope = scope
        self.units.append(scope)
        outer.members.append(scope)
        self._parts(node)
        self.scope = outer
        scope.exact = (starts[0], len(self.exact))
        scope.loose = (starts[1], len(self.loose))
        self._leave(scope, outer)

    def _parts(self, node: UnitNode) -> None:
        shape = shape_of(node.__class__)
        self.exact.append(shape.name)
        self.exact.append(node.name)
        self.loose.append(shape.code)
        for name in shape.fields:
            value = getattr(node, name, None)
            if value and name != "name":
                self._field(name, value)

    def _leave(self, scope: Scope, outer: Scope) -> None:
        """Pass on to *outer* what *scope* leaves open."""
        scope.bound -= scope.declared
        if scope.is_function:
            scope.names = (scope.names | scope.inner) - scope.bound
            self._blot(scope)
        else:
            scope.names = (scope.names - scope.bound) | scope.inner
        outer.reads.extend(scope.reads)
        scope.reads = []
        outer.inner |= scope.names - scope.imports.keys()
        outer.calls.update(scope.calls)
        scope.all |= scope.own
        outer.all |= scope.all

    def _blot(self, scope: Scope) -> None:
        """Make the names local to *scope* alike in the loose stream; keep the other reads."""
        still_open = []
        for at, name in scope.reads:
            if name in scope.bound:
                self.loose[at] = _LOCAL
            else:
                still_open.append((at, name))
        scope.reads = still_open


def _qualname(outer: Scope, name: str) -> str:
    return f"{outer.qualname}.{name}" if outer.qualname else name


_HANDLERS: dict[type[ast.AST], Callable[[Scanner, ast.AST], None]] = {
    ast.Name: Scanner._name,
    ast.arg: Scanner._argument,
    ast.Constant: Scanner._constant,
    ast.Call: Scanner._call,
    ast.ExceptHandler: Scanner._handler,
    ast.Import: Scanner._import,
    ast.ImportFrom: Scanner._import,
    ast.Global: Scanner._outer,
    ast.Nonlocal: Scanner._outer,
    ast.FunctionDef: Scanner._definition,
    ast.AsyncFunctionDef: Scanner._definition,
    ast.ClassDef: Scanner._definition,
}
