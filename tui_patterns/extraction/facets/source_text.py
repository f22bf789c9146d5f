"""Expressions as they are written: short, on one line."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

LONGEST = 80
MOST = 24
_MOST_LINES = 12
_LARGEST = 2**53


class SourceText:
    """The lines of a file, for the text of its expressions."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def of(self, node: ast.expr) -> str:
        """*node* as the file has it, white space folded, at most LONGEST characters."""
        last = node.end_lineno or node.lineno
        if last == node.lineno:
            return short(_cut(self._lines[last - 1], node.col_offset, node.end_col_offset))
        if last - node.lineno < _MOST_LINES:
            return short(ast.unparse(node))
        return short(_cut(self._lines[node.lineno - 1], node.col_offset, None) + " …")

    def lines_of(self, node: ast.expr) -> str:
        """The whole lines that *node* stands on."""
        last = node.end_lineno or node.lineno
        if last == node.lineno:
            return self._lines[last - 1]
        return "\n".join(self._lines[node.lineno - 1 : last])


def _cut(line: str, start: int, end: int | None) -> str:
    """A part of a line; the parser counts in bytes of UTF-8."""
    if line.isascii():
        return line[start:end]
    return line.encode("utf-8", "surrogatepass")[start:end].decode("utf-8", "replace")


def short(text: str) -> str:
    """*text* on one line, at most LONGEST characters, an ellipsis where it was longer."""
    line = " ".join(text[: 4 * LONGEST].split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


class NotPlain(Exception):
    """A value that JSON cannot hold as it is."""


def literal(node: ast.expr) -> Any:
    """The value of a literal: text, number, truth value, ``None``, lists and dicts of those, tuples as lists.

    Long texts and lists are cut at LONGEST and MOST. Raises NotPlain for all else.
    """
    if isinstance(node, ast.Constant):
        return _constant(node.value)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [literal(item) for item in node.elts[:MOST]]
    if isinstance(node, ast.Dict):
        pairs = list(zip(node.keys, node.values, strict=True))[:MOST]
        return {_key(key): literal(value) for key, value in pairs}
    raise NotPlain


def _constant(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and not any("\ud800" <= char <= "\udfff" for char in value[:LONGEST]):
        return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    # Also leaves out infinities, which JSON has no word for.
    if isinstance(value, int | float) and abs(value) <= _LARGEST:
        return value
    raise NotPlain


def _key(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return str(_constant(node.value))
    raise NotPlain
