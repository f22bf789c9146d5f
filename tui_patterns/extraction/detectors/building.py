"""Objects made in steps: builder, fluent interface, director."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def builder(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Steps that fill a product, or the object itself, and a way to get the result."""
    chained = [method for method in item.public if returns_self(method)]
    if len(chained) >= 2 or (chained and len(chained) * 2 >= len(item.public)):
        label = "builder" if any(_finishes(m, item) for m in item.public) else "fluent_interface"
        yield Label(label, min(0.6 + 0.1 * len(chained), 0.9), tuple(m.line for m in chained))
    for name, field in module.fields(item).items():
        made = field.kinds & {"made"} and any(not setter.startswith("__") for setter in field.setters)
        if made or field.kinds & {"made"}:
            steps = [method for method in item.public if _touches(method, name) and not method.made()]
            offered = (m for owner in (item, *module.ancestors(item)) for m in owner.public)
            gives = [m for m in offered if f"self.{name}" in m.returned()]
            steps = [step for step in steps if step not in gives]
            if len(steps) >= 2 and gives:
                yield Label("builder", 0.85, (*(step.line for step in steps), gives[0].line))
            elif len(steps) >= 2 and len(steps) * 2 > len(item.public) and _fills(steps, name):
                known = not all(map(module.is_library, field.types))
                if known and "__init__" in field.setters:
                    yield Label("builder", 0.7, tuple(step.line for step in steps))
    yield from _own_steps(item, module)


def returns_self(method: FunctionFacts) -> bool:
    """Whether it changes its object and hands it back."""
    own = [item for item in method.returns if item.path == "self"]
    changes = bool(method.stores or method.calls)
    return (
        bool(own)
        and len(own) == len(method.returns)
        and changes
        and method.public
        and method.kind == "instance"
    )


def _finishes(method: FunctionFacts, item: ClassFacts) -> bool:
    """Gives back a product that is not the builder."""
    made = method.made()
    return bool(made) and item.name not in made and method.kind == "instance" and not method.params


def _fills(steps: list[FunctionFacts], name: str) -> bool:
    """Whether they set parts of the product themselves."""
    return any(store.path.startswith(f"self.{name}.") for step in steps for store in step.stores)


def _touches(method: FunctionFacts, name: str) -> bool:
    """Sets or calls something on the product, and gives nothing back."""
    stem = f"self.{name}"
    calls = any(call.path.startswith(stem + ".") and not call.used for call in method.calls)
    stores = any(store.path.startswith((stem + ".", stem + "[")) for store in method.stores)
    quiet = all(item.value is None or item.path in {"self", ""} for item in method.returns)
    return (calls or stores) and quiet


def _own_steps(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A constructor that only runs steps, each of which subclasses fill in by setting attributes."""
    if item.init is None:
        return
    steps = [call for call in item.init.calls if call.receiver == "self" and not call.used]
    opened = [c for c in steps if (m := module.method(item, c.name)) is not None and m.open]
    parts = [
        child.methods[c.name] for child in module.descendants(item) for c in opened if c.name in child.methods
    ]
    if len(opened) >= 2 and parts and all(_only_sets(part) for part in parts):
        yield Label("builder", 0.7, tuple(call.line for call in opened))


def _only_sets(method: FunctionFacts) -> bool:
    return (
        bool(method.stores) and not method.returns and all(own_field(store.path) for store in method.stores)
    )


def director(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function that runs construction steps on what it was given, and returns that."""
    for path in function.returned():
        root = path.removesuffix("()")
        if root in function.params:
            steps = {
                call.path: call.line for call in function.calls if call.receiver == path and not call.used
            }
            if len(steps) >= 2:
                yield Label("builder", 0.65, tuple(steps.values()))


DETECTORS = (builder,)
