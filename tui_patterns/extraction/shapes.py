"""The node types of Python's syntax as tokens: names, codes, and the fields that matter."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tui_patterns.extraction.fingerprint import token_code

_IGNORED = frozenset({"ctx", "type_comment", "type_ignores", "kind", "simple", "lineno"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A node type: its name, its code in the loose stream, the fields that make its meaning."""

    name: str
    code: int
    fields: tuple[str, ...]
    is_trait: bool


_TRAITS = frozenset(
    {
        "Try", "TryStar", "Raise", "Yield", "YieldFrom", "Await", "With", "AsyncWith", "AsyncFor", "For",
        "While", "Return", "Lambda", "Match", "ListComp", "SetComp", "DictComp", "GeneratorExp", "Assert",
    }
)  # fmt: skip
_SHAPES: dict[type[ast.AST], Shape] = {}
_CODES: dict[str, int] = {}
_CODES_LIMIT = 50_000


def shape_of(cls: type[ast.AST]) -> Shape:
    """The shape of a node type, made once."""
    return _SHAPES.get(cls) or _shape(cls)


def _shape(cls: type[ast.AST]) -> Shape:
    name = cls.__name__
    fields = tuple(field for field in cls._fields if field not in _IGNORED)
    _SHAPES[cls] = Shape(name, token_code(name), fields, name in _TRAITS)
    return _SHAPES[cls]


def code_of(token: str) -> int:
    """token_code, remembered for the tokens of the last files."""
    code = _CODES.get(token)
    if code is None:
        if len(_CODES) >= _CODES_LIMIT:
            _CODES.clear()
        code = _CODES[token] = token_code(token)
    return code
