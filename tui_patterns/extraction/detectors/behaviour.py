"""Behaviour that is held, swapped or left open: strategy, state, bridge, template method, injection."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus, named
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_STATE_WORDS = ("state", "states", "mode", "phase")


def state_machine(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A current state that is looked up in a table, or tested and then changed, again and again."""
    for name, field in item.fields.items():
        if field.is_container:
            continue
        tabled = moved = 0
        line = field.line
        for method in item.methods.values():
            for store in method.stores:
                if store.path == f"self.{name}":
                    tabled += _from_table(store.value_path, item)
                    moved += f"self.{name}" in method.tests and _is_constant(store.value)
                    line = store.line
        if tabled and ("made" in field.kinds or "const" in field.kinds or "other" in field.kinds):
            yield Label("state_machine", 0.8 + bonus(item.name, "machine") / 2, (field.line, line))
        elif moved >= (2 if named(name, *_STATE_WORDS) else 3):
            yield Label("state_machine", 0.65 + bonus(name, *_STATE_WORDS), (field.line, line))


def declared_machine(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """States and transitions declared with one of the libraries for that."""
    libraries = ("state_machine", "statemachine", "transitions")
    made = [
        f.line
        for f in item.fields.values()
        if any(module.origin(t).split(".")[0] in libraries for t in f.types)
    ]
    based = any(module.origin(base).split(".")[0] in libraries for base in item.bases)
    if len(made) >= 2 or based:
        yield Label("state_machine", 0.85, tuple(made) or (item.line,))


def _from_table(path: str, item: ClassFacts) -> bool:
    table = own_field(path) or own_field(path, "cls")
    known = item.fields.get(table)
    return known is not None and "dict" in known.kinds and "[]" in path


def _is_constant(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str | int) and not isinstance(value.value, bool)
    return isinstance(value, ast.Attribute) and value.attr.isupper()


def template_method(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A method that fixes the order of steps, some of which are left to subclasses."""
    for method in item.methods.values():
        if method.open or method.kind not in {"instance", "class"}:
            continue
        steps = {c.name: c.line for c in method.calls if c.receiver in {"self", "cls"}}
        steps.pop(method.name, None)
        left = {name for name in steps if _left_out(item, name, module)}
        if len(left) < 2 or len(method.calls) > 2 * len(left):
            left = set()  # a mixin, rather, which leans on what it is mixed into
        steps = {name: line for name, line in steps.items() if name in item.methods or name in left}
        opened = [name for name in steps if name in left or item.methods[name].open]
        if opened and len(steps) >= 2:
            sure = 0.55 if left.issuperset(opened) else 0.65 + min(0.05 * len(steps), 0.2)
            yield Label("template_method", sure, (method.line, *steps.values()))


def _left_out(item: ClassFacts, name: str, module: ModuleFacts) -> bool:
    """Whether a step that it calls is defined nowhere but in classes derived from it."""
    heirs = module.descendants(item)
    if module.has_unknown_base(item) or any(len(child.bases) > 1 for child in heirs):
        return False
    return not module.knows(item, name) and any(name in child.methods for child in heirs)


def skeleton(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function of fixed steps, two or more of which are functions that it is given."""
    if function.inner or function.decorators or function.kind != "function":
        return
    given = {c.path: c.line for c in function.calls if c.path in function.params and not c.looped}
    if len(given) >= 2 and len(function.calls) >= 4:
        yield Label("template_method", 0.6, tuple(given.values()))


DETECTORS = (state_machine, declared_machine, template_method)
