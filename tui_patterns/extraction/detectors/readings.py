"""Which reading of a class stands, where several fit."""

from __future__ import annotations

from tui_patterns.models import Label

Found = dict[str, Label]

LEAST = 0.5

_BESIDES = frozenset({"descriptor", "iterator", "lazy_property", "lazy_evaluation", "context_manager"})

_TABLE = """
facade: adapter bridge decorator dependency_injection proxy strategy
three_tier: adapter bridge delegation dependency_injection facade mediator proxy strategy
front_controller: adapter bridge delegation dependency_injection facade mediator proxy strategy
event_sourcing: aggregate composite observer template_method
identity_map: flyweight registry
singleton_per_thread: factory_method flyweight lazy_init registry singleton
singleton_per_loop: factory_method flyweight lazy_init registry singleton
mvc: bridge decorator dependency_injection facade mediator proxy strategy
visitor: bridge dependency_injection mediator strategy template_method
specification: abstract_factory composite decorator factory_method interpreter proxy
chain_of_responsibility: bridge composite decorator proxy strategy template_method
composite: factory_method fluent_interface observer strategy template_method
state: bridge dependency_injection mediator mixin strategy template_method
state_machine: catalog state strategy template_method
borg: singleton
singleton: factory_method registry
flyweight: factory_method object_pool registry singleton
object_pool: abstract_factory command composite factory_method observer publish_subscribe strategy
  template_method
abstract_factory: factory_method strategy template_method
factory_method: strategy template_method
builder: command decorator factory_method fluent_interface proxy strategy template_method
unit_of_work: decorator dependency_injection facade repository strategy template_method
repository: adapter bridge dependency_injection registry strategy template_method
service_layer: adapter bridge dependency_injection facade strategy
message_bus: catalog command mediator observer publish_subscribe strategy
observer: command mediator registry strategy
publish_subscribe: command mediator observer registry
blackboard: bridge command mediator observer strategy
mediator: bridge facade strategy
memento: abstract_factory command factory_method prototype strategy
command: adapter bridge decorator dependency_injection strategy template_method
decorator: adapter bridge command dependency_injection strategy
proxy: adapter bridge decorator delegation dependency_injection strategy
adapter: bridge command delegation dependency_injection proxy strategy template_method
bridge: dependency_injection strategy
strategy: dependency_injection template_method
middleware: chain_of_responsibility decorator dependency_injection proxy strategy
template_method: mixin
prototype: factory_method fluent_interface
interpreter: composite decorator proxy strategy
aggregate: factory_method observer
"""
_EXPLAINS: dict[str, frozenset[str]] = {
    name.strip(): frozenset(weaker.split())
    for name, _, weaker in (row.partition(":") for row in _TABLE.strip().replace("\n  ", " ").splitlines())
}

INHERITED = frozenset(
    {"chain_of_responsibility", "composite", "specification", "observer", "publish_subscribe", "builder",
     "visitor", "mediator", "repository", "unit_of_work", "abstract_factory", "interpreter", "memento"}
)  # fmt: skip


def settle(found: Found) -> Found:
    """Of competing readings, those that no surer or more specific one explains."""
    explained = {
        weaker
        for label in found.values() if label.confidence >= LEAST
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
