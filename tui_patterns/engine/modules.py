"""Which file of a project a module's dotted name means.

A *base* is a path below the project's root without its suffix: ``src/pkg/mod``
is ``src/pkg/mod.py``, or the package ``src/pkg/mod/``. An absolute name starts
at an import root: a folder that is no package itself and holds packages or
modules. Of two roots that offer the same name, the shorter path wins.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

_STDLIB = frozenset(sys.stdlib_module_names)
_ROOTS = frozenset({"", "src", "lib", "python"})


class Modules:
    """The modules among a project's *files*, by path from its root; *name* is that of its folder."""

    def __init__(self, files: Iterable[str], name: str) -> None:
        self._files = frozenset(files)
        self._folders = frozenset(parent for path in self._files for parent in _parents(path))
        self.tops = self._tops(name)

    def file_of(self, base: str) -> str | None:
        """The file behind a base: the module, or a package's own code."""
        for path in (f"{base}.py", f"{base}/__init__.py" if base else "__init__.py", f"{base}.pyi"):
            if path in self._files:
                return path
        return None

    def exists(self, base: str) -> bool:
        """Whether the base is a module, a package or a folder."""
        return base in self._folders or self.file_of(base) is not None

    def file_named(self, path: str) -> str | None:
        """The file behind a module's path (``pkg.mod``, ``src/pkg//mod``), by where it lies alone."""
        folder, local, dotted = path.rpartition("//")
        first, _, rest = dotted.partition(".")
        base = "/".join(filter(None, (folder, first))) if local else self.tops.get(first)
        return None if base is None else self.file_of("/".join(filter(None, (base, *rest.split(".")))))

    def top(self, name: str) -> str | None:
        """The base that an absolute import's first name means; ``None`` for what is not of the project."""
        return self.tops.get(name)

    def _tops(self, name: str) -> dict[str, str]:
        found: dict[str, list[str]] = {}
        for base in self._bases():
            folder, _, last = base.rpartition("/")
            if not self._is_package(folder) and last not in _STDLIB:
                found.setdefault(last, []).append(base)
        if self._is_package(""):
            found.setdefault(name, []).append("")
        return {last: _first(bases) for last, bases in found.items() if _sure(bases)}

    def _bases(self) -> set[str]:
        modules = {path.rpartition(".")[0] for path in self._files if not path.endswith("/__init__.py")}
        return (modules | self._folders) - {"", "__init__"}

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


def changed_tops(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """First names that mean something else now."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def existence_keys(path: str) -> set[str]:
    """The bases whose existence a file at *path* has a part in."""
    place = PurePosixPath(path)
    base = str(place.with_suffix(""))
    return {base, *_parents(path)}
