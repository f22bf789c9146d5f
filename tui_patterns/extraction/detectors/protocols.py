"""What the language itself defines, and so is certain: its protocols and its own decorators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.models import Label

_CERTAIN = 0.95
# label: sets of methods, each of which alone makes the class one.
_BY_METHODS: dict[str, tuple[frozenset[str], ...]] = {
    "context_manager": (frozenset({"__enter__", "__exit__"}), frozenset({"__aenter__", "__aexit__"})),
    "iterator": (frozenset({"__iter__", "__next__"}), frozenset({"__aiter__", "__anext__"})),
    "descriptor": (frozenset({"__get__", "__set__"}), frozenset({"__get__", "__set_name__"})),
}
_BY_DECORATOR = {
    "contextlib.contextmanager": "context_manager",
    "contextlib.asynccontextmanager": "context_manager",
    "functools.lru_cache": "memoize",
    "functools.cache": "memoize",
    "functools.cached_property": "lazy_property",
}


def class_protocols(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes that have all the methods of a protocol."""
    if not hasattr(node, "bases"):
        return
    lines = {method.name: method.fromlineno for method in node.body if hasattr(method, "args")}
    for label, choices in _BY_METHODS.items():
        for needed in choices:
            if needed <= lines.keys():
                yield Label(label, _CERTAIN, tuple(sorted(lines[name] for name in needed)))


def metaclass(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Classes whose base is ``type`` or ``abc.ABCMeta``."""
    for base in getattr(node, "bases", ()):
        if module.origin(base.as_string()) in {"type", "abc.ABCMeta", "enum.EnumMeta"}:
            yield Label("metaclass", _CERTAIN, (base.lineno,))


def decorated(node: Any, module: ModuleContext) -> Iterator[Label]:
    """Functions under a decorator of the standard library whose meaning is fixed."""
    for decorator in node.decorators.nodes if node.decorators else ():
        name = getattr(decorator, "func", decorator).as_string()
        label = _BY_DECORATOR.get(module.origin(name))
        if label:
            yield Label(label, _CERTAIN, (decorator.lineno,))
        elif name.rpartition(".")[2] in {"contextmanager", "asynccontextmanager"}:
            # A project's own copy for older versions.
            yield Label("context_manager", 0.85, (decorator.lineno,))


DETECTORS = (class_protocols, metaclass, decorated)
