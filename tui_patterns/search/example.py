"""What an example is: code, an error's text, or a contract; it decides what the example is compared by."""

from __future__ import annotations

import ast
from textwrap import dedent

from tui_patterns.models import Example
from tui_patterns.search import contract
from tui_patterns.search.query import read

_MOST_TEXT = 100_000


def example_of(text: str) -> Example | None:
    """The example that ``text`` is; ``None`` for what is rather plain words, or a line of them."""
    kind = read(text).kind
    if kind == "error":
        return Example(text, "error")
    said = contract.said(text) if kind != "code" else None
    if said is not None:
        return Example(said, "words")
    return Example(text, "code") if kind == "code" or _parses(text) else None


def _parses(text: str) -> bool:
    """Whether ``text`` is several lines of Python that do something: two plain words are code as well."""
    if len(text) > _MOST_TEXT or text.strip().count("\n") == 0:
        return False
    try:
        statements = ast.parse(dedent(text)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    said = [one.value if isinstance(one, ast.Expr) else one for one in statements]
    return any(not isinstance(one, ast.Name | ast.Constant | ast.Attribute | ast.Tuple) for one in said)
