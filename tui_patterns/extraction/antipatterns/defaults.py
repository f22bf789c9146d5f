"""Defaults of parameters: made once, when the function is defined, and shared by all calls."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Iterator, Mapping

from tui_patterns.extraction.antipatterns.outline import Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted, origin_of

# What they give cannot change, or is a declaration that a framework reads.
_HARMLESS = frozenset(
    {"tuple", "frozenset", "types.MappingProxyType", "MappingProxyType", "re.compile", "operator.attrgetter",
     "operator.itemgetter", "operator.methodcaller", "attrgetter", "itemgetter", "methodcaller",
     "datetime.timedelta", "datetime.date", "pathlib.Path", "decimal.Decimal", "fractions.Fraction", "object",
     "bytes", "str", "int", "bool", "complex", "range"}
)  # fmt: skip
_DECLARATIONS = ("fastapi.", "typer.", "pydantic.Field")
# These are reported as mutable defaults.
_MUTABLE = frozenset(
    {"list", "dict", "set", "bytearray", "deque", "defaultdict", "OrderedDict", "Counter", "ChainMap"}
)

_CHANGING = frozenset(
    {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard",
     "clear", "sort", "reverse", "appendleft", "extendleft", "popleft"}
)  # fmt: skip
_LITERALS: dict[type[ast.expr], str] = {
    ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
    ast.SetComp: "set",
}  # fmt: skip


def default_hits(outline: Outline) -> Iterator[ShapeHit]:
    """Calls in defaults whose result should be made anew, and defaults that name one mutable value."""
    shared = _shared_values(outline.module)
    for node in outline.nodes.all:
        if isinstance(node, FunctionNode):
            for default in _defaults(node):
                yield from _called(outline, default)
                if (
                    isinstance(default, ast.Name)
                    and default.id in shared
                    and _may_change(outline, node, default)
                ):
                    said = f"{default.id} is one {shared[default.id]} for all calls"
                    yield _hit("mutable_default_arg", outline, default, said, "B006")
        elif isinstance(node, ast.Lambda):
            for default in _defaults(node):
                if (kind := _mutable_kind(default)) is not None:
                    yield _hit("mutable_default_arg", outline, default, f"one {kind} for all calls", "B006")


def _may_change(outline: Outline, node: FunctionNode, default: ast.Name) -> bool:
    """A constant, by its name, is shared on purpose; unless the function changes what it got."""
    if not default.id.isupper():
        return True
    args = node.args
    listed = [*args.posonlyargs, *args.args]
    pairs = [
        *zip(listed[len(listed) - len(args.defaults) :], args.defaults, strict=True),
        *zip(args.kwonlyargs, args.kw_defaults, strict=True),
    ]
    parameters = {item.arg for item, value in pairs if value is default}
    return any(_changed(item) in parameters for item in outline.nodes.own(node))


def _changed(node: ast.AST) -> str:
    """The variable whose value a node changes in place; empty for none."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _CHANGING:
            return name
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
    return ""


def _defaults(node: FunctionNode | ast.Lambda) -> list[ast.expr]:
    return [item for item in (*node.args.defaults, *node.args.kw_defaults) if item is not None]


def _hit(label: str, outline: Outline, node: ast.expr, said: str, code: str) -> ShapeHit:
    line, end = node.lineno, node.end_lineno or node.lineno
    return ShapeHit(label, outline.qualname_at(line), line, end, said, code)


def _called(outline: Outline, default: ast.expr) -> Iterator[ShapeHit]:
    for call in _calls(default):
        if not _is_harmless(call, outline.imports):
            said = f"{dotted(call.func) or 'it'} runs at definition"
            yield _hit("function_call_in_default", outline, call, said, "B008")


def _shared_values(module: ast.Module) -> dict[str, str]:
    """Variables of the module that are bound once, to something that can change; what it is."""
    found: dict[str, str] = {}
    bound: Counter[str] = Counter()
    for statement in module.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                bound[dotted(target)] += 1
                if (kind := _mutable_kind(statement.value)) is not None and isinstance(target, ast.Name):
                    found[target.id] = kind
    return {name: kind for name, kind in found.items() if bound[name] == 1}


def _mutable_kind(value: ast.expr) -> str | None:
    """``list``, ``dict``, … for a value that can change; ``None`` for what cannot, or is not known."""
    if isinstance(value, ast.Call):
        name = dotted(value.func).rpartition(".")[2]
        return name if name in _MUTABLE else None
    return _LITERALS.get(type(value))


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """Calls below *node* that run with it: not those in a lambda."""
    if isinstance(node, ast.Lambda):
        return
    if isinstance(node, ast.Call):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _calls(child)


def _is_harmless(call: ast.Call, imports: Mapping[str, str]) -> bool:
    name = origin_of(dotted(call.func), imports)
    if name == "float":
        return _is_special_float(call)
    in_comprehension = name == "range" and bool(call.args)
    if name in _HARMLESS and not in_comprehension:
        return True
    return name.startswith(_DECLARATIONS) or name.rpartition(".")[2] in _MUTABLE


def _is_special_float(call: ast.Call) -> bool:
    """Infinities and NaN have no literal."""
    value = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    if not isinstance(value, str):
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    return not math.isfinite(number)
