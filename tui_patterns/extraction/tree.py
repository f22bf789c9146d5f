"""One parse of a file, seen three ways: stdlib ast, astroid, and radon's complexity.

astroid's tree is rebuilt from the same stdlib tree and stops there:
``astroid.parse`` would go on to infer attributes, apply transforms and, for a
star import, read other modules. Nothing here runs or resolves foreign code,
and no module enters astroid's global caches.
"""

from __future__ import annotations

import ast
import gc
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from astroid.manager import AstroidManager  # type: ignore[import-untyped]
from astroid.rebuilder import TreeRebuilder  # type: ignore[import-untyped]

from tui_patterns.extraction.complexity import complexities, deep_stack
from tui_patterns.extraction.source import OUT_OF_MEMORY, SourceError, one_line

TOO_DEEP = "nests too deeply to be read: split the longest expression in it"


@dataclass(frozen=True, slots=True)
class SourceTree:
    """The trees of one file; docstrings are absent from *module*, and in *astroid*.

    ``twins`` leads from a definition in *module* to its astroid node;
    ``complexity`` is keyed by (line, column) of the ``def`` or ``class``.
    """

    module: ast.Module
    astroid: Any
    twins: dict[ast.AST, Any]
    complexity: dict[tuple[int, int], int]


def parse_tree(text: str, path: str) -> SourceTree:
    """Parse *text*; *path* is only for messages. Raises SourceError, nothing else."""
    try:
        with _quiet(), deep_stack():
            module = ast.parse(text)
            complexity = complexities(module)
            rebuilder = _PairingRebuilder(AstroidManager())
            twin = rebuilder.visit_module(module, "", path, False)
    except SyntaxError as error:
        raise SourceError(_syntax(error)) from error
    except RecursionError as error:
        raise SourceError(TOO_DEEP) from error
    except MemoryError as error:
        # CPython's parser says so too where only its own stack is full.
        raise SourceError(OUT_OF_MEMORY) from error
    except (ValueError, OverflowError) as error:
        raise SourceError(f"does not parse: {one_line(error)}") from error
    return SourceTree(module, twin, rebuilder.twins, complexity)


def _syntax(error: SyntaxError) -> str:
    if "too many" in str(error.msg) and "nested" in str(error.msg):
        return TOO_DEEP
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"does not parse with Python {version}: {one_line(error.msg)} (line {error.lineno or 0})"


class _PairingRebuilder(TreeRebuilder):  # type: ignore[misc]
    """astroid's rebuilder, which remembers what each definition became."""

    def __init__(self, manager: AstroidManager) -> None:
        super().__init__(manager)
        self.twins: dict[ast.AST, Any] = {}

    def visit_functiondef(self, node: ast.FunctionDef, parent: Any) -> Any:
        self.twins[node] = made = super().visit_functiondef(node, parent)
        return made

    def visit_asyncfunctiondef(self, node: ast.AsyncFunctionDef, parent: Any) -> Any:
        self.twins[node] = made = super().visit_asyncfunctiondef(node, parent)
        return made

    def visit_classdef(self, node: ast.ClassDef, parent: Any) -> Any:
        self.twins[node] = made = super().visit_classdef(node, parent)
        return made


@contextmanager
def _quiet() -> Iterator[None]:
    """No warnings about the source on stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def paused_gc() -> Iterator[None]:
    """No cyclic collection meanwhile: with it, building the trees takes 1.7 times as long."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
