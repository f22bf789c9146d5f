"""What a title is made from: the unit's own tree and the names of the definitions around it."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.extraction.imports import dotted
from tui_patterns.extraction.naming import marks
from tui_patterns.extraction.naming.lexicon import wordset
from tui_patterns.extraction.naming.splitting import is_special
from tui_patterns.extraction.scope import Scope

_MOST_CALLS = 64
_MUCH = 0.25
_RECEIVERS = frozenset({"self", "cls", "mcs", "mcls", "klass", "metacls"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter and the last name of its annotation (``Optional[Style]`` is Style), or an empty text.

    ``flag``: it switches something on or off.
    """

    name: str
    type: str = ""
    flag: bool = False


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """All that a title follows from; no path, no docstring and no line, so that it outlives their edits.

    ``owner`` is the class that a method stands in; ``outer`` the functions
    around a nested one, innermost last. A class's ``parameters`` are its fields.
    ``owner_async``: the class, or that which a method stands in, does much of its
    work in coroutines, or the function makes one. ``bases`` are dotted origins.
    ``twin``: what the public definition of the same name beside it is done by.
    ``abstract``: a class with methods that others have to write.
    """

    name: str
    is_class: bool = False
    is_async: bool = False
    owner: str = ""
    outer: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    bases: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    tags: Collection[str] = ()
    component: str | None = None
    calls: tuple[str, ...] = ()
    owner_async: bool = False
    packages: Collection[str] = ()
    setter: bool = False
    twin: bool = False
    abstract: bool = False


def facts_of(
    scope: Scope,
    labels: Sequence[str],
    tags: Sequence[str],
    bases: Sequence[str],
    component: str | None,
    packages: Collection[str] = (),
) -> TitleFacts:
    """The facts of one definition; *bases* are dotted origins, *packages* what it or its class uses."""
    node = scope.node
    assert isinstance(node, UnitNode)
    owner, outer = owners(scope)
    return TitleFacts(
        name=node.name,
        is_class=scope.is_class,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        owner=owner,
        outer=outer,
        parameters=parameters(node),
        returns="" if isinstance(node, ast.ClassDef) else type_name(node.returns),
        bases=tuple(bases),
        methods=method_names(node),
        labels=tuple(labels),
        tags={*tags, "property"} if marks.is_property(node) else tags,
        component=component,
        calls=tuple(scope.calls)[:_MOST_CALLS],
        owner_async=works_async(scope),
        packages=packages,
        setter=marks.is_setter(node),
        twin=marks.is_twin(scope),
        abstract=marks.is_abstract(node),
    )


def owners(scope: Scope) -> tuple[str, tuple[str, ...]]:
    """The class that *scope* is a method of, and the functions around it, innermost last."""
    above: list[Scope] = []
    at = scope.parent
    while at is not None and at.parent is not None:
        above.append(at)
        at = at.parent
    owner = above[0].node if above and above[0].is_class else None
    outer = [one.node.name for one in reversed(above) if isinstance(one.node, FunctionNode)]
    return (owner.name if isinstance(owner, ast.ClassDef) else ""), tuple(outer)


def parameters(node: UnitNode) -> tuple[Parameter, ...]:
    """Parameters in order, without the receiver."""
    if isinstance(node, ast.ClassDef):
        return fields(node)
    spec = node.args
    listed = [*spec.posonlyargs, *spec.args, *([spec.vararg] if spec.vararg else []), *spec.kwonlyargs]
    kept = (arg for at, arg in enumerate(listed) if at or arg.arg not in _RECEIVERS)
    switches = marks.switches(spec)
    return tuple(Parameter(arg.arg, type_name(arg.annotation), arg.arg in switches) for arg in kept)


def type_name(annotation: ast.expr | None) -> str:
    """The one name that tells what an annotation is about: Style of ``Optional[list["Style"]]``."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.rpartition(".")[2] if annotation.value.replace(".", "").isidentifier() else ""
    if isinstance(annotation, ast.Subscript):
        inner = annotation.slice
        first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
        return type_name(first) or type_name(annotation.value)
    if isinstance(annotation, ast.BinOp):
        return type_name(annotation.left) or type_name(annotation.right)
    name = dotted(annotation).rpartition(".")[2] if annotation is not None else ""
    variable = len(name) < 3 or name.startswith(("T_", "_T")) or (name[-2:-1].islower() and name[-1] == "T")
    return "" if variable or name in _TELLS_NOTHING else name


_TELLS_NOTHING = wordset("""
    Any AnyStr Awaitable BinaryIO Callable ClassVar Coroutine Generator IO Iterable Iterator List
    Literal Mapping None Optional P R S Self Sequence Set T TextIO Tuple Type Union U V bool bytes dict
    float frozenset int list object set str tuple type Dict K KT VT AsyncIterator AsyncGenerator
    Collection Final Annotated Hashable Unpack Buffer ReadableBuffer
""")


def method_names(node: UnitNode) -> tuple[str, ...]:
    """The names of a class's public and special methods in order."""
    if not isinstance(node, ast.ClassDef):
        return ()
    methods = (item.name for item in node.body if isinstance(item, FunctionNode))
    return tuple(dict.fromkeys(name for name in methods if name[0] != "_" or is_special(name)))


def works_async(scope: Scope) -> bool:
    """Whether a function in *scope*, or a quarter of the methods of its class, are coroutines.

    Not where half of these stand beside a function that does the same.
    """
    at = scope if scope.is_class else scope.parent
    if at is None or not isinstance(at.node, ast.ClassDef):
        return any(isinstance(member.node, ast.AsyncFunctionDef) for member in scope.members)
    methods = [item for item in at.node.body if isinstance(item, FunctionNode)]
    coroutines = [item.name for item in methods if isinstance(item, ast.AsyncFunctionDef)]
    if not coroutines or len(coroutines) < len(methods) * _MUCH:
        return False
    names = {item.name for item in methods}
    return sum(_sync_name(name) in names for name in coroutines) * 2 < len(coroutines)


def _sync_name(coroutine: str) -> str:
    """What the function may be called that does what the coroutine does; else nothing."""
    if "async" in coroutine:
        return coroutine.replace("_async", "").replace("async_", "")
    return coroutine[1:] if coroutine.startswith("a") else ""


def fields(node: UnitNode) -> tuple[Parameter, ...]:
    """What an instance of a class is made from: its initializer's parameters, else its annotated fields."""
    if not isinstance(node, ast.ClassDef):
        return ()
    for item in node.body:
        if isinstance(item, FunctionNode) and item.name == "__init__":
            return parameters(item)
    declared = (item for item in node.body if isinstance(item, ast.AnnAssign))
    named = ((item.target.id, item.annotation) for item in declared if isinstance(item.target, ast.Name))
    return tuple(Parameter(name, type_name(annotation)) for name, annotation in named if name[0] != "_")
