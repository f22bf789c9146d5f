"""Design patterns of a file, found once for all its classes, then looked up unit by unit.

Each family of detectors says what it sees. Where several readings of one class
compete, the most specific wins: a chain of responsibility also has steps left
to subclasses, but that is not what it is. An interface gets the label of the
classes that make the pattern, where it declares their part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors import (
    actions,
    behaviour,
    domain,
    making,
    messages,
    registration,
    roles,
    shared_instances,
    trees,
    wrapping,
)  # fmt: skip
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

Key = tuple[int, str]
Found = dict[str, Label]
_LEAST = 0.5
_FAMILIES = (shared_instances, making, wrapping, trees, messages, actions, behaviour, domain, roles)
# Protocols and roles that a class may have besides what it is.
_BESIDES = frozenset(
    {"descriptor", "iterator", "lazy_property", "lazy_evaluation", "context_manager", "proxy+"}
)
# The left reading says more than the right ones, where both fit.
_EXPLAINS: dict[str, frozenset[str]] = {
    "mvc": frozenset({"facade", "strategy", "bridge", "dependency_injection", "decorator", "proxy", "mediator"}),
    "visitor": frozenset({"strategy", "bridge", "mediator", "template_method", "dependency_injection"}),
    "specification": frozenset({"composite", "interpreter", "decorator", "proxy", "abstract_factory", "factory_method"}),
    "chain_of_responsibility": frozenset({"template_method", "strategy", "decorator", "proxy", "composite", "bridge"}),
    "composite": frozenset({"observer", "strategy", "template_method", "fluent_interface", "factory_method"}),
    "state": frozenset({"strategy", "bridge", "mediator", "template_method", "mixin", "dependency_injection"}),
    "state_machine": frozenset({"state", "strategy", "catalog", "template_method"}),
    "borg": frozenset({"singleton"}),
    "singleton": frozenset({"registry", "factory_method"}),
    "flyweight": frozenset({"singleton", "registry", "factory_method", "object_pool"}),
    "object_pool": frozenset({"observer", "publish_subscribe", "composite", "command", "factory_method", "strategy", "template_method", "abstract_factory"}),
    "abstract_factory": frozenset({"factory_method", "template_method", "strategy"}),
    "factory_method": frozenset({"template_method", "strategy"}),
    "builder": frozenset({"proxy", "decorator", "template_method", "fluent_interface", "factory_method", "strategy", "command"}),
    "unit_of_work": frozenset({"template_method", "repository", "facade", "dependency_injection", "strategy", "decorator"}),
    "repository": frozenset({"template_method", "strategy", "dependency_injection", "registry", "adapter", "bridge"}),
    "service_layer": frozenset({"strategy", "dependency_injection", "facade", "bridge", "adapter"}),
    "message_bus": frozenset({"observer", "publish_subscribe", "strategy", "command", "mediator", "catalog"}),
    "observer": frozenset({"mediator", "registry", "strategy", "command"}),
    "publish_subscribe": frozenset({"mediator", "registry", "observer", "command"}),
    "blackboard": frozenset({"observer", "mediator", "strategy", "bridge", "command"}),
    "mediator": frozenset({"facade", "strategy", "bridge"}),
    "memento": frozenset({"factory_method", "prototype", "strategy", "command", "abstract_factory"}),
    "command": frozenset({"strategy", "bridge", "adapter", "template_method", "dependency_injection", "decorator"}),
    "decorator": frozenset({"strategy", "bridge", "adapter", "dependency_injection", "command"}),
    "proxy": frozenset({"strategy", "bridge", "adapter", "decorator", "dependency_injection", "delegation"}),
    "adapter": frozenset({"strategy", "bridge", "command", "proxy", "delegation", "dependency_injection", "template_method"}),
    "bridge": frozenset({"strategy", "dependency_injection"}),
    "strategy": frozenset({"dependency_injection", "template_method"}),
    "middleware": frozenset({"decorator", "strategy", "dependency_injection", "chain_of_responsibility", "proxy"}),
    "template_method": frozenset({"mixin"}),
    "prototype": frozenset({"factory_method", "fluent_interface"}),
    "interpreter": frozenset({"composite", "decorator", "proxy", "strategy"}),
    "aggregate": frozenset({"observer", "factory_method"}),
}  # fmt: skip
# Labels that a common base shares with what is derived from it.
_INHERITED = frozenset(
    {"chain_of_responsibility", "composite", "specification", "observer", "publish_subscribe", "builder", "visitor",
     "mediator", "repository", "unit_of_work", "abstract_factory", "interpreter", "memento"}
)  # fmt: skip


class DesignLabels:
    """The design labels of one file, by (line, name) of the definition."""

    def __init__(self, module: ModuleFacts) -> None:
        self.by_key: dict[Key, tuple[Label, ...]] = {}
        raw = {item.qualname: _candidates(item, module) for item in module.classes}
        for item in module.classes:
            settled = settle({**_from_heirs(item, raw, module), **raw[item.qualname]})
            self._add(item.line, item.name, settled.values())
            for method in item.methods.values():
                self._add(method.line, method.node.name, _of_method(method, item, raw[item.qualname], module))
        for function in module.functions:
            self._add(function.line, function.name, _of_function(function, module))

    def _add(self, line: int, name: str, labels: Iterable[Label]) -> None:
        kept = tuple(label for label in labels if label.confidence >= _LEAST)
        if kept:
            self.by_key[line, name] = kept


def _best(labels: Iterable[Label]) -> Found:
    found: Found = {}
    for label in labels:
        known = found.get(label.label)
        if known is None or label.confidence > known.confidence:
            found[label.label] = Label(
                label.label, min(label.confidence, 0.95), tuple(dict.fromkeys(label.evidence))
            )
    return found


def _candidates(item: ClassFacts, module: ModuleFacts) -> Found:
    return _best(
        label
        for family in _FAMILIES
        for detector in family.DETECTORS
        for label in _sure(detector, item, module)
    )


def _sure(detector: Callable[..., Iterator[Label]], *arguments: Any) -> list[Label]:
    """What a detector yields; one that fails yields nothing."""
    try:
        return list(detector(*arguments))
    except Exception:
        return []


def settle(found: Found) -> Found:
    """Of competing readings, those that no surer or more specific one explains."""
    explained = {
        weaker
        for label in found.values() if label.confidence >= _LEAST
        for weaker in _EXPLAINS.get(label.label, ())
        if weaker in found and _outweighs(label, found[weaker])
    }  # fmt: skip
    left = {name: label for name, label in found.items() if name not in explained}
    rivals = sorted(
        (label for name, label in left.items() if name not in _BESIDES), key=lambda x: -x.confidence
    )
    kept = [label for at, label in enumerate(rivals) if at == 0 or label.confidence >= 0.85]
    return {label.label: label for label in left.values() if label.label in _BESIDES or label in kept}


def _outweighs(label: Label, other: Label) -> bool:
    """Whether *label*, which says more, is also sure enough; of two that claim so, the surer."""
    if label.label in _EXPLAINS.get(other.label, ()):
        return label.confidence > other.confidence
    return label.confidence >= other.confidence - 0.25


def _from_heirs(item: ClassFacts, raw: dict[str, Found], module: ModuleFacts) -> Found:
    """What an interface takes part in, by the classes that implement it."""
    if not module.is_interface(item):
        return {}
    opened = {method.line for method in item.methods.values() if method.open}
    heirs = [child for child in module.descendants(item) if item.methods.keys() & child.methods.keys()]
    found = [
        Label(label.label, label.confidence - 0.1, (item.line, *sorted(opened)))
        for child in heirs
        for label in settle(raw[child.qualname]).values()
        if label.label in _INHERITED
    ]
    return _best(found)


def _of_function(function: FunctionFacts, module: ModuleFacts) -> Iterable[Label]:
    detectors = (
        making.director, making.factory_function, messages.emitter, actions.snapshot, behaviour.skeleton,
        behaviour.wiring, domain.crud, domain.service, domain.transaction, roles.lazy_decorator,
        registration.registering_decorator, registration.registering_function, wrapping.middleware_stack,
    )  # fmt: skip
    found = _best(label for detector in detectors for label in _sure(detector, function, module))
    found |= _best(_sure(roles.lazy_value, function, None, module))
    return settle_function(found).values()


def settle_function(found: Found) -> Found:
    """Use cases also store; what makes a table of makers is a factory, not a register."""
    for stronger, weaker in (
        ("service_layer", "crud"),
        ("transaction_manager", "crud"),
        ("dependency_injection", "factory_function"),
    ):
        if stronger in found:
            found.pop(weaker, None)
    return found


def _of_method(
    method: FunctionFacts, owner: ClassFacts, labels: Found, module: ModuleFacts
) -> Iterable[Label]:
    found = _sure(making.factory_classmethod, method, owner, module)
    found += _sure(roles.lazy_value, method, owner, module)
    found += _sure(registration.registering_decorator, method, module)
    found += _sure(registration.registering_method, method, owner, labels, module)
    found += _sure(wrapping.middleware_stack, method, module)
    if making.returns_self(method):
        found.append(Label("fluent_interface", 0.65, (method.line,)))
    return _best(found).values()


def design(node: Any, module: ModuleContext) -> Iterator[Label]:
    """The design labels of one definition."""
    if module.design is not None:
        yield from module.design.by_key.get((node.fromlineno, node.name), ())


DETECTORS = (design,)
