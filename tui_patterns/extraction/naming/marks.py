"""What stands at a definition and says how its title reads: switches, setters, twins, abstract methods."""

from __future__ import annotations

import ast

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.extraction.imports import dotted
from tui_patterns.extraction.naming.splitting import is_special
from tui_patterns.extraction.scope import Scope

_BOTH = (True, False)
_STEPS = ("do_", "_do_", "_internal_", "_inner_", "_maybe_")


def switches(spec: ast.arguments) -> set[str]:
    """Parameters declared as bool, optional or not, or with True or False as default."""
    listed = [*spec.posonlyargs, *spec.args]
    late = listed[len(listed) - len(spec.defaults) :]
    pairs = [*zip(late, spec.defaults, strict=True), *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]
    by_default = {
        arg.arg
        for arg, value in pairs
        if isinstance(value, ast.Constant) and any(value.value is one for one in _BOTH)
    }
    declared = (arg for arg in [*listed, *spec.kwonlyargs] if arg.annotation is not None)
    return by_default | {arg.arg for arg in declared if arg.annotation and _is_bool(arg.annotation)}


def _is_bool(annotation: ast.expr) -> bool:
    """``bool``, ``bool | None``, ``Optional[bool]``."""
    if isinstance(annotation, ast.BinOp):
        return _is_bool(annotation.left)
    if isinstance(annotation, ast.Subscript):
        return dotted(annotation.value).endswith("Optional") and _is_bool(annotation.slice)
    return dotted(annotation) == "bool"


def is_setter(node: UnitNode) -> bool:
    """``@name.setter``."""
    return any(dotted(item).endswith(".setter") for item in node.decorator_list)


def is_property(node: UnitNode) -> bool:
    """Whether a decorator calls itself a property of some kind: ``@cached_property``."""
    return any(dotted(item).endswith("property") for item in node.decorator_list)


def is_abstract(node: UnitNode) -> bool:
    """Whether a class leaves methods to others."""
    return isinstance(node, ast.ClassDef) and any(
        dotted(mark).rpartition(".")[2] == "abstractmethod"
        for item in node.body
        if isinstance(item, FunctionNode)
        for mark in item.decorator_list
    )


def is_twin(scope: Scope) -> bool:
    """Whether it is the inner half of a definition beside it: ``_read`` of ``read``."""
    name = scope.qualname.rpartition(".")[2]
    step = next((step for step in _STEPS if name.startswith(step)), "_" if name.startswith("_") else "")
    if not step or is_special(name) or scope.parent is None:
        return False
    public = name.removeprefix(step)
    return any(other.qualname.rpartition(".")[2] == public for other in scope.parent.members)
