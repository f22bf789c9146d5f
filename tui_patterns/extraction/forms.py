"""Whether a pattern is about how code is built or about what it does."""

from __future__ import annotations

from collections.abc import Sequence

from tui_patterns.models import Form, Kind, Label

# The labels that say how things are made, held and put together (the creational and structural
# patterns of the literature, persistence and declarations); every other label tells of behaviour.
_STRUCTURAL = frozenset({
    "abstract_factory", "adapter", "aggregate", "borg", "bridge", "builder", "catalog", "class_decorator",
    "class_factory", "composite", "connection_pool", "crud", "decorator", "decorator_class",
    "dependency_injection", "descriptor", "dual_import", "facade", "factory", "factory_classmethod",
    "factory_function", "factory_method", "fluent_interface", "flyweight", "front_controller",
    "function_decorator", "identity_map", "import_fallback", "metaclass", "mixin", "mvc", "null_object",
    "object_pool", "plugin_registry", "prototype", "proxy", "registry", "repository", "service_layer",
    "singleton", "singleton_per_loop", "singleton_per_thread", "three_tier", "value_object",
})  # fmt: skip


def form_of(kind: Kind, labels: Sequence[Label]) -> Form:
    """By the family of the surest label; without one, a function behaves and a class is built."""
    if labels:
        return "structural" if labels[0].label in _STRUCTURAL else "behavioural"
    return "behavioural" if kind in {"function", "method"} else "structural"
