"""Imports with a fallback: ``try: import a`` … ``except ImportError:`` something else."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tui_patterns.extraction.idioms import catches_missing, imports_in, only_raises
from tui_patterns.extraction.imports import imported_names


@dataclass(frozen=True, slots=True)
class Dual:
    """Both sides of one ``try``: names with their origins, and what else each side assigns.

    ``substitutes`` are names that the fallback makes itself (a function, a class,
    ``None``); ``flags`` are truth values that say which side was taken.
    """

    node: ast.Try
    primary: dict[str, str]
    fallback: dict[str, str]
    substitutes: dict[str, str] = field(default_factory=dict)
    flags: dict[str, dict[str, bool | None]] = field(default_factory=dict)
    exceptions: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name that it binds."""
        return frozenset((*self.primary, *self.fallback, *self.substitutes, *self.flags))

    @property
    def optional(self) -> frozenset[str]:
        """Names that tell whether the import worked: flags, and those that are ``None`` if not."""
        absent = (name for name, value in self.substitutes.items() if value == "None")
        return frozenset((*self.flags, *absent))

    def shape(self) -> dict[str, Any]:
        """As a facet holds it; parts that are empty are left out."""
        parts: dict[str, Any] = {
            "primary": dict(sorted(self.primary.items())),
            "fallback": dict(sorted(self.fallback.items())),
            "substitutes": dict(sorted(self.substitutes.items())),
            "flags": dict(sorted(self.flags.items())),
            "exceptions": list(self.exceptions),
        }
        return {name: value for name, value in parts.items() if value or name in ("primary", "fallback")}


def duals_in(body: Iterable[ast.stmt]) -> Iterator[Dual]:
    """The imports with fallback among these statements, those under ``if`` and in another ``try`` too."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from duals_in([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            dual = dual_of(statement)
            if dual is not None:
                yield dual
            yield from duals_in([item for handler in statement.handlers for item in handler.body])


def dual_of(node: ast.Try) -> Dual | None:
    """Both sides of *node*, or ``None`` where it tries no import, or only words the failure better."""
    primary = imports_in(node.body)
    handlers = [handler for handler in node.handlers if catches_missing(handler)]
    if not primary or not handlers or only_raises(handlers[0]):
        return None
    handler = handlers[0]
    fallback = imports_in(handler.body)
    left = _assigned([*node.body, *node.orelse])
    right = _assigned(handler.body)
    return Dual(
        node=node,
        primary=_origins(primary),
        fallback=_origins(fallback),
        substitutes={n: _worded(v) for n, v in right.items() if not _truth(v)},
        flags=_flags(left, right),
        exceptions=_caught(handler),
    )


def _flags(left: dict[str, ast.AST], right: dict[str, ast.AST]) -> dict[str, dict[str, bool | None]]:
    """Names that a side sets to a truth value; ``None`` for a side that does not set it."""
    names = [name for name, value in (left | right).items() if _truth(value)]
    return {name: {"primary": _said(left.get(name)), "fallback": _said(right.get(name))} for name in names}


def _assigned(body: Iterable[ast.stmt]) -> dict[str, ast.AST]:
    """Names that these statements bind themselves, with the value or the definition."""
    found: dict[str, ast.AST] = {}
    for item in body:
        if isinstance(item, ast.Assign):
            found |= {target.id: item.value for target in item.targets if isinstance(target, ast.Name)}
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value:
            found[item.target.id] = item.value
        elif isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[item.name] = item
    return found


def _truth(value: ast.AST | None) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


def _said(value: ast.AST | None) -> bool | None:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, bool) else None


def _worded(value: ast.AST) -> str:
    """``None`` for just that, else what kind of thing stands in: a class, a function, a value."""
    if isinstance(value, ast.Constant):
        return "None" if value.value is None else "value"
    if isinstance(value, ast.ClassDef):
        return "class"
    return "function" if isinstance(value, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) else "value"


def _origins(nodes: Iterable[ast.Import | ast.ImportFrom]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        found |= imported_names(node)
    return found


def _caught(handler: ast.ExceptHandler) -> tuple[str, ...]:
    if handler.type is None:
        return ()
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return tuple(ast.unparse(item) for item in types[:8])
