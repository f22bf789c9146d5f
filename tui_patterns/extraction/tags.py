"""Tags: only what the structure of a unit shows for certain."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.scope import Scope

_BY_DECORATOR = {
    "property": "property",
    "functools.cached_property": "property",
    "classmethod": "classmethod",
    "staticmethod": "staticmethod",
    "abc.abstractmethod": "abstract",
    "dataclasses.dataclass": "dataclass",
    "attr.s": "dataclass",
    "attr.define": "dataclass",
    "attrs.define": "dataclass",
    "attrs.frozen": "dataclass",
    "typing.overload": "overload",
    "typing_extensions.overload": "overload",
    "contextlib.contextmanager": "context-manager",
    "contextlib.asynccontextmanager": "context-manager",
    "functools.lru_cache": "cached",
    "functools.cache": "cached",
    "functools.singledispatch": "dispatch",
    "pytest.fixture": "fixture",
    "pytest_asyncio.fixture": "fixture",
    "celery.shared_task": "task",
}
_BY_BASE = {
    "abc.ABC": "abstract",
    "typing.Protocol": "protocol",
    "typing_extensions.Protocol": "protocol",
    "typing.NamedTuple": "named-tuple",
    "typing.TypedDict": "typed-dict",
    "typing_extensions.TypedDict": "typed-dict",
    "enum.Enum": "enum",
    "enum.IntEnum": "enum",
    "enum.StrEnum": "enum",
    "enum.Flag": "enum",
    "enum.IntFlag": "enum",
    "pydantic.BaseModel": "model",
    "type": "metaclass",
}
_BY_NODE = {
    "Try": "error-handling",
    "TryStar": "error-handling",
    "Raise": "raises",
    "With": "resource-handling",
    "AsyncWith": "resource-handling",
    "Match": "pattern-matching",
    "GeneratorExp": "comprehension",
    "ListComp": "comprehension",
    "DictComp": "comprehension",
    "SetComp": "comprehension",
}
_EXCEPTIONS = ("Exception", "Error", "Warning")


def tags_of(scope: Scope, decorators: Iterable[str], bases: Iterable[str], is_test: bool) -> tuple[str, ...]:
    """Sorted tags of *scope*; *decorators* and *bases* are given by their dotted origins."""
    found = {_BY_DECORATOR[name] for name in decorators if name in _BY_DECORATOR}
    found.update(_base_tags(bases))
    found.update(_BY_NODE[name] for name in scope.all if name in _BY_NODE)
    found.update(_function_tags(scope) if scope.is_function else _class_tags(scope))
    if is_test:
        found.add("test")
    return tuple(sorted(found))


def _base_tags(bases: Iterable[str]) -> Iterator[str]:
    for base in bases:
        if base in _BY_BASE:
            yield _BY_BASE[base]
        elif base.endswith(_EXCEPTIONS):
            yield "exception"


def _class_tags(scope: Scope) -> Iterator[str]:
    if any(isinstance(member.node, ast.AsyncFunctionDef) for member in scope.members):
        yield "async"


def _function_tags(scope: Scope) -> Iterator[str]:
    node = scope.node
    assert isinstance(node, FunctionNode)
    is_async = isinstance(node, ast.AsyncFunctionDef)
    if is_async:
        yield "async"
    if scope.own & {"Yield", "YieldFrom"}:
        yield "async-generator" if is_async else "generator"
    if {node.name, f"self.{node.name}", f"cls.{node.name}"} & scope.calls.keys():
        yield "recursive"
    yield from _wrapper_tags(scope, node)


def _wrapper_tags(scope: Scope, node: FunctionNode) -> Iterator[str]:
    """A function that returns one made inside it; a decorator if that one calls what the outer got."""
    members = {member.node.name: member for member in scope.members if isinstance(member.node, FunctionNode)}
    returned = {s.value.id for s in node.body if isinstance(s, ast.Return) and isinstance(s.value, ast.Name)}
    made = [members[name] for name in returned if name in members]
    if not made:
        return
    yield "higher-order"
    given = {arg.arg for arg in node.args.args}
    if any(given & inner.calls.keys() for inner in made):
        yield "decorator"
