"""Tags: only what the structure of a unit shows for certain."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted
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
    yield from _handling_tags(node)
    yield from _trait_tags(scope, node)


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


def _handling_tags(node: FunctionNode) -> Iterator[str]:
    """A function that is little more than a ``try`` with its handlers."""
    body = [item for item in node.body if not isinstance(item, ast.Expr | ast.Assign | ast.AnnAssign)]
    if len(body) == 1 and isinstance(body[0], ast.Try | ast.TryStar) and len(node.body) <= 2:
        yield "error-handling-wrapper"


_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER"})
_LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_READS = frozenset({"read", "iter_bytes", "iter_content", "iter_chunks", "iter_any", "readinto", "recv"})


def _trait_tags(scope: Scope, node: FunctionNode) -> Iterator[str]:
    """What it does on the side, by what it calls and what it enters."""
    calls = [name.split(".") for name in scope.calls]
    if any(parts[-1] in _LEVELS and set(parts[:-1]) & _LOGGERS for parts in calls):
        yield "logging"
    if scope.own & {"Yield", "YieldFrom"} and any(parts[-1] in _READS for parts in calls if len(parts) > 1):
        yield "streaming"
    last = {parts[-1] for parts in calls if len(parts) > 1}
    entered = {name.rpartition(".")[2].lower() for name in _entered(scope, node)}
    if {"commit", "rollback"} <= last or entered & {"transaction", "begin", "atomic", "begin_nested"}:
        yield "transaction"
    if any(name.endswith(("lock", "semaphore", "mutex")) for name in entered):
        yield "locking"


def _entered(scope: Scope, node: FunctionNode) -> Iterator[str]:
    """The dotted names of what its ``with`` statements enter."""
    if not scope.own & {"With", "AsyncWith"}:
        return
    for item in ast.walk(node):
        if isinstance(item, ast.With | ast.AsyncWith):
            for entry in item.items:
                value = entry.context_expr
                yield dotted(value.func if isinstance(value, ast.Call) else value)
