"""The symbol table of a project: what a path (``extraction/symbolic.py``) stands for.

Besides the answer, each resolution says which names it asked for, found or not
(its *needs*), so that after an edit only what asked for a changed name has to
be resolved again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from tui_patterns.engine.modules import Modules

Names = Callable[[str], Mapping[str, str]]
MOST_BASES = 24
FEW_STARS = 8  # of more files that star imports lead to, each change concerns all who asked
DEEPEST = 40
MOST_STEPS = 5_000  # for names that chase each other in circles; what is sane takes tens

SymbolKind = Literal["module", "class", "function", "property", "instance", "super"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a path stands for: ``name`` in ``file``, or a module by its base in ``file``.

    ``given`` is the path of what a function gives or a property holds; ``owner``
    the class it was looked up on.
    """

    kind: SymbolKind
    file: str
    name: str = ""
    given: str = ""
    owner: Symbol | None = None

    @property
    def is_definition(self) -> bool:
        return self.kind in ("class", "function", "property")


Found = tuple[Symbol | None, frozenset[int]]
_UNKNOWN: Found = (None, frozenset())
LIKELY_KEY = -1
"""Among the needs: something on the way is likely, and not certain."""


def name_key(file: str, name: str) -> int:
    """The key of a visible name of a file."""
    return crc32(f"{file}#{name}".encode())


def star_key(name: str) -> int:
    """The key of a name that any of many star imports may bring; ``*``: of which files they reach."""
    return crc32(f"*{name}".encode())


def module_key(base: str) -> int:
    """The key of whether a module is there."""
    return crc32(f"?{base}".encode())


def top_key(name: str) -> int:
    """The key of what an absolute import's first name means."""
    return crc32(f"^{name}".encode())


class SymbolTable:
    """Resolves paths over *modules*; *names* gives a file's visible names (``extraction/outline.py``)."""

    def __init__(self, modules: Modules, names: Names) -> None:
        self._modules = modules
        self._names = names
        self._known: dict[str, Found] = {}
        self._open: set[str] = set()
        self._needs: set[int] = set()
        self._cuts = 0
        self._steps = 0
        self._stars: dict[str, tuple[list[str], set[int]]] = {}

    def resolve(self, path: str) -> Found:
        """The symbol of *path* and the keys of all that was asked on the way."""
        self._steps = 0
        symbol, needs = self._path(path.lstrip("~"))
        return (symbol, needs | {LIKELY_KEY}) if path.startswith("~") else (symbol, needs)

    def _path(self, path: str) -> Found:
        if path in self._known:
            return self._known[path]
        self._steps += 1
        if path in self._open or len(self._open) > DEEPEST or self._steps > MOST_STEPS:
            self._cuts += 1
            return _UNKNOWN
        self._open.add(path)
        outer, self._needs, cuts = self._needs, set(), self._cuts
        try:
            symbol = self._last_step(path)
            found = (symbol, frozenset(self._needs))
        finally:
            self._open.discard(path)
            self._needs = outer
        if cuts == self._cuts:  # what was cut short inside a cycle is not remembered
            self._known[path] = found
        return found

    def _follow(self, path: str, receiver: Symbol | None = None) -> Symbol | None:
        """The symbol of a path that another one leads to; ``$`` is the receiver."""
        if path == "$":
            return receiver
        if path.startswith("~"):
            self._needs.add(LIKELY_KEY)
        symbol, needs = self._path(path.lstrip("~"))
        self._needs |= needs
        return symbol

    def _last_step(self, path: str) -> Symbol | None:
        if path.endswith("()"):
            return self._called(self._value(self._follow(path[:-2])))
        if path.endswith("^"):
            on = self._value(self._follow(path[:-1]))
            return Symbol("super", on.file, on.name, owner=on) if on and on.kind == "instance" else None
        folder, local, dotted = path.rpartition("//")
        if "." in dotted:
            base, _, name = path.rpartition(".")
            return self._attribute(self._value(self._follow(base)), name)
        if local:
            return self._attribute(Symbol("module", folder), dotted) if dotted else Symbol("module", folder)
        return self._top(path)

    def _top(self, name: str) -> Symbol | None:
        self._needs.add(top_key(name))
        base = self._modules.top(name)
        return Symbol("module", base) if base is not None else None

    def _value(self, symbol: Symbol | None) -> Symbol | None:
        """What is read where a property stands."""
        if symbol is None or symbol.kind != "property":
            return symbol
        return self._follow(symbol.given, symbol.owner) if symbol.given else None

    def _called(self, symbol: Symbol | None) -> Symbol | None:
        if symbol is None:
            return None
        if symbol.kind == "class":
            return Symbol("instance", symbol.file, symbol.name)
        if symbol.kind == "instance":
            return self._called(self._attribute(symbol, "__call__"))
        return (
            self._follow(symbol.given, symbol.owner) if symbol.kind == "function" and symbol.given else None
        )

    def _attribute(self, symbol: Symbol | None, name: str) -> Symbol | None:
        if symbol is None:
            return None
        if symbol.kind == "module":
            return self._of_module(symbol.file, name)
        if symbol.kind == "function":
            return self._entry(symbol.file, f"{symbol.name}.{name}", None)
        if name == "__class__" and symbol.kind == "instance":
            return Symbol("class", symbol.file, symbol.name)
        if symbol.kind == "super" and symbol.owner is not None:
            return self._inherited(symbol, name, symbol.owner, {(symbol.file, symbol.name)})
        return self._of_class(symbol, name, symbol, set())

    # -- modules ----------------------------------------------------------------------

    def _of_module(self, base: str, name: str) -> Symbol | None:
        self._needs.add(module_key(base))
        file = self._modules.file_of(base)
        if file is not None and (found := self._entry(file, name, None)) is not None:
            return found
        inner = f"{base}/{name}" if base else name
        self._needs.add(module_key(inner))
        if self._modules.exists(inner):
            return Symbol("module", inner)
        return self._starred(file, name) if file is not None else None

    def _starred(self, file: str, name: str) -> Symbol | None:
        """From what a file imports with a star, and what those files import so: the nearest that has it."""
        modules, asked = self._reached(file)
        if len(modules) <= FEW_STARS:
            self._needs |= asked
            self._needs.update(name_key(module, name) for module in modules)
        else:
            self._needs |= {star_key("*"), star_key(name)}
        for module in modules:
            symbol = self._entry(module, name, None) if name in self._names(module) else None
            if symbol is not None:
                self._needs.add(LIKELY_KEY)  # another star may hide it
                return symbol
        return None

    def _reached(self, file: str) -> tuple[list[str], set[int]]:
        """The files that star imports lead to from a file, breadth first, and the keys of what was asked."""
        if file not in self._stars:
            seen, waiting = [file], [file]
            asked: set[int] = set()
            while waiting:
                one = waiting.pop(0)
                asked.add(name_key(one, "*"))
                for path in filter(None, self._names(one).get("*", "").split(",")):
                    found = self._starred_file(path, asked)
                    if found is not None and found not in seen:
                        seen.append(found)
                        waiting.append(found)
            self._stars[file] = seen[1:], asked
        return self._stars[file]

    def _starred_file(self, path: str, asked: set[int]) -> str | None:
        """The file behind the path of a star import."""
        if "//" not in path:
            asked.add(top_key(path.partition(".")[0]))
        base = self._modules.base_named(path)
        if base is None:
            return None
        asked.add(module_key(base))
        return self._modules.file_of(base)

    def _entry(self, file: str, name: str, owner: Symbol | None) -> Symbol | None:
        self._needs.add(name_key(file, name))
        text = self._names(file).get(name)
        if text is None:
            return None
        letter, rest = text[0], text[1:]
        if letter in "v=":
            found = self._follow(rest, _instance(owner))
            return self._value(found) if letter == "v" else found  # what a property gave when it was stored
        if letter == "c":
            return Symbol("class", file, name)
        return Symbol("property" if letter == "g" else "function", file, name, rest, _instance(owner))

    # -- classes ----------------------------------------------------------------------

    def _of_class(
        self, symbol: Symbol, name: str, owner: Symbol, seen: set[tuple[str, str]]
    ) -> Symbol | None:
        found = self._entry(symbol.file, f"{symbol.name}.{name}", owner)
        return found if found is not None else self._inherited(symbol, name, owner, seen)

    def _inherited(
        self, symbol: Symbol, name: str, owner: Symbol, seen: set[tuple[str, str]]
    ) -> Symbol | None:
        """From the bases in order, depth first."""
        self._needs.add(name_key(symbol.file, symbol.name))
        seen.add((symbol.file, symbol.name))
        text = self._names(symbol.file).get(symbol.name, "")
        for path in text[1:].split(",") if text.startswith("c") else ():
            base = self._follow(path) if path else None
            fresh = base is not None and base.kind == "class" and (base.file, base.name) not in seen
            if fresh and base is not None and len(seen) < MOST_BASES:
                found = self._of_class(base, name, owner, seen)
                if found is not None:
                    return found
        return None


def _instance(owner: Symbol | None) -> Symbol | None:
    return Symbol("instance", owner.file, owner.name) if owner is not None else None
