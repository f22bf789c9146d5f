"""Saved states: memento."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_COPIES = frozenset({"copy", "deepcopy", "dict", "dumps"})


def memento(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Saves its state in an object of its own, and takes it back from one."""
    for save, _, restore in _savings(item, module):
        yield Label("memento", 0.85, (save.line, restore.line))
    family = {c.name for c in (item, *module.descendants(item))}
    part = item.init is not None or module.is_interface(item)
    for other, save, kept, restore in module.once("savings", lambda: _all_savings(module)):
        if part and kept in family and other is not item:
            yield Label("memento", 0.8, (item.line, save.line, restore.line))
    yield from _snapshots(item, module)


def _all_savings(module: ModuleFacts) -> list[tuple[ClassFacts, FunctionFacts, str, FunctionFacts]]:
    return [(item, *found) for item in module.classes for found in _savings(item, module)]


def _savings(item: ClassFacts, module: ModuleFacts) -> Iterator[tuple[FunctionFacts, str, FunctionFacts]]:
    """(save, class of the saved state, restore) of an originator."""
    for save in item.methods.values():
        made = (
            {made_class(path) for path in save.returned()} if save.kind not in {"class", "static"} else set()
        )
        for call in save.calls if made else ():
            if call.name not in made:
                continue
            saved = {node.attr for node in ast.walk(call.node) if isinstance(node, ast.Attribute)}
            for restore in item.methods.values():
                if restore is not save and restore.name != "__init__" and _taken_back(restore) & saved:
                    yield save, call.name, restore


def _taken_back(method: FunctionFacts) -> set[str]:
    """The attributes of its own that it sets from what a parameter holds."""
    found: set[str] = set()
    for store in method.stores:
        root = store.value_path.partition(".")[0].partition("[")[0]
        inner = store.value_path[len(root) :]
        if own_field(store.path) and root in method.params and inner and not inner.startswith("("):
            found.add(own_field(store.path))
    return found


def _snapshots(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Keeps snapshots that a function takes, and runs them to go back; or its own ``__dict__``."""
    takers = module.once("snapshots", lambda: {f.name for f in module.functions for _ in snapshot(f, module)})
    for name, field in item.fields.items():
        taken = [
            c.line
            for m in item.methods.values()
            for c in m.calls
            if c.path in takers and m.name in field.setters
        ]
        back = [
            c.line
            for m in item.methods.values()
            for c in m.calls
            if c.path in {f"self.{name}[]", f"self.{name}"}
        ]
        if taken and back:
            yield Label("memento", 0.8, (taken[0], back[0]))
            return
    own = [
        c for m in item.public for c in m.calls if c.name in _COPIES and c.arguments[:1] == ("self.__dict__",)
    ]
    back = [
        c.line for m in item.public for c in m.calls if c.path == "self.__dict__.update" and not m.special
    ]
    back += [s.line for m in item.public for s in m.stores if s.path == "self.__dict__"]
    if own and back:
        yield Label("memento", 0.7, (own[0].line, back[0]))


def snapshot(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Copies an object's state and returns the way back to it."""
    for call in function.calls:
        if call.path.rpartition(".")[2] in _COPIES and any(
            path.endswith(".__dict__") for path in call.arguments
        ):
            for inner in function.inner:
                puts = any("__dict__" in c.path for c in inner.calls) or any(
                    "__dict__" in s.path for s in inner.stores
                )
                if puts and inner.name in function.returned():
                    yield Label("memento", 0.85, (call.line, inner.line))


DETECTORS = (memento,)
