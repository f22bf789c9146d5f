"""The attributes of a class, by what its body and its methods assign."""

from __future__ import annotations

import ast

from tui_patterns.extraction.structure.facts import ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, names_in, own_field, path_of

_CONTAINERS = {
    "list": "list", "List": "list", "tuple": "list", "dict": "dict", "Dict": "dict", "defaultdict": "dict",
    "OrderedDict": "dict", "WeakValueDictionary": "dict", "WeakKeyDictionary": "dict",
    "set": "set", "Set": "set",
    "WeakSet": "set", "frozenset": "set", "deque": "queue", "Queue": "queue", "LifoQueue": "queue",
    "SimpleQueue": "queue", "PriorityQueue": "queue", "Sequence": "list", "Mapping": "dict",
    "MutableMapping": "dict", "Deque": "queue",
}  # fmt: skip


def class_fields(node: ast.Assign | ast.AnnAssign, owner: ClassFacts) -> None:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Name):
            known = owner.fields.setdefault(target.id, Field(target.id, line=node.lineno))
            known.shared = node.value is not None
            if isinstance(node, ast.AnnAssign):
                _typed(known, names_in(node.annotation))
            _kinds(known, node.value, path_of(node.value, {}), None)


def instance_fields(method: FunctionFacts, owner: ClassFacts) -> None:
    for function in method.everything():
        for store in function.stores:
            name = own_field(store.path) or own_field(store.path, "cls")
            if name and store.path in (f"self.{name}", f"cls.{name}") and store.value is not None:
                known = owner.fields.setdefault(name, Field(name, line=store.line))
                known.setters.setdefault(method.name, store.line)
                if not store.added:
                    _kinds(known, store.value, store.value_path, method)


def _kinds(known: Field, value: ast.expr | None, path: str, method: FunctionFacts | None) -> None:
    """Add what one assigned value says of a field."""
    if value is None:
        return
    if isinstance(value, ast.BoolOp | ast.IfExp):
        parts = value.values if isinstance(value, ast.BoolOp) else [value.body, value.orelse]
        for part in parts:
            _kinds(known, part, path_of(part, method.names if method else {}), method)
    elif method is not None and isinstance(value, ast.Name) and value.id in method.params:
        known.kinds.add("param")
        if method.name == "__init__":
            known.givers.add(value.id)
        known.optional |= value.id in method.optional
        _typed(known, method.annotations.get(value.id, frozenset()))
    elif _is_made_of_given(value, method):
        known.kinds.add("built")
    elif isinstance(value, ast.Constant):
        known.kinds.add("none" if value.value is None else "const")
    else:
        _made(known, value, path)


def _is_made_of_given(value: ast.expr, method: FunctionFacts | None) -> bool:
    """``self.part = part_class()``, the class being a parameter."""
    maker = value.func if isinstance(value, ast.Call) else None
    return method is not None and isinstance(maker, ast.Name) and maker.id in method.params


def _made(known: Field, value: ast.expr, path: str) -> None:
    literal = {ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set"}
    kind = literal.get(type(value), "")
    if not kind and path.endswith("()"):
        kind = _CONTAINERS.get(path[:-2].rpartition(".")[2], "")
    if not kind and isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        kind = _CONTAINERS.get(value.func.id, "")
    name = made_class(path)
    if not kind and name:
        kind = "made"
        known.types.add(name)
    known.kinds.add(kind or "other")


def _typed(known: Field, names: frozenset[str]) -> None:
    known.types |= names
    known.kinds |= {_CONTAINERS[name] for name in names if name in _CONTAINERS}
