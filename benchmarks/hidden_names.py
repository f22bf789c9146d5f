"""Copies of Python files in which the names of classes, functions and files say nothing.

Every name that a file of the set defines, and every folder and file, gets an
opaque one, the same everywhere; private names stay private. What the language,
its library or another package defines keeps its name, as do methods that the
built-in types have too (renaming ``append`` would change what a list does).
Lines stay where they are. Comments go; strings stay.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

_FIELD = re.compile(r"\{[^{}]*\}")  # of a formatted string, which is one token before Python 3.12
_WORD = re.compile(r"[^\W\d]\w*")
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_TYPES = (list, dict, set, frozenset, tuple, str, bytes, bytearray, int, float, io.TextIOBase, io.RawIOBase)
_KEPT = (
    frozenset(dir(builtins))
    | frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | sys.stdlib_module_names
    | frozenset(name for kind in _TYPES for name in dir(kind))
    | {"self", "cls", "setter", "getter", "deleter"}
)


def hide(root: Path, files: Iterable[str], target: Path) -> dict[str, str]:
    """Write renamed copies of *files* (POSIX, relative to *root*) under *target*.

    Returns the original path of each copy, by its new one. Files that do not
    parse are copied as they are, under a new name.
    """
    sources = {path: (root / path).read_text(encoding="utf-8", errors="replace") for path in files}
    names = opaque_names(sources)
    paths = {}
    for path, source in sources.items():
        copy = target / hidden_path(path, names)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(renamed(source, names), encoding="utf-8")
        paths[copy.relative_to(target).as_posix()] = path
    return paths


def opaque_names(sources: Mapping[str, str]) -> dict[str, str]:
    """What each name that *sources* (text by path) define is renamed to."""
    trees = [tree for tree in map(_parsed, sources.values()) if tree is not None]
    own = {part for path in sources for part in PurePosixPath(path).with_suffix("").parts}
    foreign = {name for tree in trees for name in _foreign(tree, own)}
    found: dict[str, str] = {}
    for prefix, name in [*_defined(trees), *(("m", part) for part in sorted(own))]:
        if name not in _KEPT and name not in foreign and not _is_special(name) and name not in found:
            private = name[: len(name) - len(name.lstrip("_"))]
            found[name] = f"{private}{prefix}{len(found)}"
    return found


def renamed(source: str, names: Mapping[str, str]) -> str:
    """*source* with each identifier of *names* replaced, and its comments blanked; lines stay."""
    lines = source.splitlines(keepends=True)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source
    for token in reversed(tokens):
        row, column = token.start
        if token.type == tokenize.COMMENT:
            new = ""
        elif token.type == tokenize.NAME and token.string in names:
            new = names[token.string]
        elif token.type == tokenize.STRING and _is_formatted(token.string) and token.start[0] == token.end[0]:
            new = _FIELD.sub(lambda field: _WORD.sub(lambda w: names.get(w[0], w[0]), field[0]), token.string)
        else:
            continue
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[token.end[1] :]
    return "".join(lines)


def _is_formatted(literal: str) -> bool:
    return "f" in literal[: literal.find(literal[-1])].lower()


def hidden_path(path: str, names: Mapping[str, str]) -> str:
    """*path* with each part renamed; a part that keeps its name as a word is numbered all the same."""
    pure = PurePosixPath(path)
    parts = [names.get(part) or f"m{sum(map(ord, part))}_{len(part)}" for part in pure.with_suffix("").parts]
    if _is_special(pure.stem):
        parts[-1] = pure.stem
    return "/".join(parts) + pure.suffix


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None


def _defined(trees: Iterable[ast.Module]) -> Iterator[tuple[str, str]]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, _DEFINITION):
                yield ("C" if isinstance(node, ast.ClassDef) else "f"), node.name


def _foreign(tree: ast.Module, own: set[str]) -> Iterator[str]:
    """Names that come from other packages: imported, or read from an imported module."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] not in own:
                    modules.add(alias.asname or alias.name.partition(".")[0])
                    yield from alias.name.split(".")
        elif isinstance(node, ast.ImportFrom) and not node.level:
            parts = (node.module or "").split(".")
            if parts[0] not in own:
                yield from parts
                yield from (alias.name for alias in node.names)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield node.attr


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")
