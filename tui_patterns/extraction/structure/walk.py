"""One walk over a function's body: its calls, assignments, returns and conditions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from tui_patterns.extraction.structure.facts import Call, FunctionFacts, FunctionNode, Return, Store
from tui_patterns.extraction.structure.heads import describe
from tui_patterns.extraction.structure.paths import path_of

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)
_LOOPS = (ast.For, ast.AsyncFor)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class FunctionWalker:
    """Fills a FunctionFacts from its node; nested functions become facts of their own."""

    def __init__(self, facts: FunctionFacts, names: Mapping[str, str]) -> None:
        self.facts = facts
        self.names = facts.names
        self.names.update(names)
        self.guards = 0
        self.looping = 0
        self.block = 0
        self.blocks = 0

    def run(self) -> None:
        self.body(self.facts.node.body)

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
        if isinstance(node, ast.Expr):
            self.expression(node.value, used=False)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            self.assignment(node)
        elif isinstance(node, ast.Return):
            self.returned(node)
        elif isinstance(node, ast.If):
            self.condition(node.test)
            self.branch(node.body)
            if node.orelse:
                self.branch(node.orelse)
        elif isinstance(node, (*_LOOPS, ast.While)):
            self.loop(node)
        elif isinstance(node, ast.Try | ast.With | ast.AsyncWith | ast.Match):
            self.block_statement(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.nested(node)
        elif not isinstance(node, ast.ClassDef):
            self.other(node)

    def other(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Raise) and node.exc is not None:
            self.facts.raised.add(path_of(node.exc, self.names).removesuffix("()"))
        elif isinstance(node, ast.Global | ast.Nonlocal):
            self.facts.globals.update(node.names)
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                self.store(target, None, added=True)
        elif isinstance(node, ast.Assert):
            self.condition(node.test)
        self.children(node)

    def block_statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                path = path_of(item.context_expr, self.names)
                self.facts.withs.append(path)
                self.expression(item.context_expr)
                self.bind(item.optional_vars, path)
            self.body(node.body)
        elif isinstance(node, ast.Try):
            self.body(node.body)
            for handler in node.handlers:
                self.branch(handler.body)
            self.body(node.orelse)
            self.body(node.finalbody)
        elif isinstance(node, ast.Match):
            self.condition(node.subject)
            for case in node.cases:
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
        inner = FunctionFacts(node.name, node, node.lineno)
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
                self.unpack(target, node.value, path)
            else:
                self.store(target, node.value, added)

    def unpack(self, target: ast.Tuple | ast.List, value: ast.expr, path: str) -> None:
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else []
        if len(values) != len(target.elts):
            self.bind(target, f"{path}[]" if path else "")
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
        self.children(target)

    def bind(self, target: ast.expr | None, path: str) -> None:
        """A local name now stands for *path*; one that already stands for a field keeps it."""
        if isinstance(target, ast.Name):
            known = self.names.get(target.id, "")
            keeps = known.startswith("self.") and not known.endswith("()") and not path.startswith("self.")
            if path and path != target.id and not keeps:
                self.names[target.id] = path
        elif isinstance(target, ast.Tuple | ast.List):
            for part in target.elts:
                self.bind(part, path)
        elif target is not None:
            self.store(target, None)

    def returned(self, node: ast.Return) -> None:
        self.expression(node.value)
        path = path_of(node.value, self.names)
        self.facts.returns.append(Return(node.value, path, node.lineno, self.guards > 0))

    def condition(self, node: ast.expr) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
                self.facts.tests.add(path_of(part, self.names))
        self.expression(node)

    def expression(self, node: ast.AST | None, used: bool = True) -> None:
        if node is None or isinstance(node, ast.Name | ast.Constant):
            return
        if isinstance(node, ast.Call):
            self.call(node, used)
        elif isinstance(node, ast.Await):
            self.expression(node.value, used)
        elif isinstance(node, ast.BoolOp | ast.IfExp):
            self.maybe(node)
        elif isinstance(node, _COMPREHENSIONS):
            self.comprehension(node, used)
        elif isinstance(node, ast.Yield | ast.YieldFrom):
            path = path_of(node.value, self.names)
            self.facts.yields.append(Return(node.value, path, node.lineno, self.guards > 0))
            self.expression(node.value)
        else:
            if isinstance(node, ast.Attribute):
                self.facts.reads.add(path_of(node, self.names))
            self.children(node)

    def children(self, node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            self.expression(child)

    def maybe(self, node: ast.BoolOp | ast.IfExp) -> None:
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
            self.expression(generator.iter)
            path = path_of(generator.iter, self.names)
            self.facts.loops.append((path, node.lineno))
            self.bind(generator.target, f"{path}[]" if path else "")
            for test in generator.ifs:
                self.condition(test)
        self.looping += 1
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(part, used)
        self.looping -= 1

    def call(self, node: ast.Call, used: bool) -> None:
        path = path_of(node.func, self.names)
        arguments = tuple(path_of(item, self.names) for item in node.args)
        keywords = tuple((item.arg or "**", path_of(item.value, self.names)) for item in node.keywords)
        guarded, looped = self.guards > 0, self.looping > 0
        self.facts.calls.append(
            Call(path, node.lineno, arguments, keywords, used, guarded, looped, self.block, node)
        )
        for part in (node.func, *node.args, *(item.value for item in node.keywords)):
            self.expression(part)
