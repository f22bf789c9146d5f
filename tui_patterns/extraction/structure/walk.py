"""One walk over a function's body: its calls, assignments, returns and conditions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tui_patterns.extraction.structure.facts import Call, FunctionFacts, Return, Store
from tui_patterns.extraction.structure.heads import describe
from tui_patterns.extraction.structure.nodes import FunctionNode, children, walk
from tui_patterns.extraction.structure.paths import path_of

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class FunctionWalker:
    """Fills a FunctionFacts from its node; nested functions become facts of their own."""

    def __init__(self, facts: FunctionFacts, names: Mapping[str, str]) -> None:
        self.facts = facts
        self.names = facts.names
        self.kinds = facts.kinds
        self.names.update(names)
        self.guards = 0
        self.looping = 0
        self.block = 0
        self.blocks = 0

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

    def enter(self, node: Any) -> None:
        """Note a node of the body, and tell those below it where they stand."""
        self.kinds.setdefault(node.__class__.__name__, []).append(node)
        for child in children(node):
            child.parent = node

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

    def returned(self, node: ast.Return) -> None:
        self.expression(node.value)
        path = path_of(node.value, self.names)
        self.facts.returns.append(Return(node.value, path, node.lineno, self.guards > 0))

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
_EXPRESSIONS: dict[type[ast.AST], Callable[..., None]] = {
    ast.Call: FunctionWalker.call,
    ast.Await: FunctionWalker.awaited,
    ast.BoolOp: FunctionWalker.maybe,
    ast.IfExp: FunctionWalker.maybe,
    ast.ListComp: FunctionWalker.comprehension,
    ast.SetComp: FunctionWalker.comprehension,
    ast.DictComp: FunctionWalker.comprehension,
    ast.GeneratorExp: FunctionWalker.comprehension,
    ast.Yield: FunctionWalker.yielded,
    ast.YieldFrom: FunctionWalker.yielded,
    ast.Attribute: FunctionWalker.attribute,
}
