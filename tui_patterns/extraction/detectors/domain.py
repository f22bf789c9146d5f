"""Persistence and domain: repository, unit of work, service layer, value object, aggregate."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus, named, words
from tui_patterns.extraction.structure.facts import Call, ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

# What sessions, connections and collections of the usual libraries are called with.
_WRITES = frozenset(
    {"add", "add_all", "merge", "delete", "insert_one", "insert_many", "save", "insert", "update_one", "delete_one",
     "replace_one", "persist", "put_item", "remove", "append", "refresh"}
)  # fmt: skip
_READS = frozenset(
    {"query", "get", "execute", "exec", "scalars", "scalar", "find", "find_one", "fetchone", "fetchall", "select",
     "filter", "filter_by", "fetchrow", "fetch", "get_item"}
)  # fmt: skip
_SQL = ("select ", "insert ", "update ", "delete ")
_ENDS = frozenset({"commit", "rollback"})


def repository(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Puts objects into a store and finds them again; what the store is, callers do not know."""
    writers = [m for m in item.methods.values() if _writes(m, item, module)]
    readers = [m for m in item.methods.values() if _reads(m, item, module)]
    named_so = bonus(item.name, "repository", "repo", "dao")
    if writers and readers and {m.name for m in writers} != {m.name for m in readers}:
        stored = 0.65 if _has_backend(item, module) else 0.5
        yield Label("repository", stored + named_so, tuple(sorted({m.line for m in [*writers, *readers]})))
    elif named_so and module.is_interface(item) and len(item.methods) >= 2:
        yield Label("repository", 0.7, (item.line,))


def _writes(method: FunctionFacts, item: ClassFacts, module: ModuleFacts) -> bool:
    """Hands a parameter to its store, or to a step that subclasses fill in."""
    if method.special or not method.params:
        return False
    for call in method.calls:
        given = set(call.passed) & set(method.params)
        if given and not call.used and _is_store(call, item, module, _WRITES):
            return True
    return _has_sql(method, "insert ", "update ", "delete ", "replace ")


def _reads(method: FunctionFacts, item: ClassFacts, module: ModuleFacts) -> bool:
    """Returns what its store, or such a step, answers."""
    if method.special or method.kind == "property":
        return False
    for call in method.calls:
        if call.used and _is_store(call, item, module, _READS):
            if any(path.startswith(call.path) or path == f"{call.path}()" for path in method.returned()):
                return True
    return _has_sql(method, "select ") and bool(method.returns)


def _is_store(call: Call, item: ClassFacts, module: ModuleFacts, names: frozenset[str]) -> bool:
    """One of *names* called on the session that it was given; or a step that subclasses fill in."""
    if call.receiver == "self":
        return _opens(call, item, module)
    held = own_field(call.receiver)
    field = module.fields(item).get(held)
    given = field is not None and "param" in field.kinds and "const" not in field.kinds
    return given and call.receiver == f"self.{held}" and call.name in names


def _opens(call: Call, item: ClassFacts, module: ModuleFacts) -> bool:
    method = module.method(item, call.name) if call.receiver == "self" else None
    return method is not None and method.open


def _has_backend(item: ClassFacts, module: ModuleFacts) -> bool:
    fields = module.fields(item).values()
    return any("param" in f.kinds for f in fields) or any(m.open for m in item.methods.values())


def _has_sql(method: FunctionFacts, *verbs: str) -> bool:
    for call in method.calls:
        if call.name in {"execute", "executemany", "fetch", "fetchrow"} and call.node.args:
            first = call.node.args[0]
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if text.lstrip().lower().startswith(verbs):
                return True
    return False


def crud(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A function that stores or finds one kind of object through the session that it is given."""
    for name in function.params:
        calls = [c for c in function.calls if c.receiver == name]
        used = {c.name for c in calls}
        stores = used & _WRITES and (used & _ENDS or "flush" in used)
        finds = any(c.name in _READS - {"get"} and c.used for c in calls) and _returns_found(function, name)
        if (stores or finds) and function.kind == "function" and not _has_logic(function, name):
            yield Label("crud", 0.75 if stores else 0.65, tuple(c.line for c in calls))
            return


def _returns_found(function: FunctionFacts, name: str) -> bool:
    return any(path.startswith(f"{name}.") for path in function.returned())


def _has_logic(function: FunctionFacts, name: str) -> bool:
    return bool(function.inner) or bool(function.yields)


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
        and (m.open or any((k := module.method(item, c.name)) and k.open for c in m.calls if c.receiver == "self"))
    ]  # fmt: skip
    told = [m for m in item.methods.values() if not m.special and m.params]
    return bool(ends) and bool(others) and not told and len(item.methods) <= 10


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
        if "param" in field.kinds and any(named(t, "repository", "repo", "dao", "work", "uow") for t in (*field.types, name))
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
            if call.receiver == f"self.{name}" and call.name == "append" and any(made_class(p) for p in call.arguments)
        ]  # fmt: skip
        if len(noted) >= 2 and "list" in field.kinds and words(name) & {"events", "event", "messages"}:
            yield Label("aggregate", 0.65, tuple(noted))


DETECTORS = (repository, unit_of_work, service_class, value_object, aggregate)
