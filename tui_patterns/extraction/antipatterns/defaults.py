"""Calls in parameters' defaults: they run once, when the function is defined."""

from __future__ import annotations

import ast
import math
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


def default_hits(outline: Outline) -> Iterator[ShapeHit]:
    """One for each line with a call in a default whose result should be made anew."""
    for definition in outline.definitions:
        if isinstance(definition.node, FunctionNode):
            arguments = definition.node.args
            for default in (*arguments.defaults, *arguments.kw_defaults):
                for call in _calls(default) if default is not None else ():
                    if not _is_harmless(call, outline.imports):
                        said = f"{dotted(call.func) or 'A call'} runs at definition"
                        end = call.end_lineno or call.lineno
                        yield ShapeHit(
                            "function_call_in_default", definition.qualname, call.lineno, end, said, "B008"
                        )


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
