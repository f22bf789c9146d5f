"""One instance for each thread or event loop: kept in what belongs to that thread or loop alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts, Store
from tui_patterns.extraction.structure.nodes import dotted
from tui_patterns.extraction.structure.paths import own_field, path_of
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_WORD = re.compile(r"\w+")
_LOOPS = frozenset({"get_running_loop", "get_event_loop", "_get_running_loop"})
_THREADS = frozenset({"get_ident", "get_native_id", "current_thread", "currentThread"})
_LOCALS = frozenset({"threading.local", "gevent.local.local", "werkzeug.local.Local"})


def of_class(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A class that gives every thread, or loop, an instance of its own."""
    for method in item.methods.values():
        if method.name in {"__new__", "__call__"} or method.kind in {"class", "static"}:
            yield from _found(method, item, module)


def of_function(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function that does so."""
    yield from _found(function, None, module)


def _found(function: FunctionFacts, item: ClassFacts | None, module: ModuleFacts) -> Iterator[Label]:
    for store in function.stores:
        if not _is_made(store) or not (store.guarded or "AttributeError" in _caught(function)):
            continue
        root = store.path.partition("[")[0]
        if _is_local(root.rpartition(".")[0], item, module) and _gives(function, store):
            yield Label("singleton_per_thread", 0.85, (function.line, store.line))
        elif store.path.endswith("[]") and (scope := _key(function, store)) and _gives(function, store):
            yield Label(f"singleton_per_{scope}", 0.8, (function.line, store.line))


def _is_made(store: Store) -> bool:
    return store.value is not None and store.value_path.endswith("()")


def _gives(function: FunctionFacts, store: Store) -> bool:
    root = store.path.partition("[")[0]
    return any(path == store.value_path or path.startswith(root) for path in function.returned())


def _caught(function: FunctionFacts) -> set[str]:
    return {dotted(handler.type) for handler in function.own("ExceptHandler") if handler.type is not None}


def _is_local(root: str, item: ClassFacts | None, module: ModuleFacts) -> bool:
    """Whether *root* (``cls._local``, ``_local``) was made as thread-local storage."""
    name = own_field(root) or own_field(root, "cls")
    value = _class_value(item, name) if name and item is not None else module.variables.get(root)
    made = dotted(value.func) if isinstance(value, ast.Call) else ""
    known = module.find(made) if made else None
    makers = {made, *(known.bases if known is not None else ())}
    return any(module.origin(maker) in _LOCALS for maker in makers if maker)


def _class_value(item: ClassFacts, name: str) -> ast.expr | None:
    """What the class itself assigns to an attribute."""
    for node in item.node.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and any(dotted(t) == name for t in targets):
            return node.value
    return None


def _key(function: FunctionFacts, store: Store) -> str:
    """Whether an item is kept under the thread or the loop that is running."""
    for node in function.own("Subscript"):
        if isinstance(node.ctx, ast.Store) and node.lineno == store.line:
            asked = set(_WORD.findall(path_of(node.slice, function.names)))
            return "loop" if asked & _LOOPS else "thread" if asked & _THREADS else ""
    return ""


DETECTORS = (of_class,)
