"""Behaviour that is held and called: strategy, state, bridge, provider."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.actions import is_command
from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import Call, ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.nodes import double_stars, stars
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def held(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """An object or function that it was given, or keeps, does part of its work."""
    for name, field in item.fields.items():
        calls = [(m, c) for m in _methods(item, module) for c in m.calls if _is_on(c, name, item, module)]
        if not calls or field.is_container:
            continue
        choices = _choices(item, field, calls, module)
        if _is_aside(item, calls) or any(is_command(choice, module) for choice in choices):
            continue
        lines = (field.line, *(call.line for _, call in calls))
        if _turns(item, name, choices, module):
            yield Label("state", 0.85, lines)
        elif not choices and all(call.path == f"self.{name}" and _passes_all(call) for _, call in calls):
            continue
        elif field.kinds & {"param", "built"} and (
            choices or "Callable" in field.types or _is_callable(calls, name)
        ):
            yield _static_choice(item, name, field, calls, choices, lines, module)


def _is_aside(item: ClassFacts, calls: list[tuple[FunctionFacts, Call]]) -> bool:
    """Whether the held object matters little: a callback among many methods, or a descriptor's."""
    users = {method.name for method, _ in calls}
    return "__get__" in users or (len(item.public) > 4 and len(users) * 4 < len(item.public))


def _methods(item: ClassFacts, module: ModuleFacts) -> list[FunctionFacts]:
    return [m for m in item.methods.values() if m.name not in {"__init__", "__getattr__"}]


def _is_on(call: Call, name: str, item: ClassFacts, module: ModuleFacts) -> bool:
    """Calls the held object, or a method of it; through a property too."""
    if call.path == f"self.{name}":
        return name not in item.methods
    first = own_field(call.receiver)
    if not first or call.receiver != f"self.{first}":
        return False
    return first == name or (first in item.methods and module.field(item, first) is module.field(item, name))


def _is_callable(calls: list[tuple[FunctionFacts, Call]], name: str) -> bool:
    return any(call.path == f"self.{name}" for _, call in calls)


def _passes_all(call: Call) -> bool:
    """``self.function(*args, **kwargs)``: all that it gets goes on, so it wraps and does not choose."""
    return stars(call.node) and double_stars(call.node)


def _choices(
    item: ClassFacts, field: Field, calls: list[tuple[FunctionFacts, Call]], module: ModuleFacts
) -> list[ClassFacts]:
    """Classes of this file that the held object may be an instance of; two or more make it a choice."""
    found: list[ClassFacts] = []
    for known in (module.find(name) for name in field.types):
        if known is not None:
            found += [known, *module.descendants(known)]
    if not found or ("made" in field.kinds and len(found) < 2):
        found += module.defining(call.name for _, call in calls)
    found = [
        c
        for c in dict.fromkeys(found)
        if c is not item and not module.is_interface(c) and c not in module.kin(item)
    ]
    return found if len(found) >= 2 else []


def _turns(item: ClassFacts, name: str, choices: list[ClassFacts], module: ModuleFacts) -> bool:
    """Whether the choices themselves replace the held object: they know its owner and put another in."""
    setters = {setter.removesuffix("=") for setter in item.fields[name].setters if setter != "__init__"}
    setters |= {m.name for m in item.methods.values() for s in m.stores if s.path == f"self.{name}"} - {
        "__init__"
    }
    family = {c.name for c in choices}
    for choice in choices:
        for method in choice.methods.values():
            puts = any(
                store.path.endswith(f".{name}") and store.path != f"self.{name}" for store in method.stores
            )
            asks = any(
                (call.receiver not in {"self", ""} and call.passed)
                or any(path.removesuffix("()").rpartition(".")[2] in family for path in call.passed)
                for call in method.calls if call.name in setters
            )  # fmt: skip
            next_one = (
                bool(family & set(method.made()))
                and method.kind == "instance"
                and any(
                    s.path == f"self.{name}" and s.value_path.startswith(f"self.{name}.")
                    for m in item.methods.values()
                    for s in m.stores
                )
            )
            if puts or asks or next_one:
                return True
    return False


def _static_choice(
    item: ClassFacts,
    name: str,
    field: Field,
    calls: list[tuple[FunctionFacts, Call]],
    choices: list[ClassFacts],
    lines: tuple[int, ...],
    module: ModuleFacts,
) -> Label:
    """Not changed by itself: a strategy, a bridge's other half, or only a provider."""
    callables = [call for _, call in calls if call.path == f"self.{name}"]
    if callables and {"Type", "type"} & field.types:
        return Label("dependency_injection", 0.6, lines)
    if callables and not choices:
        if any(call.passed for call in callables):
            return Label("strategy", 0.7 + bonus(item.name, "context") / 2, lines)
        return Label("dependency_injection", 0.65, lines)
    resettable = any(setter != "__init__" for setter in field.setters)
    siblings = [c for c in module.kin(item) if not module.is_interface(c)]
    if (module.descendants(item) or siblings) and not resettable:
        return Label("bridge", 0.8, lines)
    primitive = any(len({own_field(p) for p in c.passed} - {""}) >= 2 for _, c in calls)
    if primitive and not resettable and field.types:
        return Label("bridge", 0.65, lines)
    return Label("strategy", 0.75 if resettable else 0.6, lines)


def interface(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """The common type of interchangeable classes, named by how another class holds them."""
    if not module.descendants(item) or (
        item.methods and not module.is_interface(item) and len(item.public) > 2
    ):
        return
    for other, labels in module.once("holders", lambda: _holders(module)):
        if other is item or other in module.kin(item):
            continue
        for label in labels:
            if _is_held(item, other, module):
                yield Label(label.label, label.confidence - 0.05, (item.line, *label.evidence[:1]))


def _holders(module: ModuleFacts) -> list[tuple[ClassFacts, list[Label]]]:
    """Classes that hold a state or a strategy."""
    return [(item, labels) for item in module.classes if (labels := _held(item, module))]


def _held(item: ClassFacts, module: ModuleFacts) -> list[Label]:
    return [label for label in held(item, module) if label.label in {"state", "strategy"}]


def _is_held(item: ClassFacts, other: ClassFacts, module: ModuleFacts) -> bool:
    family = {item.name, *(child.name for child in module.descendants(item))}
    offered = item.methods.keys() | {n for c in module.descendants(item) for n in c.methods}
    for name, field in other.fields.items():
        calls = {c.name for m in other.methods.values() for c in m.calls if _is_on(c, name, other, module)}
        typed = family & field.types
        duck = not {c.name for c in module.classes} & field.types and calls and calls <= offered
        if not field.is_container and calls & offered and (typed or duck):
            return True
    return False


DETECTORS = (held, interface)
