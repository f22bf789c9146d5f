"""One walk over expressions: calls, conditions, comprehensions, and what local names come to stand for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from tui_patterns.extraction.structure.facts import Call, FunctionFacts, Return, Store
from tui_patterns.extraction.structure.nodes import children, walk
from tui_patterns.extraction.structure.paths import path_of


class ExpressionWalker:
    """Notes in a FunctionFacts what its expressions do."""

    def __init__(self, facts: FunctionFacts, names: Mapping[str, str]) -> None:
        self.facts = facts
        self.names = facts.names
        self.kinds = facts.kinds
        self.names.update(names)
        self.guards = 0
        self.looping = 0
        self.block = 0
        self.blocks = 0

    def enter(self, node: Any) -> None:
        """Note a node of the body, and tell those below it where they stand."""
        self.kinds.setdefault(node.__class__.__name__, []).append(node)
        for child in children(node):
            child.parent = node

    def store(self, target: ast.expr, value: ast.expr | None, added: bool = False) -> None:
        path = path_of(target, self.names) if not isinstance(target, ast.Name) else target.id
        if path:
            came = path_of(value, self.names)
            self.facts.stores.append(
                Store(path, value, came, target.lineno, self.guards > 0, self.looping > 0, added)
            )
        if not isinstance(target, ast.Name):
            self.enter(target)
            self.below(target)

    def bind(self, target: ast.expr | None, path: str) -> None:
        """A local name now stands for *path*; one that already stands for a field keeps it."""
        if isinstance(target, ast.Name):
            known = self.names.get(target.id, "")
            keeps = known.startswith("self.") and not known.endswith("()") and not path.startswith("self.")
            if path and path != target.id and not keeps:
                self.names[target.id] = path
        elif isinstance(target, ast.Tuple | ast.List):
            self.enter(target)
            for part in target.elts:
                self.bind(part, path)
        elif target is not None:
            self.store(target, None)

    def condition(self, node: ast.expr) -> None:
        for part in walk(node):
            if part.__class__ in _TESTED:
                self.facts.tests.add(path_of(part, self.names))
        self.expression(node)

    def expression(self, node: ast.AST | None, used: bool = True) -> None:
        if node is None or node.__class__ is ast.Name or node.__class__ is ast.Constant:
            return
        self.enter(node)
        handler = _EXPRESSIONS.get(node.__class__)
        if handler is None:
            self.below(node)
        else:
            handler(self, node, used)

    def awaited(self, node: ast.Await, used: bool) -> None:
        self.expression(node.value, used)

    def yielded(self, node: ast.Yield | ast.YieldFrom, used: bool) -> None:
        path = path_of(node.value, self.names)
        self.facts.yields.append(Return(node.value, path, node.lineno, self.guards > 0))
        self.expression(node.value)

    def attribute(self, node: ast.Attribute, used: bool) -> None:
        self.facts.reads.add(path_of(node, self.names))
        self.expression(node.value)

    def below(self, node: ast.AST) -> None:
        for child in children(node):
            self.expression(child)

    def maybe(self, node: ast.BoolOp | ast.IfExp, used: bool) -> None:
        """What runs only if something before it is so."""
        first, rest = (
            (node.values[0], node.values[1:])
            if isinstance(node, ast.BoolOp)
            else (node.test, [node.body, node.orelse])
        )
        self.condition(first)
        self.guards += 1
        for part in rest:
            self.expression(part)
        self.guards -= 1

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, used: bool
    ) -> None:
        for generator in node.generators:
            self.enter(generator)
            self.expression(generator.iter)
            path = path_of(generator.iter, self.names)
            self.facts.loops.append((path, node.lineno))
            self.bind(generator.target, f"{path}[]" if path else "")
            for test in generator.ifs:
                self.condition(test)
        self.looping += 1
        for part in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.expression(part, used)
        self.looping -= 1

    def call(self, node: ast.Call, used: bool) -> None:
        path = path_of(node.func, self.names)
        arguments = tuple(path_of(item, self.names) for item in node.args)
        keywords = tuple((item.arg or "**", path_of(item.value, self.names)) for item in node.keywords)
        guarded, looped = self.guards > 0, self.looping > 0
        self.facts.calls.append(Call(path, node, arguments, keywords, used, guarded, looped, self.block))
        for part in [node.func, *node.args]:
            self.expression(part)
        for item in node.keywords:
            self.enter(item)
            self.expression(item.value)


_TESTED: frozenset[type[Any]] = frozenset({ast.Name, ast.Attribute, ast.Call, ast.Subscript})
_EXPRESSIONS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Call: ExpressionWalker.call,
    ast.Await: ExpressionWalker.awaited,
    ast.BoolOp: ExpressionWalker.maybe,
    ast.IfExp: ExpressionWalker.maybe,
    ast.ListComp: ExpressionWalker.comprehension,
    ast.SetComp: ExpressionWalker.comprehension,
    ast.DictComp: ExpressionWalker.comprehension,
    ast.GeneratorExp: ExpressionWalker.comprehension,
    ast.Yield: ExpressionWalker.yielded,
    ast.YieldFrom: ExpressionWalker.yielded,
    ast.Attribute: ExpressionWalker.attribute,
}
