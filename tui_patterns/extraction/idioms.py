"""Idioms of a module itself, outside any definition: an import with a fallback."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction import fingerprint
from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.imports import imported_names, package_of
from tui_patterns.extraction.naming.splitting import split, title
from tui_patterns.extraction.scan import Scanner
from tui_patterns.models import Label, Unit

QUALNAME = "<module>"
_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})


def idiom_units(module: ast.Module, context: ModuleContext) -> list[Unit]:
    """A unit of kind module for each idiom among the statements of *module*, those under ``if`` too."""
    found = (item for item in _statements(module.body) if isinstance(item, ast.Try))
    labels = ((block, _import_fallback(block)) for block in found)
    return [_unit(block, label, context) for block, label in labels if label is not None]


def _unit(block: ast.Try, label: Label, context: ModuleContext) -> Unit:
    code = "\n".join(context.lines[block.lineno - 1 : block.end_lineno])
    scanner = Scanner()
    scanner.visit(block)
    return Unit(
        path=context.path,
        qualname=QUALNAME,
        kind="module",
        line=block.lineno,
        end_line=block.end_lineno or block.lineno,
        name=_title(block),
        pattern_type="test_pattern" if context.is_test else "idiom",
        category="testing" if context.is_test else "error_handling",
        subcategory="test_cases" if context.is_test else "fallback",
        form="structural",
        language="python",
        code=code,
        signature=code.partition("\n")[0],
        code_hash=fingerprint.text_hash(code),
        structure_hash=fingerprint.structure_hash(scanner.exact),
        shingles=fingerprint.sketch(fingerprint.gram_hashes(scanner.loose)),
        labels=(label,),
        tags=("error-handling", "import-fallback", "module-idiom"),
        dependencies=_packages(block),
        module_docstring=context.docstring,
        reason="generated" if context.is_generated else "test_code" if context.is_test else None,
    )


def _packages(block: ast.Try) -> tuple[str, ...]:
    """The packages of both sides."""
    imports = (item for item in ast.walk(block) if isinstance(item, ast.Import | ast.ImportFrom))
    origins = (origin for item in imports for origin in imported_names(item).values())
    return tuple(sorted({name for origin in origins if (name := package_of(origin))}))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _statements([*statement.body, *statement.orelse])
        else:
            yield statement


def _import_fallback(block: ast.Try) -> Label | None:
    """One import is tried; where it is missing another one, or a substitute, takes its place."""
    primary = imports_in(block.body)
    handlers = [handler for handler in block.handlers if catches_missing(handler)]
    if not primary or not handlers or only_raises(handlers[0]):
        return None
    second = imports_in(handlers[0].body)
    lines = {block.lineno, primary[0].lineno, handlers[0].lineno, *(node.lineno for node in second[:1])}
    other = "another import" if second else "a substitute"
    why = f"One import is tried; where it is missing, {other} takes its place."
    return Label("dual_import", 0.95 if second else 0.9, tuple(sorted(lines)), why)


def imports_in(body: list[ast.stmt]) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a block, those in a ``try`` inside it too."""
    found: list[ast.Import | ast.ImportFrom] = []
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found.append(statement)
        elif isinstance(statement, ast.Try):
            found.extend(imports_in(statement.body))
    return found


def catches_missing(handler: ast.ExceptHandler) -> bool:
    """Whether it takes over when an import fails."""
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {item.id for item in types if isinstance(item, ast.Name)}
    return bool(names & _MISSING) or names == {"Exception"}


def only_raises(handler: ast.ExceptHandler) -> bool:
    """A better message is no fallback."""
    return isinstance(handler.body[-1], ast.Raise) and not imports_in(handler.body)


def _title(block: ast.Try) -> str:
    """``Brotli Import with Fallback``."""
    names = imported_names(imports_in(block.body)[0])
    first = next(iter(names), "") or "Star"
    return title([*(split(first) or ["module"])[:4], "import", "with", "fallback"])
