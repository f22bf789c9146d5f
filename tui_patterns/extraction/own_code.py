"""What a definition's own statements do, those of definitions inside it left out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tui_patterns.extraction.complexity import UnitNode


@dataclass(slots=True)
class Binding:
    """A name that is given a value. Without ``value`` and ``annotation`` it may be anything."""

    name: str
    value: ast.expr | None = None
    annotation: ast.expr | None = None
    entered: bool = False


@dataclass(slots=True)
class Stored:
    """An attribute that is given a value."""

    target: ast.Attribute
    value: ast.expr | None
    annotation: ast.expr | None = None


@dataclass(slots=True)
class OwnCode:
    """The expressions of one definition that can refer to another one, in source order.

    ``uses`` are names and attributes that are read (with all their prefixes),
    ``fields`` the attributes of bare names, read or written.
    """

    calls: list[ast.Call] = field(default_factory=list)
    uses: list[ast.Name | ast.Attribute] = field(default_factory=list)
    annotations: list[ast.expr] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    returned: list[ast.expr] = field(default_factory=list)
    fields: list[ast.Attribute] = field(default_factory=list)
    stars: list[ast.ImportFrom] = field(default_factory=list)
    yields: bool = False
    _stack: list[ast.AST] = field(default_factory=list)

    def read(self, nodes: Iterable[ast.AST]) -> None:
        """Take up what *nodes* do."""
        stack = self._stack
        stack.extend(reversed(list(nodes)))
        while stack:
            node = stack.pop()
            handler = _HANDLERS.get(node.__class__)
            if handler is not None:
                handler(self, node)
            elif not isinstance(node, UnitNode):
                stack.extend(reversed(list(ast.iter_child_nodes(node))))

    def _push(self, *nodes: ast.AST | None) -> None:
        self._stack.extend(node for node in reversed(nodes) if node is not None)

    def _name(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Name)
        if isinstance(node.ctx, ast.Load):
            self.uses.append(node)
        else:
            self.bindings.append(Binding(node.id))

    def _attribute(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Attribute)
        if isinstance(node.ctx, ast.Load):
            self.uses.append(node)
        if isinstance(node.value, ast.Name):
            self.fields.append(node)
        self._push(node.value)

    def _call(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Call)
        self.calls.append(node)
        arguments = [*node.args, *(item.value for item in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            if isinstance(node.func.value, ast.Name):
                self.fields.append(node.func)
            self._push(node.func.value, *arguments)
        elif isinstance(node.func, ast.Name):
            self._push(*arguments)
        else:
            self._push(node.func, *arguments)

    def _assign(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        for target in node.targets:
            self._target(target, node.value, None)
        self._push(node.value)

    def _annotated(self, node: ast.AST) -> None:
        assert isinstance(node, ast.AnnAssign)
        self.annotations.append(node.annotation)
        self._target(node.target, node.value, node.annotation)
        self._push(node.value)

    def _target(self, target: ast.expr, value: ast.expr | None, annotation: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.bindings.append(Binding(target.id, value, annotation))
        elif isinstance(target, ast.Attribute):
            self.stored.append(Stored(target, value, annotation))
            self._push(target)
        else:
            self._push(target)

    def _walrus(self, node: ast.AST) -> None:
        assert isinstance(node, ast.NamedExpr)
        self._target(node.target, node.value, None)
        self._push(node.value)

    def _with(self, node: ast.AST) -> None:
        assert isinstance(node, ast.withitem)
        if isinstance(node.optional_vars, ast.Name):
            self.bindings.append(Binding(node.optional_vars.id, node.context_expr, entered=True))
            self._push(node.context_expr)
        else:
            self._push(node.context_expr, node.optional_vars)

    def _except(self, node: ast.AST) -> None:
        assert isinstance(node, ast.ExceptHandler)
        if node.name:
            self.bindings.append(Binding(node.name))
        self._push(node.type, *node.body)

    def _return(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Return)
        if node.value is not None:
            self.returned.append(node.value)
        self._push(node.value)

    def _yield(self, node: ast.AST) -> None:
        assert isinstance(node, ast.Yield | ast.YieldFrom)
        self.yields = True
        self._push(node.value)

    def _star(self, node: ast.AST) -> None:
        assert isinstance(node, ast.ImportFrom)
        if any(alias.name == "*" for alias in node.names):
            self.stars.append(node)

    def _nothing(self, node: ast.AST) -> None:
        """A leaf."""


_HANDLERS: dict[type[ast.AST], Callable[[OwnCode, ast.AST], None]] = {
    ast.Name: OwnCode._name,
    ast.Attribute: OwnCode._attribute,
    ast.Call: OwnCode._call,
    ast.Assign: OwnCode._assign,
    ast.AnnAssign: OwnCode._annotated,
    ast.NamedExpr: OwnCode._walrus,
    ast.withitem: OwnCode._with,
    ast.ExceptHandler: OwnCode._except,
    ast.Return: OwnCode._return,
    ast.Yield: OwnCode._yield,
    ast.YieldFrom: OwnCode._yield,
    ast.ImportFrom: OwnCode._star,
    ast.Import: OwnCode._nothing,
    ast.Constant: OwnCode._nothing,
    ast.Pass: OwnCode._nothing,
    ast.Global: OwnCode._nothing,
}
