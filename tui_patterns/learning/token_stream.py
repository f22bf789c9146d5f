"""A unit's code as syntax tokens, each with its line: what attribution compares."""

from __future__ import annotations

import ast
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from tui_patterns.extraction.complexity import deep_stack
from tui_patterns.extraction.fingerprint import gram_hashes
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.shapes import code_of

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module
_SAME = {code_of(f"Async{name}"): code_of(name) for name in ("FunctionDef", "For", "With")}
_AWAIT = code_of("Await")


@dataclass(frozen=True, slots=True)
class Code:
    """``tokens`` and ``lines`` (from 1) run side by side; ``text`` are the lines without their indents.

    ``words`` gives the name of each token that is one.
    """

    tokens: array[int]
    lines: tuple[int, ...]
    grams: tuple[int, ...]
    text: tuple[str, ...]
    words: dict[int, str]


def read_code(source: str) -> Code | None:
    """The tokens of *source*, which starts in the first column; ``None`` if it is no Python."""
    try:
        with deep_stack():
            module = ast.parse(source)
            _strip_docstrings(module)
            scanner = _LinedScanner()
            scanner.scan(module)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _code(source, scanner)


def _code(source: str, scanner: _LinedScanner) -> Code:
    kept = [at for at, token in enumerate(scanner.loose) if token != _AWAIT]
    tokens = array("I", (_SAME.get(scanner.loose[at], scanner.loose[at]) for at in kept))
    lines = tuple(scanner.lines[at] for at in kept)
    return Code(
        tokens,
        lines,
        tuple(gram_hashes(tokens)),
        tuple(line.strip() for line in source.split("\n")),
        {code_of(word): word for word in scanner.words},
    )


def _strip_docstrings(module: ast.Module) -> None:
    for node in ast.walk(module):
        if isinstance(node, _Definition) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]


class _LinedScanner(Scanner):
    """The walk that makes shingles, which also notes the line and the names of what it meets."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []
        self.words: set[str] = set()
        self._line = 1

    def scan(self, module: ast.Module) -> None:
        super().scan(module)
        self._catch_up()

    def visit(self, node: ast.AST) -> None:
        self._catch_up()
        outer, self._line = self._line, getattr(node, "lineno", self._line)
        self.words.update(_names(node))
        super().visit(node)
        self._catch_up()
        self._line = outer

    def _catch_up(self) -> None:
        self.lines += [self._line] * (len(self.loose) - len(self.lines))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.name
