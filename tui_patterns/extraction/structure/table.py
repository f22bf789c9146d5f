"""The classes and functions of one file, and how they are related."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from tui_patterns.extraction.structure.facts import ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field

# Of a family as large as this, more members tell nothing more.
MOST_KIN = 48
T = TypeVar("T")
Foreign = Callable[[str], "ClassFacts | None"]


@dataclass
class ModuleFacts:
    """One file as detectors see it.

    ``definitions`` holds every class and function by (line, name), those inside
    functions too; ``classes`` and ``functions`` only what can be reached from
    outside; ``local`` the classes made inside functions.

    ``foreign`` finds a class of another file by its dotted origin, for bases.
    Without it, what comes from elsewhere is known by name only.
    """

    classes: list[ClassFacts] = field(default_factory=list)
    functions: list[FunctionFacts] = field(default_factory=list)
    local: list[ClassFacts] = field(default_factory=list)
    definitions: dict[tuple[int, str], ClassFacts | FunctionFacts] = field(default_factory=dict)
    variables: dict[str, ast.expr | None] = field(default_factory=dict)
    foreign: Foreign | None = None
    origin: Callable[[str], str] = str

    memo: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What *make* gives, made once for this file."""
        if key not in self.memo:
            self.memo[key] = make()
        return cast(T, self.memo[key])

    @cached_property
    def top(self) -> dict[str, FunctionFacts]:
        """The functions of the module by name; of several the last."""
        return {item.name: item for item in self.functions}

    @cached_property
    def every_class(self) -> dict[str, ClassFacts]:
        """All classes by name, local ones too; of several the last."""
        return {item.name: item for item in (*self.classes, *self.local)}

    @cached_property
    def by_name(self) -> dict[str, ClassFacts]:
        return {item.name: item for item in reversed(self.classes)}

    @cached_property
    def _children(self) -> dict[ClassFacts, list[ClassFacts]]:
        found: dict[ClassFacts, list[ClassFacts]] = {}
        for item in self.classes:
            for base in self.parents(item):
                found.setdefault(base, []).append(item)
        return found

    @cached_property
    def _by_method(self) -> dict[str, list[ClassFacts]]:
        found: dict[str, list[ClassFacts]] = {}
        for item in self.classes:
            for name in item.methods:
                known = found.setdefault(name, [])
                if len(known) < MOST_KIN:
                    known.append(item)
        return found

    def find(self, name: str) -> ClassFacts | None:
        """A class by the (dotted) name that code of this file uses for it."""
        return self.by_name.get(name.rpartition(".")[2])

    def base(self, name: str) -> ClassFacts | None:
        """A class that a class of this file derives from by that name; it may stand in another file."""
        known = self.find(name)
        return known or (self.foreign(self.origin(name)) if self.foreign else None)

    def parents(self, item: ClassFacts) -> list[ClassFacts]:
        home: ModuleFacts = item.home or self
        found = (home.base(base) for base in item.bases)
        return [base for base in found if base is not None and base is not item]

    def ancestors(self, item: ClassFacts) -> list[ClassFacts]:
        """Bases that are known, nearest first."""
        return self.once(("ancestors", item), lambda: _reached(item, self.parents))

    def descendants(self, item: ClassFacts) -> list[ClassFacts]:
        """Classes derived from it, nearest first."""
        return self.once(("descendants", item), lambda: _reached(item, self._derived))

    def open_steps(self) -> None:
        """Mark as open what only raises, whatever it raises, and is filled in by a subclass of this file."""
        for item in self.classes:
            for method in item.methods.values():
                if method.raises_only and not method.special and not method.abstract:
                    method.abstract = any(method.name in c.methods for c in self._heirs(item))

    def _heirs(self, item: ClassFacts) -> list[ClassFacts]:
        """Classes of this file that derive from it, whatever other files say."""
        own = [c for c in self.classes if c is not item and any(self.find(b) is item for b in c.bases)]
        return own + [c for c in self.classes if any(self.find(b) in own for b in c.bases)]

    def _derived(self, item: ClassFacts) -> list[ClassFacts]:
        return self._children.get(item, [])

    def method(self, item: ClassFacts, name: str) -> FunctionFacts | None:
        """The method that *item* has by that name, its own or inherited."""
        return next((c.methods[name] for c in (item, *self.ancestors(item)) if name in c.methods), None)

    def field(self, item: ClassFacts, name: str) -> Field | None:
        """An attribute, its own or inherited; a property that only returns one stands for it."""
        fields = self.fields(item)
        prop = self.method(item, name)
        if prop is not None and prop.kind == "property" and len(prop.returns) == 1:
            inner = own_field(prop.returns[0].path)
            if prop.returns[0].path == f"self.{inner}" and inner in fields:
                return fields[inner]
        return fields.get(name)

    def fields(self, item: ClassFacts) -> dict[str, Field]:
        """All attributes by name, its own and inherited."""
        return self.once(("fields", item), lambda: self._fields(item))

    def _fields(self, item: ClassFacts) -> dict[str, Field]:
        found: dict[str, Field] = {}
        for owner in (item, *self.ancestors(item)):
            found = owner.fields | found
        return found

    def has_unknown_base(self, item: ClassFacts) -> bool:
        """Whether it derives from a class that is not in sight (and says something)."""
        plain = {"object", "ABC", "Protocol", "Generic"}
        home: ModuleFacts = item.home or self
        return any(b.rpartition(".")[2] not in plain and home.base(b) is None for b in item.bases)

    def is_library(self, name: str) -> bool:
        """Whether a name was imported from the standard library."""
        return self.origin(name).partition(".")[0] in sys.stdlib_module_names

    def is_interface(self, item: ClassFacts) -> bool:
        """Whether most of what it offers is left to subclasses."""
        return self.once(("interface", item), lambda: self._is_interface(item))

    def _is_interface(self, item: ClassFacts) -> bool:
        plain = {"property", "setter"}
        methods = [
            m for m in item.methods.values() if m.name != "__init__" and (m.open or m.kind not in plain)
        ]
        return bool(methods) and sum(m.open for m in methods) * 2 > len(methods)

    def defining(self, names: Iterable[str]) -> list[ClassFacts]:
        """Classes that have all of these methods, at least one of them their own."""
        wanted = set(names)
        some = {c: None for name in wanted for c in self._by_method.get(name, ())}
        return [c for c in some if all(self.method(c, name) for name in wanted)]

    def knows(self, item: ClassFacts, name: str) -> bool:
        """Whether it has an attribute or method of that name, its own or inherited."""
        return any(name in c.methods or name in c.fields for c in (item, *self.ancestors(item)))

    def kin(self, item: ClassFacts) -> list[ClassFacts]:
        """All classes that share an ancestor with it, ancestors included; not itself."""
        return self.once(("kin", item), lambda: self._kin(item))

    def _kin(self, item: ClassFacts) -> list[ClassFacts]:
        found: dict[ClassFacts, None] = {}
        for root in self.ancestors(item) or [item]:
            found |= dict.fromkeys((root, *self.descendants(root)))
        found.pop(item, None)
        return list(found)[:MOST_KIN]


def _reached(item: ClassFacts, step: Callable[[ClassFacts], list[ClassFacts]]) -> list[ClassFacts]:
    """All that repeated *step*s lead to from *item*, nearest first."""
    found: dict[ClassFacts, None] = {}
    left = list(step(item))
    for reached in left:
        if reached is not item and reached not in found and len(found) < MOST_KIN:
            found[reached] = None
            left += step(reached)
    return list(found)
