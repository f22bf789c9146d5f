"""Registers: what others hand in is kept under a key, or classes note themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.caches import is_cache
from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.detectors.shared_instances import holder
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts, Store
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def registry(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """What others hand in is kept under a key, to be found by it later; a cache is none."""
    if is_cache(item.methods) is not None:
        return
    for method in item.methods.values():
        for store in method.stores:
            root = holder(store.path)
            if not root or store.path != f"{root}[]" or store.added:
                continue
            if method.name in {"__new__", "__init__", "__init_subclass__"}:
                if _stores_class(item, method, store):
                    yield Label("registry", 0.85, (store.line,))
            elif not method.special and _is_given(method, store) and _is_central(item, root, method):
                if runs := _runs(item, root.rpartition(".")[2]):
                    yield Label("command", 0.55, (store.line, *runs))
                else:
                    yield Label(
                        "registry", 0.6 + bonus(item.name, "registry", "manager"), (method.line, store.line)
                    )


def _runs(item: ClassFacts, name: str) -> list[int]:
    """Where what was kept is only started, without being told anything: it keeps commands."""
    calls = [c for m in item.methods.values() for c in m.calls if c.path.startswith(f"self.{name}[].")]
    return [c.line for c in calls] if calls and all(not c.passed and not c.used for c in calls) else []


def _stores_class(item: ClassFacts, method: FunctionFacts, store: Store) -> bool:
    """The class being made registers itself."""
    is_meta = any(base.endswith(("type", "Meta")) for base in item.bases)
    itself = store.value_path in {"cls", "self"} or store.value_path.endswith("__new__()")
    return itself and (is_meta or method.name == "__init_subclass__")


def _is_given(method: FunctionFacts, store: Store) -> bool:
    return store.value_path in method.params


def _is_central(item: ClassFacts, root: str, writer: FunctionFacts) -> bool:
    """Whether others read the register, and a fair part of the class is about it."""
    name = root.rpartition(".")[2]
    users = [m for m in item.methods.values() if m is not writer and m.name != "__init__" and _reads(m, name)]
    asked = [m for m in users if not m.special or m.name == "__call__"]
    return bool(asked) and (len(users) + 1) * 4 >= len(item.methods)


def _reads(method: FunctionFacts, name: str) -> bool:
    paths = method.reads | {call.path for call in method.calls} | method.returned() | method.tests
    return any(own_field(path) == name or own_field(path, "cls") == name for path in paths)


DETECTORS = (registry,)
