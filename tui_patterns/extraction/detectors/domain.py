"""Persistence and domain: repository, unit of work, service layer, value object, aggregate."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus, named, words
from tui_patterns.extraction.structure.facts import Call, ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_STORES = ("repository", "repo", "dao", "work", "uow")
_ENDS = frozenset({"commit", "rollback"})


def unit_of_work(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A scope that ends in one commit or rollback."""
    leave = item.methods.get("__exit__") or item.methods.get("__aexit__")
    if leave is None:
        return
    ends = {c.name for c in leave.calls if c.receiver == "self" or own_field(c.receiver)} & _ENDS
    offered = {m.name.lstrip("_") for m in item.methods.values()} & _ENDS
    if ends and (offered or ends == _ENDS):
        label = "unit_of_work" if offered else "transaction_manager"
        yield Label(label, 0.9, (leave.line,))
    elif offered == _ENDS:
        yield Label("unit_of_work", 0.8, (leave.line,))
    elif _undoes(item, leave, module) or _opens_session(item):
        yield Label("unit_of_work", 0.6, (leave.line,))


def _undoes(item: ClassFacts, leave: FunctionFacts, module: ModuleFacts) -> bool:
    """Leaving calls an end that subclasses fill in, and there is another such end for success."""
    own = [module.method(item, c.name) for c in leave.calls if c.receiver == "self"]
    ends = [m for m in own if m is not None and m.open and not m.params]
    others = [
        m for m in item.methods.values()
        if not m.special and not m.params and m not in ends
        and (m.open or any(_leads_on(c, item, module) for c in m.calls))
    ]  # fmt: skip
    told = [m for m in item.methods.values() if not m.special and m.params]
    return bool(ends) and bool(others) and not told and len(item.methods) <= 10


def _leads_on(call: Call, item: ClassFacts, module: ModuleFacts) -> bool:
    """Whether it calls a step that subclasses fill in."""
    step = module.method(item, call.name) if call.receiver == "self" else None
    return step is not None and step.open


def _opens_session(item: ClassFacts) -> bool:
    """Entering makes a session and gives it to what will work on it; leaving and two methods end it."""
    enter = item.methods.get("__enter__") or item.methods.get("__aenter__")
    if enter is None:
        return False
    made = [s for s in enter.stores if own_field(s.path) and s.value_path.endswith("()")]
    names = {own_field(s.path) for s in made}
    handed = any(
        {own_field(path) for path in call.passed} & names and made_class(call.path + "()")
        for call in enter.calls
    )
    ends = [
        m for m in item.methods.values() if not m.special and {own_field(c.receiver) for c in m.calls} & names
    ]
    return len(made) >= 2 and handed and len(ends) >= 2


def transaction(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A generator that commits after its body, and rolls back if that fails."""
    names = {c.name for c in function.calls}
    if function.yields and names >= _ENDS:
        yield Label("transaction_manager", 0.85, (function.line,))


def service(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """One use case: in a transaction that it is given, fetches domain objects and has them act."""
    for name in function.params:
        scoped = name in function.withs or any(c.receiver == name and c.name in _ENDS for c in function.calls)
        fetches = [c for c in function.calls if c.path.startswith(f"{name}.") and c.path.count(".") >= 2]
        if scoped and fetches and name in function.withs:
            yield Label("service_layer", 0.75, (function.line, fetches[0].line))
            return
    for other in module.functions:
        if other is function:
            continue
        for call in function.calls:
            if call.path == other.name and set(call.passed) & set(function.params) & set(other.withs):
                yield Label("service_layer", 0.65, (function.line, call.line))
                return


def service_class(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Use cases over repositories that it is given."""
    stores = {
        name for name, field in item.fields.items()
        if "param" in field.kinds and any(named(text, *_STORES) for text in (*field.types, name))
    }  # fmt: skip
    uses = [m for m in item.public if {own_field(c.receiver) for c in m.calls} & stores]
    if stores and len(uses) * 2 > len(item.public):
        yield Label("service_layer", 0.6 + bonus(item.name, "service"), tuple(m.line for m in uses))


def value_object(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Equal by what it holds, and not changed."""
    for node in item.node.decorator_list:
        keywords = {k.arg: k.value for k in node.keywords} if isinstance(node, ast.Call) else {}
        fixed = [keywords.get("frozen"), keywords.get("unsafe_hash")]
        if any(isinstance(value, ast.Constant) and value.value is True for value in fixed):
            yield Label("value_object", 0.75, (node.lineno,))
    bases = module.ancestors(item)
    if len(item.bases) > len(module.parents(item)) or any(
        m.open for base in bases for m in base.methods.values()
    ):
        return
    equal, hashed = item.methods.get("__eq__"), item.methods.get("__hash__")
    if equal is None or (hashed is None and not _unchanged(item)):
        return
    compared = {own_field(path) for path in equal.reads} - {"__class__", ""}
    if (len(compared) >= 2 or "__dict__" in compared) and _unchanged(item):
        yield Label("value_object", 0.7, (equal.line,))


def _unchanged(item: ClassFacts) -> bool:
    return bool(item.fields) and all(
        setter in {"__init__", "__new__", "__post_init__"}
        for field in item.fields.values()
        for setter in field.setters
    )


def aggregate(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Keeps its parts consistent, and notes what happened as events."""
    for name, field in item.fields.items():
        noted = [
            call.line for method in item.public for call in method.calls
            if call.path == f"self.{name}.append" and any(made_class(p) for p in call.arguments)
        ]  # fmt: skip
        if len(noted) >= 2 and "list" in field.kinds and words(name) & {"events", "event", "messages"}:
            yield Label("aggregate", 0.65, tuple(noted))


DETECTORS = (unit_of_work, service_class, value_object, aggregate)
