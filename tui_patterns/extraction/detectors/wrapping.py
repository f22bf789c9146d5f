"""Calls passed on to an object that is held: decorator, proxy, delegation, chain of responsibility."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import Call, ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

# Passed on by whoever owns something; that alone is no pattern.
_LIFE = frozenset({"close", "aclose", "stop", "start", "shutdown", "flush", "open", "connect", "disconnect"})
_MOST = 12  # public methods of a class that a single field can still stand for


def wrappers(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Its methods pass their own call on to an object that it holds."""
    for name, field in module.fields(item).items():
        if field.is_container or "built" in field.kinds:
            continue
        passed = list(_passing_on(item, name, module))
        names = {method.name for method, _ in passed}
        if names and names <= _LIFE and len(item.public) > len(names):
            continue
        if _is_successor(field) and (handed := _hands_on(item, name)):
            yield Label("chain_of_responsibility", 0.75, handed)
        if not passed:
            continue
        lines = tuple(dict.fromkeys(line for method, call in passed for line in (method.line, call.line)))
        if _may_end(field) or _is_linked(item, name, field):
            if len(item.public) <= _MOST and any(call.guarded for _, call in passed):
                yield Label("chain_of_responsibility", 0.85, lines)
        elif _is_other_kind(item, field, module):
            yield Label("adapter", 0.7, lines)
        elif _is_alike(item, name, field, passed, module):
            label = _decorator_or_proxy(item, field, passed, lines, module)
            if label.label == "proxy" and _is_exchanged(item, field):
                continue
            yield _as_handler(label) if _has_peers(item, field, passed, module) else label


def _passing_on(item: ClassFacts, name: str, module: ModuleFacts) -> Iterator[tuple[FunctionFacts, Call]]:
    """Calls of the same method on the held object, each with the method that makes it."""
    stems: set[str] | None = None
    for method, call in _of_same_name(item, module):
        if stems is None:
            stems = {f"self.{name}"} | {f"self.{alias}" for alias in _aliases(item, name, module)}
        if call.receiver in stems:
            yield method, call


def _of_same_name(item: ClassFacts, module: ModuleFacts) -> list[tuple[FunctionFacts, Call]]:
    """Calls of a method of the same name as the one that makes them."""
    return module.once(("same name", item), lambda: _same_named(item))


def _same_named(item: ClassFacts) -> list[tuple[FunctionFacts, Call]]:
    return [
        (method, call)
        for method in item.methods.values()
        if not method.special or method.name in {"__call__", "__iter__", "__next__", "__getitem__"}
        for call in method.all_calls()
        if call.name == method.name
    ]


def _is_successor(field: Field) -> bool:
    """None at first, set later from outside."""
    later = any(setter not in {"__init__", "__new__"} for setter in field.setters)
    return "none" in field.kinds and "param" in field.kinds and "made" not in field.kinds and later


def _hands_on(item: ClassFacts, name: str) -> tuple[int, ...]:
    """A helper of the class that asks the successor for what the class itself leaves open."""
    for method in item.methods.values():
        for call in method.calls:
            own = item.methods.get(call.name)
            if call.receiver == f"self.{name}" and own and own.open and set(call.passed) & set(method.params):
                return (method.line, call.line)
    return ()


def _aliases(item: ClassFacts, name: str, module: ModuleFacts) -> set[str]:
    found: set[str] = set()
    for owner in (item, *module.ancestors(item)):
        for method in owner.methods.values():
            if method.kind == "property" and f"self.{name}" in method.returned():
                found.add(method.name)
    return found


def _may_end(field: Field) -> bool:
    """Whether the held object is a successor: of the same kind, and there may be none."""
    always = field.shared and "__init__" in field.setters and not field.optional
    absent = field.optional or ("none" in field.kinds and not always)
    later = any(setter not in {"__init__", "__new__"} for setter in field.setters)
    return (absent or later) and "made" not in field.kinds and "param" in field.kinds


def _is_linked(item: ClassFacts, name: str, field: Field) -> bool:
    """Nothing at first, never made here, set on another object of its kind: ``last.next = handler``."""
    own = field.kinds == {"none"} and f"self.{name}" in {t for m in item.methods.values() for t in m.tests}
    stores = (store.path for method in item.methods.values() for store in method.stores)
    return own and any(path.endswith(f".{name}") and path != f"self.{name}" for path in stores)


def _is_other_kind(item: ClassFacts, field: Field, module: ModuleFacts) -> bool:
    """Whether it stands in for its own family with an object that is none of it."""
    kin = module.kin(item)
    held = [c for name in field.types | field.seen if (c := module.find(name)) is not None]
    if not kin or not held or module.descendants(item) or any(c is item or c in kin for c in held):
        return False
    # A family of its own, whose members can be exchanged, is the other half of a bridge.
    return not any(not module.is_interface(other) for c in held for other in module.kin(c))


def _is_alike(
    item: ClassFacts, name: str, field: Field, passed: list[tuple[FunctionFacts, Call]], module: ModuleFacts
) -> bool:
    """Whether wrapper and wrapped share an interface: a base, a type, or the methods themselves."""
    kin = module.kin(item)
    shared = {method.name for method, _ in passed}
    asked = {c.name for m in item.methods.values() for c in m.all_calls() if c.receiver == f"self.{name}"}
    if field.types & {c.name for c in kin}:
        return True
    if any(shared & c.methods.keys() for c in kin):
        known = [module.find(wrapped) for wrapped in field.types]
        return not any(known) and all(any(module.knows(c, n) for c in (item, *kin)) for n in asked)
    bases = {base.rpartition(".")[2] for base in item.bases} - {"object", "ABC"}
    if bases and not kin:
        return bool(field.types & bases) or (not field.types and len(shared) * 2 > len(item.public))
    return any(_covers(item, c) for c in module.defining(asked) if c is not item)


def _covers(item: ClassFacts, wrapped: ClassFacts) -> bool:
    """Whether it offers all that *wrapped* does."""
    offered = {method.name for method in wrapped.public}
    return bool(offered) and offered <= item.methods.keys()


def _decorator_or_proxy(
    item: ClassFacts,
    field: Field,
    passed: list[tuple[FunctionFacts, Call]],
    lines: tuple[int, ...],
    module: ModuleFacts,
) -> Label:
    """A proxy decides whether the call gets through, or owns what it stands for."""
    controls = any(call.guarded for _, call in passed) or "made" in field.kinds
    specific = any(
        (known := module.find(name)) is not None and _is_sibling(known, item, module) for name in field.types
    )
    if controls or specific:
        return Label("proxy", 0.8, lines)
    return Label("decorator", 0.8, lines)


def _is_exchanged(item: ClassFacts, field: Field) -> bool:
    """Made here, but others may put another one in: that is a choice, not a stand-in."""
    return "made" in field.kinds and any(setter.endswith("=") for setter in field.setters)


def _has_peers(
    item: ClassFacts, field: Field, passed: list[tuple[FunctionFacts, Call]], module: ModuleFacts
) -> bool:
    """Whether others do the same without a common base: answer themselves, or ask the next one."""
    if field.kinds != {"param"} or field.types or module.kin(item):
        return False
    names = {method.name for method, call in passed if call.guarded and call.used and method.returns[1:]}
    others = (c for c in module.classes if c is not item and not module.kin(c))
    return any(
        call.guarded and call.used and method.name in names
        for other in others
        for method, call in _of_same_name(other, module)
    )


def _as_handler(label: Label) -> Label:
    return Label("chain_of_responsibility", 0.7, label.evidence)


def _is_sibling(known: ClassFacts, item: ClassFacts, module: ModuleFacts) -> bool:
    """Of the same family, concrete, and the last of its line."""
    related = known in module.kin(item) and known not in module.ancestors(item)
    return related and not module.is_interface(known) and not module.descendants(known)


def forwarding(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Asked for an attribute that it lacks, it answers with what another object has."""
    method = item.methods.get("__getattr__") or item.methods.get("__getattribute__")
    if "__getattr__" in item.fields:
        yield Label("proxy", 0.7, (item.fields["__getattr__"].line,))
    if method is None:
        return
    target = [path for inner in method.everything() for path in inner.returned() if path.endswith(".*")]
    target += [call.path for call in method.all_calls() if call.path == "getattr"]
    target += [path for path in method.names.values() if path.endswith(".*")]
    if not any("self" in path or path == "getattr" for path in target) or _reads_only_itself(method):
        return
    others = [m for m in item.methods.values() if m is not method and m.name != "__init__"]
    renames = item.init and any(
        call.path in {"self.__dict__.update", "setattr"} and _names(call) & set(item.init.variadic)
        for call in item.init.calls
    )
    if renames:
        yield Label("adapter", 0.8, (item.init.line if item.init else item.line, method.line))
    elif others:
        yield Label("proxy", 0.75, (method.line,))
    else:
        yield Label("delegation", 0.75, (method.line,))


def _names(call: Call) -> set[str]:
    return {node.id for node in ast.walk(call.node) if isinstance(node, ast.Name)}


def _reads_only_itself(method: FunctionFacts) -> bool:
    firsts = [call.arguments[:1] for call in method.all_calls() if call.path == "getattr"]
    return bool(firsts) and all(first in {("self",), ("cls",), ("super()",)} for first in firsts)


DETECTORS = (wrappers, forwarding)
