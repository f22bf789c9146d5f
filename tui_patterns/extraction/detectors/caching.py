"""Caches: look a key up, else compute the value and keep it under that key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import called, decorator_name, decorators, last, lines, words_of
from tui_patterns.extraction.detectors.wrappers import returned_inner, wraps_functions
from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.nodes import compared, dotted, kind, names_in, text, under, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_MEMOIZERS = frozenset(
    {"lru_cache", "alru_cache", "ttl_cache", "lfu_cache", "fifo_cache", "rr_cache", "mru_cache", "cached",
     "cachedmethod", "memoize", "memoized", "cache_page", "cache_data", "cache_resource"}
)  # fmt: skip
_PUTS = frozenset({"set", "put", "add", "setex", "store"})
_ASKS = frozenset({"get", "load", "fetch", "lookup", "read"})
_SAVES = frozenset({"set", "put", "store", "save", "write"})
_MISSES = frozenset({"KeyError", "LookupError", "Exception"})
_BIRTH = frozenset({"__new__", "__init_subclass__", "__setitem__", "__setattr__"})


def lookup_or_compute(function: FunctionFacts) -> Label | None:
    """The lines where a function looks a key up, returns what it finds, and keeps what it made."""
    if function.name in _BIRTH or not function.own("Return"):
        return None
    for container, key, stored in stores(function):
        looked = _lookup(function, container, key)
        if (
            looked is None
            or _counts_up(function, container, stored)
            or not _outlives(function, container)
            or not _is_computed(function, stored)
        ):
            continue
        if _is_given_back(function, container, stored):
            return Label("caching", 0.85, lines(looked, stored))
    return None


def _counts_up(function: FunctionFacts, container: str, stored: Any) -> bool:
    """Whether the new value comes from the one kept before: a count, not a cache."""
    value = stored.args[1] if kind(stored) == "Call" else stored.value
    direct = kind(value) in {"BinOp", "Call", "BoolOp"} and container in _dotted_in(value)
    seen = {dotted(target) for target, made, _ in function.bindings() if container in _dotted_in(made)} - {""}
    return direct or (kind(value) == "BinOp" and bool(seen & names_in(value)))


def _is_given_back(function: FunctionFacts, container: str, stored: Any) -> bool:
    """Whether what is kept, or what is found, is what the function returns."""
    value = stored.args[1] if kind(stored) == "Call" else stored.value
    kept = {container, dotted(value)} | {dotted(target) for target in getattr(stored, "targets", ())}
    kept |= {dotted(target) for target, value, _ in function.bindings() if container in _dotted_in(value)}
    returned = [node.value for node in function.own("Return") if node.value is not None]
    return any(_dotted_in(item) & (kept - {""}) for item in returned)


def _dotted_in(root: Any) -> set[str]:
    return {dotted(node) for node in walk(root) if kind(node) in {"Name", "Attribute"}}


def stores(function: FunctionFacts) -> Iterator[tuple[str, str, Any]]:
    """(container, key, node) of ``c[k] = v``, ``c.set(k, v)`` and ``c.setdefault(k, v)``."""
    for target, _, node in function.bindings():
        if kind(target) == "Subscript" and kind(target.slice) not in {"Constant", "Slice"}:
            yield dotted(target.value), text(target.slice), node
    for call in function.own("Call"):
        if _is_put(call) and (kind(call.args[0]) != "Constant" or called(call) == "set"):
            yield dotted(call.func.value), text(call.args[0]), call


def _is_put(call: Any) -> bool:
    says = called(call) in _PUTS or called(call).partition("_")[0] in _SAVES
    return kind(call.func) == "Attribute" and says and len(call.args) > 1


def _lookup(function: FunctionFacts, container: str, key: str) -> Any:
    """``k in c``, ``c.get(k)``, or ``c[k]`` under an ``except KeyError``, for a container with a name."""
    if not container:
        return None
    for node in function.own("Compare"):
        op, right = compared(node)[0]
        if op in {"in", "not in"} and dotted(right) == container and text(node.left) == key:
            return node
    for call in function.own("Call"):
        if _asks(call, container) and call.args and text(call.args[0]) == key:
            return call
    for node in function.own("Subscript"):
        block = under(node, {"Try"})
        if dotted(node.value) == container and text(node.slice) == key and _misses(block):
            return node
    return None


def _asks(call: Any, container: str) -> bool:
    """``c.get(k)``, or a method of another object that says so: ``self.get_from_cache(k)``."""
    receiver, _, name = dotted(call.func).rpartition(".")
    return receiver == container and (name == "get" or name.partition("_")[0] in _ASKS)


def _misses(block: Any) -> bool:
    caught = [handler.type for handler in block.handlers if handler.type is not None] if block else []
    return any(name in _MISSES for type_ in caught for name in names_in(type_))


def _outlives(function: FunctionFacts, container: str) -> bool:
    """Whether the container is kept between calls: an attribute, a global or a closure's variable."""
    first, _, rest = container.partition(".")
    if rest:
        return "__dict__" not in container
    bound = {dotted(target) for target, value, _ in function.bindings() if not _is_held(value)}
    return first not in bound and first not in function.parameters


def _is_held(value: Any) -> bool:
    """What an object keeps, or gives by a method without arguments."""
    if kind(value) == "Call" and not value.args and not value.keywords:
        value = value.func
    return kind(value) == "Attribute" and dotted(value).startswith(("self.", "cls."))


def _is_computed(function: FunctionFacts, stored: Any) -> bool:
    """Whether a call gives the value kept, and not merely an instance of the class itself."""
    value = stored.args[1] if kind(stored) == "Call" else stored.value
    if kind(value) == "Name":
        return any(_is_made(made) for target, made, _ in function.bindings() if dotted(target) == value.id)
    return _is_made(value)


def _is_made(value: Any) -> bool:
    calls = [node for node in walk(value) if kind(node) == "Call"]
    own = {"cls", "super", "super.()", "object.__new__"}
    return bool(calls) and not any(dotted(call.func).partition(".__")[0] in own for call in calls)


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that keep their results, are kept by a decorator, or are such a decorator."""
    for decorator in decorators(function.node):
        if last(getattr(decorator, "func", decorator)) in _MEMOIZERS and decorator_name(decorator):
            yield Label("memoize", 0.9, lines(decorator))
    label = lookup_or_compute(function)
    if label is not None:
        yield label
    made = decorates(function, module)
    if made is not None:
        yield made


def decorates(function: FunctionFacts, module: ModuleFacts) -> Label | None:
    """Whether a function is a decorator that keeps results; followed once into those it returns."""
    own = _keeps(function, module)
    if own is not None:
        return own
    values = [node.value for node in function.own("Return")]
    local = [module.top.get(_innermost(value)) for value in values]
    found = [made for item in local if item and item is not function and (made := _keeps(item, module))]
    if values and len(found) == len(values):
        return Label("caching_decorator", 0.8, lines(*values))
    return None


def _innermost(value: Any) -> str:
    while kind(value) == "Call" and kind(value.func) == "Call":
        value = value.func
    return dotted(value.func) if kind(value) == "Call" else ""


def _keeps(function: FunctionFacts, module: ModuleFacts) -> Label | None:
    if wraps_functions(function, module) is None:
        return None
    inner = returned_inner(function)
    for one in [*inner, *(deep for item in inner for deep in item.inner)]:
        if (label := lookup_or_compute(one)) is not None:
            return Label("caching_decorator", 0.9, label.evidence)
    given = [name for name in function.parameters if words_of(name) & {"cache", "maxsize", "ttl"}]
    if given and set(given) & _names_deep(function):
        return Label("caching_decorator", 0.75, lines(function.node))
    return None


def _names_deep(function: FunctionFacts) -> set[str]:
    used = names_in(*function.node.body)
    return used.union(*(_names_deep(inner) for inner in function.inner))


FUNCTIONS = (functions,)
