"""One or few shared instances: singleton, borg, flyweight, object pool."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts, Store
from tui_patterns.extraction.structure.nodes import names_in
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_TAKE = frozenset({"pop", "popleft", "get", "get_nowait", "popitem"})
_GIVE = frozenset({"append", "appendleft", "put", "put_nowait", "add", "insert", "extend"})
_FEW = 8  # public methods of a class that is little more than a register of shared objects
_MAKERS = ("__new__()", "__call__()")


def singleton(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Creation that stores its instance on the class once, and returns that one ever after."""
    for method in item.methods.values():
        if method.name in {"__new__", "__call__"} or method.kind in {"class", "static"}:
            for store in method.stores:
                if _kept_once(method, store) and _is_own(item, method, store):
                    sure = 0.9 if method.name.startswith("__") else 0.75
                    yield Label("singleton", sure, (method.line, store.line))
    new = item.methods.get("__new__")
    if new is not None and new.returned() == {"cls"}:
        yield Label("singleton", 0.65, (new.line,))
    init = item.methods.get("__init__") or item.methods.get("__new__")
    for store in init.stores if init else ():
        shared = own_field(store.value_path) or own_field(store.value_path, "cls")
        if store.path.endswith(".__dict__") and shared in item.fields and item.fields[shared].shared:
            yield Label("borg", 0.95, (store.line,))


def _kept_once(method: FunctionFacts, store: Store) -> bool:
    """Assigned only if it was not there yet, without a key of the caller's, and given back."""
    root = holder(store.path)
    if not root or not (store.guarded or (f"{root}[]" == store.path and method.raised)):
        return False
    looked = any(test.startswith(root) for test in method.tests) or any("hasattr" in t for t in method.tests)
    given = any(path.startswith(root) or path == store.value_path for path in method.returned())
    keys = store.path != root and (method.params or method.variadic) and _keyed_by_caller(method, store)
    return looked and given and not keys


def one_of_class(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A decorator of classes: the function it puts in a class's place makes one instance, once."""
    given = set(function.params)
    for inner in function.inner:
        for store in inner.stores:
            made = store.value_path.removesuffix("()")
            if made not in given or made == store.value_path or not store.guarded or inner.name == made:
                continue
            root = store.path.removesuffix("[]")
            looked = any(test.startswith((root, made)) for test in inner.tests)
            if looked and _only_key(inner, made) and any(path.startswith(root) for path in _returned(inner)):
                yield Label("singleton", 0.8, (function.line, store.line))


def _only_key(inner: FunctionFacts, made: str) -> bool:
    """Whether items, if any, are kept by the class alone."""
    keys = [node.slice for node in inner.own("Subscript") if isinstance(node.ctx, ast.Store)]
    return all(isinstance(key, ast.Name) and key.id == made for key in keys)


def _returned(function: FunctionFacts) -> set[str]:
    """The paths of what it returns, plain names as they are written."""
    names = {item.value.id for item in function.returns if isinstance(item.value, ast.Name)}
    return function.returned() | names


def holder(path: str) -> str:
    for owner in ("cls", "self", "cls.__class__", "self.__class__"):
        name = own_field(path, owner)
        if name and name != "__class__":
            return f"{owner}.{name}"
    return ""


def _keyed_by_caller(method: FunctionFacts, store: Store) -> bool:
    """Whether the item stored under is told apart by more than the class itself."""
    for node in method.deep("Subscript"):
        if isinstance(node.ctx, ast.Store):
            return not (
                isinstance(node.slice, ast.Name) and method.names.get(node.slice.id) in {"cls", "self"}
            )
    return False


def _is_own(item: ClassFacts, method: FunctionFacts, store: Store) -> bool:
    made = store.value_path
    if made.endswith(_MAKERS) or made in {"cls()", "super()()"}:
        return True
    return made_class(made) == item.name or (method.name == "__call__" and made.endswith("()"))


def flyweight(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Instances kept by key: looked up, made only where missing, and given back."""
    for method in item.methods.values():
        for store in method.stores:
            root = holder(store.path)
            if (
                not root
                or store.path != f"{root}[]"
                or not store.guarded
                or not method.params + method.variadic
            ):
                continue
            shared = any(path.startswith(root) or path == store.value_path for path in method.returned())
            if shared and _keyed_by_caller(method, store) and _is_instance(item, store.value_path, module):
                yield Label("flyweight", 0.8 if method.special else 0.7, (method.line, store.line))


def listed_flyweight(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """The same with a list: searched by what is asked for; where nothing fits, made, kept and given."""
    for method in item.public if len(item.public) <= _FEW else ():
        for call in method.calls if method.params and method.kind != "property" else ():
            name = own_field(call.receiver)
            made = made_class(call.arguments[0]) if call.name in {"append", "add"} and call.arguments else ""
            given = made and call.arguments[0] in method.returned() and len(method.returns) > 1
            if given and name in item.fields and _is_searched(method, name) and not module.is_library(made):
                yield Label("flyweight", 0.65, (method.line, call.line))


def _is_searched(method: FunctionFacts, name: str) -> bool:
    """Whether it goes through a list of the object, comparing with what it was asked for."""
    gone_through = any(path == f"self.{name}" for path, _ in method.loops)
    filtered = any(c.path == "filter" and f"self.{name}" in c.arguments for c in method.calls)
    given = set(method.params)
    return (gone_through or filtered) and any(
        given & names_in(node) for node in method.own("Compare", "Lambda")
    )


def _is_instance(item: ClassFacts, made: str, module: ModuleFacts) -> bool:
    if made.endswith(_MAKERS) or made == "cls()":
        return True
    name = made_class(made)
    return bool(name) and not module.is_library(name)


def object_pool(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A bounded store that things are taken from and put back into."""
    for name, field in module.fields(item).items():
        if not field.is_container and not field.kinds & {"other", "made"}:
            continue
        taken, given = _traffic(item, module, name)
        if taken and given and taken[0] is not given[0] and _makes(item, module, name, taken[0]):
            sure = 0.65 + bonus(item.name, "pool")
            yield Label("object_pool", sure, (taken[1], given[1]))


def _traffic(
    item: ClassFacts, module: ModuleFacts, name: str
) -> tuple[tuple[FunctionFacts, int] | None, tuple[FunctionFacts, int] | None]:
    """The method that hands out of the store and the one that returns into it."""
    taken = given = None
    methods = [m for c in (item, *module.ancestors(item)) for m in c.methods.values() if m.name != "__init__"]
    for method in methods:
        for call in method.calls:
            if (
                call.receiver == f"self.{name}"
                and call.name in _TAKE
                and call.used
                and _hands_out(method, name)
            ):
                taken = taken or (method, call.line)
            if call.receiver == f"self.{name}" and call.name in _GIVE and _is_brought(call.arguments, method):
                given = given or (method, call.line)
    return taken, given


def _hands_out(method: FunctionFacts, name: str) -> bool:
    paths = method.returned() | {s.value_path for s in method.stores if own_field(s.path)}
    stem = f"self.{name}."
    return any(path.startswith(stem) for path in paths) or any(
        path.endswith("()") and not path.startswith("super") for path in method.returned()
    )


def _is_brought(arguments: tuple[str, ...], method: FunctionFacts) -> bool:
    return any(path in method.params or own_field(path) for path in arguments)


def _makes(item: ClassFacts, module: ModuleFacts, name: str, taken: FunctionFacts) -> bool:
    """A pool owns what it lends: it makes it, tracks what is out, or scopes the loan."""
    if {"__enter__", "__exit__"} <= item.methods.keys():
        return True
    owners = (item, *module.ancestors(item))
    others = [n for n, f in module.fields(item).items() if n != name and f.is_container]
    tracked = any(own_field(call.receiver) in others for call in taken.calls if call.name in _GIVE)
    filled = any(
        own_field(call.receiver) == name and call.looped and any(p.endswith("()") for p in call.arguments)
        for owner in owners for method in owner.methods.values() for call in method.calls
    )  # fmt: skip
    made_when_empty = any(
        path.endswith("()") and not path.startswith(f"self.{name}.") for path in taken.returned()
    )
    return tracked or filled or made_when_empty


DETECTORS = (singleton, flyweight, listed_flyweight, object_pool)
