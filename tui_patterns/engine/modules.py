"""Which file of a project a module's dotted name means.

A *base* is a path below the project's root without its suffix: ``src/pkg/mod``
is ``src/pkg/mod.py``, or the package ``src/pkg/mod/``. An absolute name starts
at an import root: a folder that is no package itself and holds packages or
modules. Of two roots that offer the same name, the shorter path wins.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

_STDLIB = frozenset(sys.stdlib_module_names)
_ROOTS = frozenset({"", "src", "lib", "python"})


class Modules:
    """The modules among a project's *files*, by path from its root; *name* is that of its folder."""

    def __init__(self, files: Iterable[str], name: str) -> None:
        self._name = name
        self._files: set[str] = set()
        self._below: Counter[str] = Counter()
        """How many files lie below each folder."""
        self._modules: Counter[str] = Counter()
        """How many files are the module of each base."""
        self._named: dict[str, set[str]] = {}
        """All bases by their last name."""
        self._inside: dict[str, set[str]] = {}
        """The last names of the bases that lie directly in a folder."""
        self.tops: dict[str, str] = {}
        self.change(files, ())

    def change(self, added: Iterable[str], removed: Iterable[str]) -> tuple[set[str], set[str]]:
        """Take in files that came and went; the bases, and the first names, that mean something else now."""
        added, removed = set(added) - self._files, set(removed) & self._files
        touched = {base for path in added | removed for base in existence_keys(path)}
        before = {base: self._meaning(base) for base in touched}
        self._files = (self._files - removed) | added
        for path in added | removed:
            self._count(path, 1 if path in added else -1)
        changed = {base for base in touched if self._meaning(base) != before[base]}
        names = self._renamed(changed, added | removed)
        return changed, {name for name in names if self._settle(name)}

    def _meaning(self, base: str) -> tuple[str | None, bool, bool]:
        return self.file_of(base), self._below[base] > 0, self._modules[base] > 0

    def _count(self, path: str, by: int) -> None:
        for folder in _parents(path):
            self._below[folder] += by
            self._list(folder)
        base = path.rpartition(".")[0]
        if not path.endswith("/__init__.py") and base not in ("", "__init__"):
            self._modules[base] += by
            self._list(base)

    def _list(self, base: str) -> None:
        folder, _, last = base.rpartition("/")
        self._inside.setdefault(folder, set()).add(last)
        bases = self._named.setdefault(last, set())
        if self._below[base] > 0 or self._modules[base] > 0:
            bases.add(base)
        else:
            bases.discard(base)

    def _renamed(self, changed: Iterable[str], paths: Iterable[str]) -> set[str]:
        """First names that may mean something else: of bases, and of all in what is a package now or was."""
        names = {base.rpartition("/")[2] for base in changed}
        for path in paths:
            folder, _, file = path.rpartition("/")
            if file == "__init__.py":
                names |= self._inside.get(folder, set())
                names |= {self._name} if not folder else set()
        return names

    def _settle(self, name: str) -> bool:
        """Decide anew what a first name means; whether that changed."""
        before = self.tops.pop(name, None)
        bases = [
            base
            for base in self._named.get(name, ())
            if not self._is_package(base.rpartition("/")[0]) and name not in _STDLIB
        ]
        if name == self._name and self._is_package(""):
            bases.append("")
        if bases and _sure(bases):
            self.tops[name] = _first(bases)
        return self.tops.get(name) != before

    def file_of(self, base: str) -> str | None:
        """The file behind a base: the module, or a package's own code."""
        for path in (f"{base}.py", f"{base}/__init__.py" if base else "__init__.py", f"{base}.pyi"):
            if path in self._files:
                return path
        return None

    def exists(self, base: str) -> bool:
        """Whether the base is a module, a package or a folder."""
        return self._below[base] > 0 or self.file_of(base) is not None

    def base_named(self, path: str) -> str | None:
        """The base of a module's path (``pkg.mod``, ``src/pkg//mod``), by where it lies alone."""
        folder, local, dotted = path.rpartition("//")
        first, _, rest = dotted.partition(".")
        base = "/".join(filter(None, (folder, first))) if local else self.tops.get(first)
        return None if base is None else "/".join(filter(None, (base, *rest.split("."))))

    def top(self, name: str) -> str | None:
        """The base that an absolute import's first name means; ``None`` for what is not of the project."""
        return self.tops.get(name)

    def _is_package(self, folder: str) -> bool:
        return (f"{folder}/__init__.py" if folder else "__init__.py") in self._files


def _parents(path: str) -> list[str]:
    found = []
    folder = path.rpartition("/")[0]
    while folder:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found


def _first(bases: Iterable[str]) -> str:
    return min(bases, key=lambda base: (base.count("/"), base))


def _sure(bases: list[str]) -> bool:
    """One place, or one at a usual import root: of two scripts of one name, neither is meant by it."""
    return len(bases) == 1 or any(base.rpartition("/")[0] in _ROOTS for base in bases)


def existence_keys(path: str) -> set[str]:
    """The bases whose existence a file at *path* has a part in."""
    folder = {""} if path == "__init__.py" else set()
    return {path.rpartition(".")[0], *_parents(path), *folder}
