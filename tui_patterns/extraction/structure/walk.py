"""One walk over a function's body: its calls, assignments, returns and conditions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from tui_patterns.extraction.structure.expressions import ExpressionWalker
from tui_patterns.extraction.structure.facts import FunctionFacts, Return
from tui_patterns.extraction.structure.heads import describe
from tui_patterns.extraction.structure.nodes import FunctionNode
from tui_patterns.extraction.structure.paths import path_of

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class FunctionWalker(ExpressionWalker):
    """Fills a FunctionFacts from its node; nested functions become facts of their own."""

    def run(self) -> None:
        node: Any = self.facts.node
        for statement in node.body:
            statement.parent = node
        self.body(node.body)

    def body(self, statements: Iterable[ast.stmt]) -> None:
        """One block; after a branch that leaves, the rest is conditional too."""
        before = self.guards
        for statement in statements:
            self.statement(statement)
            if (
                isinstance(statement, ast.If)
                and not statement.orelse
                and isinstance(statement.body[-1], _LEAVES)
            ):
                self.guards += 1
        self.guards = before

    def branch(self, statements: Iterable[ast.stmt]) -> None:
        outer = self.block
        self.blocks += 1
        self.block = self.blocks
        self.guards += 1
        self.body(statements)
        self.guards -= 1
        self.block = outer

    def statement(self, node: ast.stmt) -> None:
        self.enter(node)
        handler = _STATEMENTS.get(node.__class__)
        if handler is None:
            self.below(node)
        else:
            handler(self, node)

    def plain(self, node: ast.Expr) -> None:
        self.expression(node.value, used=False)

    def choice(self, node: ast.If) -> None:
        self.condition(node.test)
        self.branch(node.body)
        if node.orelse:
            self.branch(node.orelse)

    def raising(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.facts.raised.add(path_of(node.exc, self.names).removesuffix("()"))
        self.below(node)

    def outer_names(self, node: ast.Global | ast.Nonlocal) -> None:
        self.facts.globals.update(node.names)

    def deletion(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.store(target, None, added=True)

    def assertion(self, node: ast.Assert) -> None:
        self.condition(node.test)
        self.expression(node.msg)

    def local_class(self, node: ast.ClassDef) -> None:
        self.facts.local.append(node)

    def managed(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.enter(item)
            path = path_of(item.context_expr, self.names)
            self.facts.withs.append(path)
            self.expression(item.context_expr)
            self.bind(item.optional_vars, path)
        self.body(node.body)

    def tried(self, node: ast.Try) -> None:
        self.body(node.body)
        for handler in node.handlers:
            self.enter(handler)
            self.expression(handler.type)
            self.branch(handler.body)
        self.body(node.orelse)
        self.body(node.finalbody)

    def match(self, node: ast.Match) -> None:
        self.condition(node.subject)
        for case in node.cases:
            self.enter(case)
            self.expression(case.pattern)
            if case.guard is not None:
                self.condition(case.guard)
            self.branch(case.body)

    def loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self.looping += 1
        if isinstance(node, ast.While):
            self.condition(node.test)
        else:
            self.expression(node.iter)
            path = path_of(node.iter, self.names)
            self.facts.loops.append((path, node.lineno))
            self.bind(node.target, f"{path}[]" if path else "")
        self.body(node.body)
        self.looping -= 1
        self.body(node.orelse)

    def nested(self, node: FunctionNode) -> None:
        inner = FunctionFacts(node.name, node, node.lineno, outer=self.facts)
        describe(inner, skip_first=False)
        self.facts.inner.append(inner)
        own = dict.fromkeys(inner.params + inner.variadic)
        FunctionWalker(inner, {name: path for name, path in self.names.items() if name not in own}).run()

    def assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> None:
        if node.value is None:
            return
        self.expression(node.value)
        path = path_of(node.value, self.names)
        added = isinstance(node, ast.AugAssign)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and target.id not in self.facts.globals:
                if not added:
                    self.bind(target, path)
            elif isinstance(target, ast.Tuple | ast.List):
                self.enter(target)
                self.unpack(target, node.value, path)
            else:
                self.store(target, node.value, added)

    def unpack(self, target: ast.Tuple | ast.List, value: ast.expr, path: str) -> None:
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        if len(values) != len(target.elts):
            for part in target.elts:
                self.bind(part, f"{path}[]" if path else "")
            return
        for part, item in zip(target.elts, values, strict=True):
            if isinstance(part, ast.Name):
                self.bind(part, path_of(item, self.names))
            else:
                self.store(part, item)

    def returned(self, node: ast.Return) -> None:
        self.expression(node.value)
        path = path_of(node.value, self.names)
        self.facts.returns.append(Return(node.value, path, node.lineno, self.guards > 0))


_STATEMENTS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Expr: FunctionWalker.plain,
    ast.Assign: FunctionWalker.assignment,
    ast.AnnAssign: FunctionWalker.assignment,
    ast.AugAssign: FunctionWalker.assignment,
    ast.Return: FunctionWalker.returned,
    ast.If: FunctionWalker.choice,
    ast.For: FunctionWalker.loop,
    ast.AsyncFor: FunctionWalker.loop,
    ast.While: FunctionWalker.loop,
    ast.Try: FunctionWalker.tried,
    ast.TryStar: FunctionWalker.tried,
    ast.With: FunctionWalker.managed,
    ast.AsyncWith: FunctionWalker.managed,
    ast.Match: FunctionWalker.match,
    ast.FunctionDef: FunctionWalker.nested,
    ast.AsyncFunctionDef: FunctionWalker.nested,
    ast.ClassDef: FunctionWalker.local_class,
    ast.Raise: FunctionWalker.raising,
    ast.Global: FunctionWalker.outer_names,
    ast.Nonlocal: FunctionWalker.outer_names,
    ast.Delete: FunctionWalker.deletion,
    ast.Assert: FunctionWalker.assertion,
}
