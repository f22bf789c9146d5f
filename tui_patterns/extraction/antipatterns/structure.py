"""Anti-patterns that need more than one line to be seen, and that ruff does not know."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tui_patterns.extraction.antipatterns.nodes import own_nodes
from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted, origin_of

_NEEDS_INIT = frozenset({"threading.Thread", "multiprocessing.Process"})
_TYPES: dict[type[ast.expr], str] = {
    ast.List: "list", ast.ListComp: "list", ast.Dict: "dict", ast.DictComp: "dict", ast.Set: "set",
    ast.SetComp: "set", ast.Tuple: "tuple", ast.JoinedStr: "str",
}  # fmt: skip


def structure_hits(outline: Outline) -> Iterator[ShapeHit]:
    """What the definitions of one file show."""
    classes = {
        item.node.name: item.node for item in outline.definitions if isinstance(item.node, ast.ClassDef)
    }
    for definition in outline.definitions:
        if isinstance(definition.node, ast.ClassDef):
            yield from _missing_super(definition, definition.node, classes, outline)
        else:
            own = outline.nodes.own(definition.node)
            yield from _string_concat(definition, own)
            yield from _return_types(definition, definition.node, own)


def _initializer(cls: ast.ClassDef) -> FunctionNode | None:
    return next((s for s in cls.body if isinstance(s, FunctionNode) and s.name == "__init__"), None)


def _missing_super(
    at: Definition, cls: ast.ClassDef, classes: dict[str, ast.ClassDef], outline: Outline
) -> Iterator[ShapeHit]:
    """An initializer that never reaches the one of a base that has one; ``super()`` reaches all of them."""
    init = _initializer(cls)
    if init is None:
        return
    called = {_initialized(node) for node in ast.walk(init)}
    for name in map(dotted, cls.bases):
        if called & {"super", "self", name}:
            continue
        known = _inherited_init(name, classes, {cls.name})
        if (known is not None and _does_work(known)) or origin_of(name, outline.imports) in _NEEDS_INIT:
            end = init.end_lineno or init.lineno
            said = f"{name}.__init__ is never called"
            yield ShapeHit("missing_super_init", f"{at.qualname}.__init__", init.lineno, end, said, "W0231")
            return


def _inherited_init(name: str, classes: dict[str, ast.ClassDef], seen: set[str]) -> FunctionNode | None:
    """The initializer that a base of this file has, or inherits within it."""
    cls = classes.get(name)
    if cls is None or name in seen:
        return None
    found = (_inherited_init(dotted(base), classes, {*seen, name}) for base in cls.bases)
    return _initializer(cls) or next((item for item in found if item is not None), None)


def _initialized(node: ast.AST) -> str:
    """Whose ``__init__`` a call runs: a class, or ``super``; ``self`` hands over to another initializer."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    owner, method = node.func.value, node.func.attr
    if isinstance(owner, ast.Call) and dotted(owner.func) == "super":
        return "super" if method == "__init__" else ""
    if method != "__init__":
        return ""
    return dotted(owner) or "super"


def _does_work(init: FunctionNode) -> bool:
    """Whether an initializer does anything: not a docstring, ``pass`` or a raise alone."""
    if any(dotted(item).endswith("abstractmethod") for item in init.decorator_list):
        return False
    idle = ast.Pass | ast.Raise
    return any(
        not isinstance(item, idle)
        and not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))
        for item in init.body
    )


def _string_concat(at: Definition, own: Sequence[ast.AST]) -> Iterator[ShapeHit]:
    """A text that starts as a literal and grows by ``+`` with every turn of a loop."""
    texts = {
        dotted(t)
        for node in own
        if isinstance(node, ast.Assign) and _is_text(node.value)
        for t in node.targets
    }
    seen: set[int] = set()
    for loop in (node for node in own if isinstance(node, ast.For | ast.AsyncFor | ast.While)):
        fresh = {
            dotted(t)
            for n in own_nodes(loop)
            if isinstance(n, ast.Assign) and _is_text(n.value)
            for t in n.targets
        }
        for node in own_nodes(loop):
            name = _grows(node)
            if name in texts - fresh - {""} and node.lineno not in seen:  # type: ignore[attr-defined]
                line = node.lineno  # type: ignore[attr-defined]
                seen.add(line)
                yield ShapeHit(
                    "string_concat_in_loop", at.qualname, line, line, f"{name} grows by +", "PLR1713"
                )


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr) or (
        isinstance(value, ast.Constant) and isinstance(value.value, str)
    )


def _grows(node: ast.AST) -> str:
    """The variable of ``s += x`` and of ``s = s + x``."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        return dotted(node.target)
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.BinOp)
        and isinstance(node.value.op, ast.Add)
    ):
        name = dotted(node.targets[0])
        return name if dotted(node.value.left) == name else ""
    return ""


def _return_types(at: Definition, function: FunctionNode, own: Sequence[ast.AST]) -> Iterator[ShapeHit]:
    """Literals of different types returned on different paths, without a type that says so."""
    if function.returns is not None:
        return
    returns = [node for node in own if isinstance(node, ast.Return) and node.value is not None]
    types = [_literal_type(node.value) for node in returns if node.value is not None]
    if None not in types and len(set(types)) > 1:
        named = " and ".join(sorted({str(item) for item in types}))
        line, end = function.lineno, function.end_lineno or function.lineno
        yield ShapeHit("inconsistent_return_type", at.qualname, line, end, f"Returns {named}", "RET")


def _literal_type(value: ast.expr) -> str | None:
    """The type that a returned expression surely has; numbers are one type."""
    if isinstance(value, ast.Constant):
        name = type(value.value).__name__
        return {"NoneType": "None", "int": "number", "float": "number", "complex": "number"}.get(name, name)
    return _TYPES.get(type(value))
