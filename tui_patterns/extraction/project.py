"""Classes of other files of a project, read where a base class leads there.

What was read for one file is noted with its content's hash, so that whoever
keeps the result knows when to make it anew. Nothing is imported or run, and
only classes are read: what stands around them says nothing about a base.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath

from tui_patterns.extraction.imports import imported_names, origin_of
from tui_patterns.extraction.source import SourceError, content_hash, decode
from tui_patterns.extraction.structure.facts import ClassFacts
from tui_patterns.extraction.structure.read import flat, read_module
from tui_patterns.extraction.structure.table import ModuleFacts

_KEPT = 32  # files whose classes stay in memory
_DEEPEST = 8  # re-exports followed for one name
_CLASS_OR_IMPORT = (ast.ClassDef, ast.Import, ast.ImportFrom)


class ProjectClasses:
    """Looks classes up by dotted origin; *read* gives a file's bytes by POSIX path below the root.

    *below* is the folder in the root that the paths of ``finder`` start from.
    ``reads`` are the files looked at since the last ``finder``, with the hash of what was
    there; ``None`` where nothing was.
    """

    def __init__(self, read: Callable[[str], bytes | None], below: str = "") -> None:
        self._read = read
        self._below = PurePosixPath(below)
        self._known: OrderedDict[tuple[str, str], ModuleFacts | None] = OrderedDict()
        self.reads: dict[str, str | None] = {}

    def finder(self, path: str) -> Callable[[str], ClassFacts | None]:
        """What finds classes for the file at *path*; what is read is noted anew from here."""
        self.reads = {}
        return partial(self._find, (self._below / path).as_posix())

    def _find(self, path: str, origin: str, depth: int = 0) -> ClassFacts | None:
        """The class that *origin* (``shop.models.Item``, ``.models.Item``) means in the file at *path*."""
        module, _, name = origin.rpartition(".")
        if not module or depth > _DEEPEST:
            return None
        for candidate in _candidates(path, module):
            facts = self._load(candidate)
            if facts is None:
                continue
            known = facts.by_name.get(name)
            passed_on = facts.origin(name)
            if known is None and passed_on != name:
                return self._find(candidate, passed_on, depth + 1)
            return known
        return None

    def _load(self, path: str) -> ModuleFacts | None:
        if path not in self.reads:
            source = self._read(path)
            self.reads[path] = content_hash(source) if source is not None else None
            if source is not None:
                self._keep((path, self.reads[path] or ""), source)
        key = (path, self.reads[path] or "")
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        if self.reads[path] is None:
            return None
        source = self._read(path)  # let go since it was noted
        return self._facts(path, source) if source is not None else None

    def _keep(self, key: tuple[str, str], source: bytes) -> None:
        if key not in self._known:
            self._known[key] = self._facts(key[0], source)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)

    def _facts(self, path: str, source: bytes) -> ModuleFacts | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(decode(source))
        except (SourceError, SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        body: list[ast.stmt] = [node for node in flat(tree.body) if isinstance(node, _CLASS_OR_IMPORT)]
        imports: dict[str, str] = {}
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                imports |= imported_names(node)
            elif isinstance(node, ast.ClassDef):
                _strip(node)
        found = read_module(ast.Module(body, []), partial(origin_of, imports=imports))
        found.foreign = partial(self._find, path)
        return found


def _strip(node: ast.ClassDef) -> None:
    """Take out docstrings, which no detector expects in a tree."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and inner.body:
            value = getattr(inner.body[0], "value", None)
            if isinstance(inner.body[0], ast.Expr) and isinstance(getattr(value, "value", None), str):
                del inner.body[0]


def _candidates(path: str, module: str) -> Iterator[str]:
    """Where *module*, as the file at *path* imports it, may stand: relative, beside it, or further up."""
    parts = [part for part in module.lstrip(".").split(".") if part]
    level = len(module) - len(module.lstrip("."))
    here = PurePosixPath(path).parent.parts
    if level:
        folders: Iterable[tuple[str, ...]] = [here[: len(here) - level + 1]] if level <= len(here) + 1 else []
    elif parts[0] in sys.stdlib_module_names:
        folders = []
    else:
        folders = [here[:depth] for depth in range(len(here), -1, -1)] + [("src",)]
    for folder in dict.fromkeys(folders):
        base = "/".join((*folder, *parts))
        if parts:
            yield f"{base}.py"
        yield f"{base}/__init__.py" if base else "__init__.py"
