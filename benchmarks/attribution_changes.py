"""What people do to code that they take over, as changes of its syntax tree. Deterministic for a seed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from random import Random

Function = ast.FunctionDef | ast.AsyncFunctionDef
NAMES = [
    "payload",
    "entry",
    "chunk",
    "source",
    "target",
    "token",
    "record",
    "batch",
    "marker",
    "buffer",
    "cursor",
    "reply",
    "limit",
    "offset",
    "handle",
    "bucket",
    "window",
    "column",
    "region",
    "weight",
    "parcel",
    "ticket",
    "ledger",
    "signal",
    "carrier",
    "segment",
    "anchor",
]
LOGGERS = frozenset({"logger", "log", "logging", "_logger", "LOG", "LOGGER", "warnings", "print"})


def parse(code: str) -> Function:
    """The function that *code* defines."""
    node = ast.parse(code).body[0]
    assert isinstance(node, Function)
    return node


def renamed(function: Function, rng: Random) -> Function:
    """Another name for the function, its parameters and its local names."""
    made = copy.deepcopy(function)
    names = _local_names(made)
    fresh = [name for name in NAMES if name not in names] + [f"part_{n}" for n in range(200)]
    rng.shuffle(fresh[: len(NAMES)])
    mapping = dict(zip(sorted(names), fresh, strict=False))
    for node in ast.walk(made):
        if isinstance(node, ast.Name) and node.id in mapping:
            node.id = mapping[node.id]
        elif isinstance(node, ast.arg) and node.arg in mapping:
            node.arg = mapping[node.arg]
        elif isinstance(node, ast.ExceptHandler) and node.name in mapping:
            node.name = mapping[node.name]
    made.name = f"{rng.choice(NAMES)}_{rng.choice(NAMES)}"
    return made


def _local_names(function: Function) -> set[str]:
    declared = {
        name
        for node in ast.walk(function)
        if isinstance(node, ast.Global | ast.Nonlocal)
        for name in node.names
    }
    names = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    names |= {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    names |= {node.name for node in ast.walk(function) if isinstance(node, ast.ExceptHandler) and node.name}
    return names - declared - {"self", "cls"}


def adapted(function: Function, rng: Random) -> Function:
    """Three or four changes out of those below; half of the time with other names."""
    made = copy.deepcopy(function)
    changes = rng.sample(_CHANGES, rng.choice((3, 4)))
    for change in changes:
        change(made, rng)
    if rng.random() < 0.5:
        made = renamed(made, rng)
    return ast.fix_missing_locations(made)


def _add_parameter(function: Function, rng: Random) -> None:
    name = rng.choice(("strict", "timeout", "default", "verbose"))
    function.args.kwonlyargs.append(ast.arg(name))
    function.args.kw_defaults.append(ast.Constant(rng.choice((None, 10, False))))


def _change_constants(function: Function, rng: Random) -> None:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and type(node.value) in (int, str):
            node.value = node.value + 1 if isinstance(node.value, int) else str(node.value) + "!"


def _add_branch(function: Function, rng: Random) -> None:
    test = rng.choice(
        ("if not strict:\n    raise ValueError('no value')", "if verbose is None:\n    return None")
    )
    at = 1 if ast.get_docstring(function) else 0
    function.body.insert(at, ast.parse(test).body[0])


def _add_guard(function: Function, rng: Random) -> None:
    """A statement is put under a condition."""
    at = rng.randrange(len(function.body))
    if not isinstance(function.body[at], Function | ast.ClassDef):
        function.body[at] = ast.If(ast.Name("enabled", ast.Load()), [function.body[at]], [])


def _remove_words(function: Function, rng: Random) -> None:
    """Without its docstring and what it logs."""
    for node in ast.walk(function):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not _is_words(one)]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]


def _is_words(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Constant):
        return True
    if not isinstance(value, ast.Call):
        return False
    first = value.func
    while isinstance(first, ast.Attribute):
        first = first.value
    return isinstance(first, ast.Name) and first.id in LOGGERS


def _drop_statement(function: Function, rng: Random) -> None:
    """One that is no more than a quarter of the function: without the rest it would not be adapted code."""
    small = [at for at, one in enumerate(function.body) if 4 * _size(one) <= _size(function)]
    if len(function.body) > 3 and small:
        del function.body[rng.choice(small)]


def _rename_attributes(function: Function, rng: Random) -> None:
    """What belongs to ``self`` is called otherwise: another class holds it."""
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            node.attr = f"{node.attr}_{len(node.attr) % 3}"


def _annotate(function: Function, rng: Random) -> None:
    for one in function.args.args:
        one.annotation = None if one.annotation else ast.Name("str", ast.Load())


def _other_colour(function: Function, rng: Random) -> None:
    """Plain calls of methods become awaited ones, or the other way round."""
    calm = _Calm() if isinstance(function, ast.AsyncFunctionDef) else _Await()
    function.body = [calm.visit(one) for one in function.body]
    calm.done(function)


class _Calm(ast.NodeTransformer):
    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.generic_visit(node.value)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self.generic_visit(ast.For(node.target, node.iter, node.body, node.orelse))

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        return self.generic_visit(ast.With(node.items, node.body))

    def done(self, function: Function) -> None:
        function.__class__ = ast.FunctionDef


class _Await(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        return ast.Await(node) if isinstance(node.func, ast.Attribute) else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return node

    def done(self, function: Function) -> None:
        function.__class__ = ast.AsyncFunctionDef


_CHANGES: list[Callable[[Function, Random], None]] = [
    _add_parameter, _change_constants, _add_branch, _add_guard, _remove_words, _drop_statement,
    _rename_attributes, _annotate, _other_colour,
]  # fmt: skip


def partly_used(function: Function, host: Function, rng: Random) -> tuple[Function, Function]:
    """The host with one half of the function's statements amid its own, and the host as it was.

    What the statements read of the rest of the function is called as the host calls its own things.
    """
    taken = [copy.deepcopy(one) for one in _half(_richest(function), rng)]
    made = copy.deepcopy(host)
    _introduce(taken, _local_names(function), made, rng)
    place = rng.randint(1 if ast.get_docstring(made) else 0, len(made.body))
    made.body[place:place] = taken
    if rng.random() < 0.5:
        mixed = renamed(made, rng)
        mixed.name = made.name
        made = mixed
    return ast.fix_missing_locations(made), host


def _introduce(taken: list[ast.stmt], locals_: set[str], host: Function, rng: Random) -> None:
    nodes = [node for one in taken for node in ast.walk(one)]
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    stored |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    stored |= {node.name for node in nodes if isinstance(node, ast.ExceptHandler) and node.name}
    own = sorted(_local_names(host))
    missing = sorted({node.id for node in nodes if isinstance(node, ast.Name)} & (locals_ - stored))
    mapping = {name: rng.choice(own) if own else name for name in missing}
    if not own:
        host.args.args += [ast.arg(name) for name in missing]
        host.args.defaults += [ast.Constant(None)] * len(missing)
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = mapping.get(node.id, node.id)


def _half(block: list[ast.stmt], rng: Random) -> list[ast.stmt]:
    """Statements from the start or from the end that make up half of the block's tree."""
    order = block if rng.random() < 0.5 else block[::-1]
    whole, size, taken = sum(map(_size, block)), 0, []
    for one in order:
        taken.append(one)
        size += _size(one)
        if size >= whole / 2:
            break
    return taken if order is block else taken[::-1]


def _richest(function: Function) -> list[ast.stmt]:
    """The body; or the block inside its largest statement, where that is most of it."""
    block = [one for one in function.body if not _is_words(one)]
    largest = max(block, key=_size, default=None)
    inner = getattr(largest, "body", [])
    if largest is not None and len(inner) > 2 and _size(largest) > 0.7 * sum(map(_size, block)):
        return list(inner)
    return block


def _size(node: ast.AST) -> int:
    return sum(1 for _ in ast.walk(node))
