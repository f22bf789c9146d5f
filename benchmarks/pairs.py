"""Questions whose answer is known: a docstring's first sentence, and the function that it stood in.

The source is copied with every docstring blanked out, so that the index knows
a function only by its names, its signature and its body.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.embedding.document import first_sentence
from tui_patterns.embedding.identifiers import words

MIN_WORDS = 4
_LEFT_OUT = frozenset(
    {"tests", "test", "testing", "docs", "examples", "benchmarks", "_vendor", "__pycache__"}
)
_MARKUP = re.compile(r"[`*]|:[a-z:]+:(?=`)")

_Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, and where its answer stands."""

    query: str
    project: str
    path: str
    qualname: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """One project, copied without docstrings: its questions, and what every unit says of itself."""

    root: Path
    pairs: tuple[Pair, ...]
    sentences: dict[tuple[str, str], str]


def collect(source: Path, into: Path) -> Corpus:
    """Copy the Python files below ``source`` to ``into`` without docstrings, and make the questions."""
    pairs: list[Pair] = []
    sentences: dict[tuple[str, str], str] = {}
    for file in sorted(source.rglob("*.py")):
        rel = file.relative_to(source)
        if not _LEFT_OUT.isdisjoint(rel.parts) or rel.name.startswith("test_"):
            continue
        found = _one_file(file, into / rel)
        for qualname, sentence, is_function in found:
            sentences[rel.as_posix(), qualname] = sentence
            if is_function and len(words(sentence)) >= MIN_WORDS:
                pairs.append(Pair(sentence, into.name, rel.as_posix(), qualname))
    return Corpus(into, tuple(_unambiguous(pairs)), sentences)


def _unambiguous(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Each question once."""
    seen: set[str] = set()
    for pair in pairs:
        if pair.query.lower() not in seen:
            seen.add(pair.query.lower())
            yield pair


def _one_file(file: Path, target: Path) -> list[tuple[str, str, bool]]:
    """(qualified name, first sentence, whether a function) of all that is documented."""
    try:
        source = file.read_text("utf-8")
        tree = ast.parse(source)
    except (UnicodeDecodeError, SyntaxError, ValueError):
        return []
    found = list(_documented(tree, ""))
    lines = source.splitlines(keepends=True)
    if isinstance(tree.body[0] if tree.body else None, ast.Expr) and ast.get_docstring(tree):
        _blank(lines, tree)
    for node, _ in found:
        _blank(lines, node)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(lines), "utf-8")
    return [(name, _sentence(node), not isinstance(node, ast.ClassDef)) for node, name in found]


def _documented(node: ast.AST, above: str) -> Iterator[tuple[_Documented, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Documented):
            name = f"{above}{child.name}"
            if ast.get_docstring(child):
                yield child, name
            yield from _documented(child, f"{name}.")
        else:
            yield from _documented(child, above)


def _sentence(node: _Documented) -> str:
    return _MARKUP.sub("", first_sentence(ast.get_docstring(node)))


def _blank(lines: list[str], node: _Documented | ast.Module) -> None:
    """Empty the lines of a docstring; a body of nothing else keeps a statement."""
    doc = node.body[0]
    assert doc.end_lineno is not None
    kept = (
        doc.col_offset * " " + "pass\n" if len(node.body) == 1 and not isinstance(node, ast.Module) else "\n"
    )
    if doc.lineno == getattr(node, "lineno", 0):  # on the line of its ``def``
        kept = lines[doc.lineno - 1][: doc.col_offset] + "pass\n"
    lines[doc.lineno - 1 : doc.end_lineno] = [kept, *["\n"] * (doc.end_lineno - doc.lineno)]
