"""Smaller roles of classes and functions: mixin, null object, catalog, lazy values, descriptor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import named
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def mixin(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Adds methods to classes that bring the state: it relies on what it does not define."""
    if item.init is not None or not item.public or any(field.setters for field in item.fields.values()):
        return
    known = item.fields.keys() | item.methods.keys()
    wanted = {own_field(p) for m in item.methods.values() for p in (*m.reads, *(c.path for c in m.calls))}
    missing = {name for name in wanted - known if name and not name.startswith("__")}
    beside = any(len(child.bases) >= 2 for child in module.descendants(item))
    bases = [base for base in item.bases if base not in {"object"}]
    if named(item.name, "mixin", "mixins") and (missing or not bases):
        yield Label("mixin", 0.85, (item.line,))
    elif missing and beside and not bases and not any(m.open for m in item.methods.values()):
        yield Label("mixin", 0.6, (item.line,))


def null_object(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Stands in for its siblings, or for anything, and does nothing."""
    anything = item.methods.get("__getattr__")
    idle = all(_does_nothing(m) or m.returned() <= {"self"} for m in item.methods.values())
    if anything and anything.returned() == {"self"} and idle:
        yield Label("null_object", 0.85, (anything.line,))
        return
    if not item.public or module.descendants(item) or (item.init and item.init.calls):
        return
    kin = module.kin(item)
    theirs = {m.name: [one.methods[m.name] for one in kin if m.name in one.methods] for m in item.public}
    if not all(theirs.values()) or not all(map(_does_nothing, item.public)):
        return
    acting = any(not _does_nothing(method) and not method.open for same in theirs.values() for method in same)
    if acting and (len(item.public) >= 2 or named(item.name, "null", "noop", "dummy", "no")):
        yield Label("null_object", 0.75, tuple(m.line for m in item.public))


def _does_nothing(method: FunctionFacts) -> bool:
    if method.abstract or method.calls or method.stores or method.raised:
        return False
    return all(item.value is None or isinstance(item.value, ast.Constant) for item in method.returns)


def catalog(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Its own methods in a table; one of them is picked by a key and run."""
    for method in item.methods.values():
        for call in method.calls:
            name = own_field(call.path.replace("__get__()", "").rstrip("."))
            tabled = name in item.fields and "[]" in call.path and "dict" in item.fields[name].kinds
            if tabled and _holds_methods(item, name):
                yield Label("catalog", 0.65, (method.line, call.line))
                return


def _holds_methods(item: ClassFacts, name: str) -> bool:
    for node in ast.walk(item.node):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Dict):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(_last_name(target) == name for target in targets):
            values = [_last_name(value) for value in node.value.values]
            return len(values) >= 2 and all(value in item.methods for value in values)
    return False


def _last_name(node: ast.expr) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def servant(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Holds nothing itself; works on the state of objects of several classes."""
    methods = list(item.methods.values())
    if len(methods) < 2 or item.fields or any(m.kind != "static" for m in methods):
        return
    served = [m for m in methods if m.params and any(p.startswith(f"{m.params[0]}.") for p in m.reads)]
    changes = [s.line for m in methods for s in m.stores if m.params and s.path.startswith(f"{m.params[0]}.")]
    if len(served) == len(methods) and changes:
        yield Label("servant", 0.6, tuple(changes))


def mvc(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A controller between a model and a view, by what it calls them; and these two."""
    if _is_controller(item):
        yield Label("mvc", 0.75, (item.line,))
        return
    for other in module.once("controllers", lambda: [c for c in module.classes if _is_controller(c)]):
        if other is not item:
            family = {item.name, *(child.name for child in module.descendants(item))}
            if any(
                family & field.types for name, field in other.fields.items() if named(name, "model", "view")
            ):
                yield Label("mvc", 0.7, (item.line,))


def _is_controller(item: ClassFacts) -> bool:
    called = {own_field(p) for m in item.methods.values() for p in (*(c.path for c in m.calls), *m.reads)}
    parts = {word for name in called & item.fields.keys() for word in ("model", "view") if named(name, word)}
    return parts == {"model", "view"}


def descriptor(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Attribute access that a class answers for others; one that keeps what it computed is lazy."""
    method = item.methods.get("__get__")
    if method is None:
        return
    yield Label("descriptor", 0.9, (method.line,))
    owner = method.params[0] if method.params else ""
    kept = [s for s in method.stores if owner and s.path.startswith((f"{owner}.__dict__[", f"{owner}."))]
    kept_by = [
        c for c in method.calls if c.path in {"setattr", f"{owner}.__dict__.setdefault"} and c.arguments
    ]
    computed = any(call.path.startswith("self.") or call.path == "super().__get__" for call in method.calls)
    if computed and (kept or kept_by):
        line = kept[0].line if kept else kept_by[0].line
        yield Label("lazy_property", 0.9, (method.line, line))


def lazy_decorator(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Turns a function into a property that computes once and keeps the value on the object."""
    for inner in function.inner:
        is_property = any(name.rpartition(".")[2] == "property" for name in inner.decorators)
        wrapped = any(call.path == "property" and inner.name in call.arguments for call in function.calls)
        calls = {call.path for call in inner.calls}
        if (is_property or wrapped) and calls & set(function.params) and "setattr" in calls:
            yield Label("lazy_property", 0.85, (function.line, inner.line))


def lazy_value(method: FunctionFacts, owner: ClassFacts | None, module: ModuleFacts) -> Iterator[Label]:
    """Made when first asked for: tested for absence, stored, returned."""
    if method.params or method.special or method.inner or method.name == "__init__":
        return
    for store in method.stores:
        target = store.path
        held = (owner is not None and target == f"self.{own_field(target)}") or target in method.globals
        absent = store.guarded and (target in method.tests)
        if (
            held
            and absent
            and target in method.returned() | _names_returned(method)
            and _is_computed(store.value)
        ):
            if owner is None:
                if made_class(store.value_path):
                    yield Label("singleton", 0.8, (method.line, store.line))
                    yield Label("lazy_init", 0.7, (store.line,))
            else:
                label = "lazy_property" if method.kind == "property" else "lazy_init"
                yield Label(label, 0.8, (method.line, store.line))
            return


def _names_returned(method: FunctionFacts) -> set[str]:
    return {item.value.id for item in method.returns if isinstance(item.value, ast.Name)}


def _is_computed(value: ast.expr | None) -> bool:
    return any(isinstance(node, ast.Call) for node in ast.walk(value)) if value is not None else False


def lazy_target(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A stand-in that makes the real thing when it is first needed."""
    if "__getattr__" not in item.methods:
        return
    for method in item.methods.values():
        if method.params or method.name == "__init__":
            continue
        for store in method.stores:
            name = own_field(store.path)
            field = item.fields.get(name)
            missing = field is not None and "none" in field.kinds and f"self.{name}" in method.tests
            made = store.value is not None and not isinstance(store.value, ast.Constant)
            if missing and made and store.path == f"self.{name}" and method.returned():
                yield Label("lazy_evaluation", 0.8, (method.line, store.line))
                return


DETECTORS = (mixin, null_object, catalog, servant, mvc, descriptor, lazy_target)
