"""What is known of one function, one class, one file. Lines count from 1; paths are those of ``paths``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tui_patterns.extraction.structure.nodes import FunctionNode
from tui_patterns.extraction.structure.paths import made_class


class Call:
    """One call of *path*: ``receiver`` is what it is called on, empty for a plain function.

    ``passed`` are the paths of all arguments, by position or by name; ``block`` is
    the innermost branch it stands in; ``used`` is false for a bare statement.
    """

    __slots__ = (
        "arguments", "block", "guarded", "keywords", "line", "looped", "name", "node", "passed", "path",
        "receiver", "used",
    )  # fmt: skip

    def __init__(
        self,
        path: str,
        node: ast.Call,
        arguments: tuple[str, ...],
        keywords: tuple[tuple[str, str], ...],
        used: bool,
        guarded: bool,
        looped: bool,
        block: int,
    ) -> None:
        self.node, self.line = node, node.lineno
        self.rename(path)
        self.arguments, self.keywords = arguments, keywords
        self.passed = arguments + tuple(path for _, path in keywords) if keywords else arguments
        self.used, self.guarded, self.looped, self.block = used, guarded, looped, block

    def rename(self, path: str) -> None:
        """It calls *path*."""
        self.path = path
        self.receiver, _, self.name = path.rpartition(".")


@dataclass(slots=True)
class Store:
    """One assignment to something other than a plain local name."""

    path: str
    value: ast.expr | None
    value_path: str
    line: int
    guarded: bool
    looped: bool
    added: bool = False


@dataclass(slots=True)
class Return:
    """One return (or, for a generator, one yield)."""

    value: ast.expr | None
    path: str
    line: int
    guarded: bool


@dataclass(slots=True, eq=False)
class FunctionFacts:
    """One function or method; ``self`` (or ``cls``) is left out of ``params``.

    ``kind`` is function, instance, class, static or property. ``tests`` are the
    paths that its conditions look at. ``kinds`` are the nodes of its body by the
    name of their class, without plain names and constants, and without those of
    the functions and classes inside it, which are ``inner`` and ``local``.
    """

    name: str
    node: FunctionNode
    line: int
    kind: str = "function"
    params: tuple[str, ...] = ()
    annotations: dict[str, frozenset[str]] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    variadic: tuple[str, ...] = ()
    result: frozenset[str] = frozenset()
    decorators: tuple[str, ...] = ()
    calls: list[Call] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    yields: list[Return] = field(default_factory=list)
    raised: set[str] = field(default_factory=set)
    tests: set[str] = field(default_factory=set)
    withs: list[str] = field(default_factory=list)
    loops: list[tuple[str, int]] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    globals: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    inner: list[FunctionFacts] = field(default_factory=list)
    abstract: bool = False
    stub: bool = False
    raises_only: bool = False
    outer: FunctionFacts | None = None
    owner: ClassFacts | None = None
    kinds: dict[str, list[Any]] = field(default_factory=dict)
    local: list[ast.ClassDef] = field(default_factory=list)
    _bound: list[tuple[Any, Any, Any]] | None = None
    _returned: set[str] | None = None

    @property
    def public(self) -> bool:
        return not self.name.startswith("_")

    @property
    def special(self) -> bool:
        return self.name.startswith("__") and self.name.endswith("__")

    @property
    def open(self) -> bool:
        """Left to be filled in by a subclass."""
        return self.abstract or self.stub

    @property
    def parameters(self) -> tuple[str, ...]:
        """``params``, and those with one or two stars."""
        return self.params + self.variadic

    @property
    def body(self) -> list[Any]:
        """Its statements."""
        return list(self.node.body)

    @property
    def is_generator(self) -> bool:
        return "Yield" in self.kinds or "YieldFrom" in self.kinds

    def own(self, *kinds: str) -> list[Any]:
        """Its nodes of these classes of ``ast``, in source order for each kind."""
        return [node for kind in kinds for node in self.kinds.get(kind, ())]

    def deep(self, *kinds: str) -> list[Any]:
        """The same, with those of the functions inside it."""
        return self.own(*kinds) + [node for inner in self.inner for node in inner.deep(*kinds)]

    def bindings(self) -> list[tuple[Any, Any, Any]]:
        """(target, value, statement) of each assignment, annotated and ``:=`` too, in source order."""
        if self._bound is None:
            self._bound = [
                (target, node.value, node)
                for node in self.own("Assign", "AnnAssign", "NamedExpr")
                if node.value is not None
                for target in getattr(node, "targets", None) or [node.target]
            ]
        return self._bound

    def everything(self) -> Iterator[FunctionFacts]:
        """Itself and the functions made inside it."""
        yield self
        for inner in self.inner:
            yield from inner.everything()

    def all_calls(self) -> Iterator[Call]:
        for function in self.everything():
            yield from function.calls

    def made(self) -> dict[str, int]:
        """Classes whose new instances it returns, with the line."""
        found = ((made_class(item.path), item.line) for item in self.returns)
        return {name: line for name, line in found if name}

    def returned(self) -> set[str]:
        """The paths of what it returns."""
        if self._returned is None:
            self._returned = {item.path for item in self.returns if item.path}
        return self._returned


@dataclass(slots=True)
class Field:
    """One attribute of a class or its instances.

    ``kinds``: param, made, built (made from a class that was a parameter), list,
    dict, set, queue, none, const, other;
    ``types``: classes that it is annotated with or made from;
    ``setters``: the methods that assign it, with the lines;
    ``givers``: parameters of the initializer that it comes from;
    ``seen``: classes whose new instances this file hands to those parameters.
    """

    name: str
    kinds: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    setters: dict[str, int] = field(default_factory=dict)
    shared: bool = False
    line: int = 0
    optional: bool = False
    givers: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    @property
    def is_container(self) -> bool:
        return bool(self.kinds & {"list", "dict", "set", "queue"})


@dataclass(eq=False)
class ClassFacts:
    """One class: ``bases`` are dotted as written, ``metaclass`` likewise; ``home`` is its file's table."""

    name: str
    qualname: str
    node: ast.ClassDef
    line: int
    bases: tuple[str, ...] = ()
    metaclass: str = ""
    decorators: tuple[str, ...] = ()
    methods: dict[str, FunctionFacts] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    home: Any = None

    @cached_property
    def public(self) -> list[FunctionFacts]:
        """Methods that are part of its interface: neither private nor special."""
        return [method for method in self.methods.values() if method.public]

    @property
    def init(self) -> FunctionFacts | None:
        return self.methods.get("__init__")
