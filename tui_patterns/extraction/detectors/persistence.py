"""Putting objects away and finding them again: repository and its functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import Call, ClassFacts, FunctionFacts, Store
from tui_patterns.extraction.structure.paths import own_field, path_of
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_WRITES = frozenset(
    {"add", "add_all", "merge", "delete", "insert_one", "insert_many", "save", "insert", "update_one",
     "delete_one", "replace_one", "persist", "put_item", "remove", "append", "refresh"}
)  # fmt: skip

_READS = frozenset(
    {"query", "get", "execute", "exec", "scalars", "scalar", "find", "find_one", "fetchone", "fetchall",
     "select", "filter", "filter_by", "fetchrow", "fetch", "get_item"}
)  # fmt: skip

_IDENTITIES = frozenset({"id", "pk", "identity", "uuid", "oid", "get_id", "primary_key", "_id"})
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


def identity_map(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Objects kept by their own identity, so that the same one is given for the same key."""
    kept: dict[str, int] = {}
    given: dict[str, int] = {}
    for method in item.methods.values():
        for store in method.stores:
            name = own_field(store.path)
            whole = store.value_path in method.params or _loads(store)
            if store.path == f"self.{name}[]" and whole and _by_identity(method, store):
                kept[name] = store.line
        for path in method.returned() if method.params else ():
            if path in {f"self.{own_field(path)}[]", f"self.{own_field(path)}.get()"}:
                given[own_field(path)] = method.line
    for name in kept.keys() & given.keys():
        yield Label("identity_map", 0.7, (kept[name], given[name]))
        return


def _loads(store: Store) -> bool:
    """Whether what is kept was just read from a store that the object holds."""
    return own_field(store.value_path) != "" and store.value_path.endswith("()")


def _by_identity(method: FunctionFacts, store: Store) -> bool:
    """Whether the key is the object's own id, or its class together with an id."""
    for node in method.own("Subscript"):
        if isinstance(node.ctx, ast.Store) and node.lineno == store.line:
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            paths = [path_of(part, method.names) for part in parts]
            classes = any(path.endswith(("__class__", "__class__.__name__")) for path in paths)
            ids = any(
                path.rpartition(".")[2].removesuffix("()") in _IDENTITIES and "." in path for path in paths
            )
            return ids or (classes and len(parts) > 1)
    return False


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
        given = any(path.startswith(call.path) for path in method.returned())
        if given and call.used and _is_store(call, item, module, _READS):
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


DETECTORS = (repository, identity_map)
