"""Design patterns of a file, found once for all its classes, then looked up unit by unit.

Each family of detectors says what it sees. Where several readings of one class
compete, the most specific wins: a chain of responsibility also has steps left
to subclasses, but that is not what it is. An interface gets the label of the
classes that make the pattern, where it declares their part in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui_patterns.extraction.detectors import (
    actions,
    behaviour,
    building,
    composites,
    domain,
    fronts,
    held,
    injection,
    layers,
    making,
    messages,
    persistence,
    registers,
    registration,
    roles,
    saving,
    scoped,
    shared_instances,
    sourcing,
    sure,
    tiers,
    wrapping,
)  # fmt: skip
from tui_patterns.extraction.detectors.readings import INHERITED, LEAST, Found, settle, settle_function
from tui_patterns.extraction.detectors.reasons import sentence_of
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

Key = tuple[int, str]
_DECLARES = "Declares the steps of classes that do this"
_FAMILIES = (
    shared_instances, registers, making, building, wrapping, fronts, layers, composites, messages, actions,
    saving, held, behaviour, injection, persistence, domain, roles, scoped, sourcing, tiers,
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
        kept = tuple(label for label in labels if label.confidence >= LEAST)
        if kept:
            self.by_key[line, name] = kept


def _best(labels: Iterable[Label]) -> Found:
    found: Found = {}
    for label in labels:
        known = found.get(label.label)
        if known is None or label.confidence > known.confidence:
            lines = tuple(dict.fromkeys(label.evidence))
            found[label.label] = replace(label, confidence=min(label.confidence, 0.95), evidence=lines)
    return found


def _candidates(item: ClassFacts, module: ModuleFacts) -> Found:
    return _best(
        label
        for family in _FAMILIES
        for detector in family.DETECTORS
        for label in sure(detector, item, module)
    )


def _from_heirs(item: ClassFacts, raw: dict[str, Found], module: ModuleFacts) -> Found:
    """What an interface takes part in, by the classes that implement it."""
    if not module.is_interface(item):
        return {}
    opened = {method.line for method in item.methods.values() if method.open}
    heirs = [child for child in module.descendants(item) if item.methods.keys() & child.methods.keys()]
    found = [
        Label(label.label, label.confidence - 0.1, (item.line, *sorted(opened)), f"{_DECLARES}: {label.why}")
        for child in heirs
        for label in settle(raw[child.qualname]).values()
        if label.label in INHERITED
    ]
    return _best(found)


def _of_function(function: FunctionFacts, module: ModuleFacts) -> Iterable[Label]:
    detectors = (
        building.director, making.factory_function, messages.emitter, saving.snapshot, behaviour.skeleton,
        injection.wiring, persistence.crud, domain.service, domain.transaction, roles.lazy_decorator,
        registration.registering_decorator, registration.registering_function, layers.middleware_stack,
    )  # fmt: skip
    found = _best(label for detector in detectors for label in sure(detector, function, module))
    found |= _best(sure(roles.lazy_value, function, None, module))
    found |= _best(sure(shared_instances.one_of_class, function, module))
    found |= _best(sure(scoped.of_function, function, module))
    return settle_function(found).values()


def _of_method(
    method: FunctionFacts, owner: ClassFacts, labels: Found, module: ModuleFacts
) -> Iterable[Label]:
    found = [*sure(making.factory_classmethod, method, owner, module)]
    found += sure(roles.lazy_value, method, owner, module)
    found += sure(registration.registering_decorator, method, module)
    found += sure(registration.registering_method, method, owner, labels, module)
    found += sure(layers.middleware_stack, method, module)
    if building.returns_self(method):
        found.append(Label("fluent_interface", 0.65, (method.line,), sentence_of(building.returns_self)))
    return _best(found).values()
