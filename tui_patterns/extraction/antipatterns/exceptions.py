"""Which exceptions stand above which: Python's own, some of its library's, and the file's classes."""

from __future__ import annotations

import ast
import builtins

from tui_patterns.extraction.antipatterns.outline import Outline
from tui_patterns.extraction.imports import dotted, origin_of

# Of the standard library; those that are another name for a built-in one, and subclasses.
_ALIASES = {
    "socket.error": "OSError", "select.error": "OSError", "os.error": "OSError", "shutil.Error": "OSError",
    "socket.timeout": "TimeoutError", "asyncio.TimeoutError": "TimeoutError",
    "concurrent.futures.TimeoutError": "TimeoutError",
}  # fmt: skip
_BASES = {
    "json.JSONDecodeError": "ValueError", "json.decoder.JSONDecodeError": "ValueError",
    "urllib.error.HTTPError": "urllib.error.URLError", "urllib.error.URLError": "OSError",
    "subprocess.CalledProcessError": "subprocess.SubprocessError",
    "subprocess.TimeoutExpired": "subprocess.SubprocessError", "subprocess.SubprocessError": "Exception",
    "asyncio.CancelledError": "BaseException", "socket.gaierror": "OSError",
    "asyncio.IncompleteReadError": "EOFError", "zipfile.BadZipFile": "Exception",
    "configparser.Error": "Exception", "csv.Error": "Exception", "sqlite3.Error": "Exception",
    "sqlite3.DatabaseError": "sqlite3.Error", "sqlite3.IntegrityError": "sqlite3.DatabaseError",
    "sqlite3.OperationalError": "sqlite3.DatabaseError", "binascii.Error": "ValueError",
}  # fmt: skip


class Exceptions:
    """Names of exceptions in one file, and what stands above each."""

    def __init__(self, outline: Outline) -> None:
        self._imports = outline.imports
        self._classes = {
            item.node.name: item.node for item in outline.definitions if isinstance(item.node, ast.ClassDef)
        }

    def name(self, node: ast.expr) -> str:
        """What a handler's type stands for; empty for what is not a name."""
        origin = origin_of(dotted(node), self._imports).removeprefix("builtins.")
        known = getattr(builtins, origin, None) if origin.isidentifier() else None
        return known.__name__ if isinstance(known, type) else _ALIASES.get(origin, origin)

    def above(self, name: str) -> set[str]:
        """The classes above *name*, as far as they are known; without itself."""
        found: set[str] = set()
        pending = self._bases(name)
        while pending:
            base = pending.pop()
            if base and base not in found:
                found.add(base)
                pending += self._bases(base)
        return found - {name}

    def _bases(self, name: str) -> list[str]:
        if name in self._classes:
            return [self.name(base) for base in self._classes[name].bases]
        if name in _BASES:
            return [_BASES[name]]
        known = getattr(builtins, name, None) if name.isidentifier() else None
        return [base.__name__ for base in known.__bases__] if isinstance(known, type) else []
