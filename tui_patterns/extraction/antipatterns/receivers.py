"""First parameters of methods: ``self``, ``cls``, and ``mcs`` in class methods of metaclasses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted

_IMPLICIT = frozenset({"__new__", "__init_subclass__", "__class_getitem__", "__prepare__"})
# pydantic makes class methods of these; attrs has a decorator of the same name, for three parameters.
_CLASS_DECORATORS = frozenset({"classmethod", "validator", "root_validator", "abstractclassmethod"})
_ATTRS_PARAMETERS = 3
_NAMES = {
    (False, False): ("self",),
    (False, True): ("cls", "klass"),
    (True, False): ("cls",),
    (True, True): ("mcs", "mcls", "metacls", "meta", "typ"),
}


def receiver_hits(outline: Outline) -> Iterator[ShapeHit]:
    """Methods whose first parameter is not named as its kind of method expects, or missing."""
    for definition in outline.definitions:
        if isinstance(definition.node, ast.ClassDef):
            for statement in definition.node.body:
                if isinstance(statement, FunctionNode):
                    yield from _method_hit(definition, definition.node, statement)


def _method_hit(owner: Definition, cls: ast.ClassDef, method: FunctionNode) -> Iterator[ShapeHit]:
    names = [dotted(_unwrapped(item)) for item in method.decorator_list]
    if any(name.rpartition(".")[2].endswith("staticmethod") for name in names):
        return
    expected = _NAMES[_is_metaclass(cls), _is_class_method(method, names)]
    if method.name == "__new__":
        expected = (*expected, "cls")
    first = _first(method)
    if first is None or (first not in expected and not first.startswith("_")):
        said = f"{first} comes first" if first else "No parameter for the instance or class"
        line, end = method.lineno, method.end_lineno or method.lineno
        qualname = f"{owner.qualname}.{method.name}"
        yield ShapeHit("bad_self_cls", qualname, line, end, f"{said}, {expected[0]} is expected", "B902")


def _unwrapped(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _first(method: FunctionNode) -> str | None:
    listed = [*method.args.posonlyargs, *method.args.args]
    return listed[0].arg if listed else None


def _is_class_method(method: FunctionNode, decorators: list[str]) -> bool:
    if method.name in _IMPLICIT:
        return True
    for name in decorators:
        base, _, last = name.rpartition(".")
        if last in _CLASS_DECORATORS and (not base or len(method.args.args) < _ATTRS_PARAMETERS):
            return True
    return False


def _is_metaclass(cls: ast.ClassDef) -> bool:
    names = [dotted(base) for base in cls.bases]
    return any(name == "type" or name.rpartition(".")[2] in {"ABCMeta", "EnumMeta"} for name in names)
