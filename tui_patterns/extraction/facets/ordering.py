"""Facet ``parameter_ordering``: what must be given, what may be, and by which defaults.

``{"of", "line", "required": [name, …], "optional": [{"name", "value" | "expression"}],
"positional_only": [name, …], "keyword_only": [name, …], "varargs", "kwargs", "required_first",
"mutable_defaults": [name, …]}``.
Of a class, its initializer; of a dataclass, its fields.
"""

from __future__ import annotations

import ast
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.facets.nodes import RECEIVERS, callee, last, most, parameters, present
from tui_patterns.extraction.facets.subject import Subject

_MUTABLE = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKES_MUTABLE = frozenset({"list", "dict", "set", "defaultdict", "OrderedDict", "deque", "Counter"})
_HEADS = ("__init__", "__new__", "__call__")


def parameter_ordering(subject: Subject) -> dict[str, Any]:
    """Applies where there is a parameter beside ``self``."""
    node = subject.node
    if isinstance(node, FunctionNode):
        return _of(subject, node)
    if isinstance(node, ast.ClassDef):
        head = next((subject.methods[name] for name in _HEADS if name in subject.methods), None)
        return _of(subject, head) if head is not None else _fields(subject, node)
    return {}


def _of(subject: Subject, node: FunctionNode) -> dict[str, Any]:
    defaults = defaults_of(node)
    names = [item.arg for item in parameters(node)]
    names = names[1:] if names and names[0] in RECEIVERS else names
    if not (names or node.args.vararg or node.args.kwarg):
        return {}
    return (
        {"of": node.name, "line": subject.at(node)}
        | _split(subject, names, defaults)
        | present(
            positional_only=most(item.arg for item in node.args.posonlyargs if item.arg not in RECEIVERS),
            keyword_only=[item.arg for item in node.args.kwonlyargs],
            varargs=node.args.vararg.arg if node.args.vararg else None,
            kwargs=node.args.kwarg.arg if node.args.kwarg else None,
        )
    )


def _split(subject: Subject, names: list[str], defaults: dict[str, ast.expr]) -> dict[str, Any]:
    """Required and optional ones; ``required_first``: no required one stands after an optional one."""
    required = [name for name in names if name not in defaults]
    optional = [{"name": name, **subject.value(defaults[name])} for name in names if name in defaults]
    return {
        "required": required,
        "optional": optional,
        "required_first": names[: len(required)] == required,
    } | present(mutable_defaults=[name for name in names if _mutable(defaults.get(name))])


def defaults_of(node: FunctionNode) -> dict[str, ast.expr]:
    """Default values by parameter name."""
    given = [*node.args.posonlyargs, *node.args.args]
    tail = given[len(given) - len(node.args.defaults) :]
    found = {item.arg: value for item, value in zip(tail, node.args.defaults, strict=True)}
    keyed = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return found | {item.arg: value for item, value in keyed if value is not None}


def _fields(subject: Subject, node: ast.ClassDef) -> dict[str, Any]:
    decorators = {last(item.func if isinstance(item, ast.Call) else item) for item in node.decorator_list}
    if not decorators & {"dataclass", "define", "frozen", "attrs"}:
        return {}
    fields = {
        item.target.id: item.value
        for item in node.body
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    }
    given = {name: value for name, value in fields.items() if value is not None}
    return {"of": "fields", "line": 0} | _split(subject, list(fields), given) if fields else {}


def _mutable(node: ast.expr | None) -> bool:
    return isinstance(node, _MUTABLE) or callee(node) in _MAKES_MUTABLE
