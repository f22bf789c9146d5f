"""What the language itself defines, and so is certain: its protocols and its own decorators."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.trees import decorator_name, lines
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.table import ModuleFacts
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


def class_protocols(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes that have all the methods of a protocol."""
    for label, choices in _BY_METHODS.items():
        for needed in choices:
            if needed <= item.methods.keys():
                yield Label(label, _CERTAIN, tuple(sorted(item.methods[name].line for name in needed)))


def metaclass(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Classes whose base is ``type`` or ``abc.ABCMeta``."""
    for base, node in zip(item.bases, item.node.bases, strict=True):
        if module.origin(base) in {"type", "abc.ABCMeta", "enum.EnumMeta"}:
            yield Label("metaclass", _CERTAIN, lines(node))


def decorated(item: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions under a decorator of the standard library whose meaning is fixed."""
    for decorator in item.node.decorator_list:
        name = decorator_name(decorator)
        label = _BY_DECORATOR.get(module.origin(name))
        if label:
            yield Label(label, _CERTAIN, lines(decorator))
        elif name.rpartition(".")[2] in {"contextmanager", "asynccontextmanager"}:
            # A project's own copy for older versions.
            yield Label("context_manager", 0.85, lines(decorator))


FUNCTIONS = (decorated,)
CLASSES = (class_protocols, metaclass)
