"""Behaviour that is held, swapped or left open: strategy, state, bridge, template method, injection."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from tui_patterns.extraction.detectors.actions import command
from tui_patterns.extraction.detectors.hints import bonus, named
from tui_patterns.extraction.structure.facts import Call, ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_STATE_WORDS = ("state", "states", "mode", "phase")


def held(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Another object does part of the work: whose choice is it, and can it change?"""
    for name, field in item.fields.items():
        calls = [(m, c) for m in _methods(item, module) for c in m.calls if _is_on(c, name, item, module)]
        if not calls or field.is_container:
            continue
        choices = _choices(item, field, calls, module)
        if _is_aside(item, calls) or any(True for choice in choices for _ in command(choice, module)):
            continue
        lines = (field.line, *(call.line for _, call in calls))
        if _turns(item, name, choices, module):
            yield Label("state", 0.85, lines)
        elif field.kinds & {"param", "built"} and (
            choices or "Callable" in field.types or _is_callable(calls, name)
        ):
            yield _static_choice(item, name, field, calls, choices, lines, module)


def _is_aside(item: ClassFacts, calls: list[tuple[FunctionFacts, Call]]) -> bool:
    """Whether the held object matters little to the class: a callback among many methods, or a descriptor's."""
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


def _choices(
    item: ClassFacts, field: Field, calls: list[tuple[FunctionFacts, Call]], module: ModuleFacts
) -> list[ClassFacts]:
    """Classes of this file that the held object may be an instance of; two or more make it a choice."""
    found: list[ClassFacts] = []
    for known in (module.find(name) for name in field.types):
        if known is not None:
            found += [known, *module.descendants(known)]
    if not found:
        found = module.defining(call.name for _, call in calls)
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
                (call.name in setters and call.receiver not in {"self", ""} and call.passed)
                or (call.name in setters and any(p.removesuffix("()").rpartition(".")[2] in family for p in call.passed))
                for call in method.calls
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
    for other in module.classes:
        if other is item or other in module.kin(item):
            continue
        for label in module.once(f"held {other.qualname}", partial(_held, other, module)):
            if label.label in {"state", "strategy"} and _is_held(item, other, module, label.label):
                yield Label(label.label, label.confidence - 0.05, (item.line, *label.evidence[:1]))


def _held(item: ClassFacts, module: ModuleFacts) -> list[Label]:
    return [label for label in held(item, module) if label.label in {"state", "strategy"}]


def _is_held(item: ClassFacts, other: ClassFacts, module: ModuleFacts, label: str) -> bool:
    family = {item.name, *(child.name for child in module.descendants(item))}
    offered = item.methods.keys() | {n for c in module.descendants(item) for n in c.methods}
    for name, field in other.fields.items():
        calls = {c.name for m in other.methods.values() for c in m.calls if _is_on(c, name, other, module)}
        typed = family & field.types
        duck = not {c.name for c in module.classes} & field.types and calls and calls <= offered
        if not field.is_container and calls & offered and (typed or duck):
            return True
    return False


def state_machine(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A current state that is looked up in a table, or tested and then changed, again and again."""
    for name, field in item.fields.items():
        if field.is_container:
            continue
        tabled = moved = 0
        line = field.line
        for method in _methods(item, module):
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
    made = [f.line for f in item.fields.values() if any(module.origin(t).split(".")[0] in libraries for t in f.types)]
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
        steps = {
            c.name: c.line for c in method.calls if c.receiver in {"self", "cls"} and c.name in item.methods
        }
        steps.pop(method.name, None)
        opened = [name for name in steps if item.methods[name].open]
        if opened and len(steps) >= 2:
            sure = 0.65 + min(0.05 * len(steps), 0.2)
            yield Label("template_method", sure, (method.line, *steps.values()))


def skeleton(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function of fixed steps, two or more of which are functions that it is given."""
    if function.inner or function.decorators or function.kind != "function":
        return
    given = {c.path: c.line for c in function.calls if c.path in function.params and not c.looped}
    if len(given) >= 2 and len(function.calls) >= 4:
        yield Label("template_method", 0.6, tuple(given.values()))


def injected(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Something it needs comes from outside as a provider: called for a value, with nothing to work on."""
    for method in item.public if len(item.public) <= 3 else ():
        for call in method.calls:
            made = {"type", "Type"} & method.annotations.get(call.path, frozenset())
            if call.path in method.params and not call.passed and not call.looped and call.used and not made:
                yield Label("dependency_injection", 0.6, (method.line, call.line))


def wiring(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Gives functions or objects what they need, by their signature or from one place."""
    for call in function.calls:
        if (
            call.path.endswith("signature")
            and module.origin(call.path) == "inspect.signature"
            and call.arguments
        ):
            target = call.arguments[0]
            spread = [c for c in _calls_inside(function) if c == target]
            if spread:
                yield Label("dependency_injection", 0.85, (call.line,))
    for default in [*function.node.args.defaults, *filter(None, function.node.args.kw_defaults)]:
        if isinstance(default, ast.Call):
            name = (
                default.func.id if isinstance(default.func, ast.Name) else getattr(default.func, "attr", "")
            )
            if module.origin(name).startswith(("fastapi.", "dependency_injector.")) and name in {
                "Depends",
                "Provide",
            }:
                yield Label("dependency_injection", 0.8, (default.lineno,))
    yield from _composition_root(function)


def _calls_inside(function: FunctionFacts) -> list[str]:
    """Names called with ``**something`` anywhere in the function, lambdas too."""
    return [
        node.func.id
        for node in ast.walk(function.node)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and any(k.arg is None for k in node.keywords)
    ]


def _composition_root(function: FunctionFacts) -> Iterator[Label]:
    """Takes parts that have defaults, makes the missing ones, and returns the whole made of them."""
    replaced = {
        name for name in function.params if name in function.names and function.names[name].endswith("()")
    }
    known = {name for name in function.params if name in function.optional or name in function.annotations}
    for item in function.returns:
        if not isinstance(item.value, ast.Call) or not item.path.endswith("()"):
            continue
        made = item.path[:-2].rpartition(".")[2]
        passed = {node.id for node in ast.walk(item.value) if isinstance(node, ast.Name)} & (known | replaced)
        wired = _wired(function)
        if made[:1].isupper() and replaced & function.optional and passed and wired:
            yield Label("dependency_injection", 0.7, (function.line, item.line))


def _wired(function: FunctionFacts) -> bool:
    """Whether parts it got are put together (in a table or another call) before they are used."""
    for node in ast.walk(function.node):
        if isinstance(node, ast.Dict):
            names = {value.id for value in node.values if isinstance(value, ast.Name)}
            if len(names & set(function.params)) >= 2:
                return True
    return False


DETECTORS = (held, interface, state_machine, declared_machine, template_method, injected)
