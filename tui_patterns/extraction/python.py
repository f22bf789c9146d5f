"""Python source to units: the one way in for everything that parses."""

from __future__ import annotations

from functools import partial

from tui_patterns.extraction.complexity import deep_stack
from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.design import DesignLabels
from tui_patterns.extraction.imports import made_by_imports, origin_of
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.project import ProjectClasses
from tui_patterns.extraction.references import symbols_of
from tui_patterns.extraction.resolve import Resolver
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.source import (
    OUT_OF_MEMORY,
    SourceError,
    content_hash,
    decode,
    docstring_text,
    is_generated,
    is_test_path,
    one_line,
)
from tui_patterns.extraction.structure.read import read_module
from tui_patterns.extraction.tree import TOO_DEEP, SourceTree, parse_tree, paused_gc
from tui_patterns.extraction.units import LANGUAGE, UnitBuilder
from tui_patterns.models import FileSymbols, ParsedFile, Unit

__all__ = ["ExtractionOptions", "extract_source"]


def extract_source(
    source: bytes,
    path: str,
    options: ExtractionOptions | None = None,
    project: ProjectClasses | None = None,
) -> ParsedFile:
    """Every function, method and class of one file, nested ones too; never raises.

    *path* is POSIX, relative to the project's root: it goes into the units and
    tells test code. A unit's ``line`` is that of its ``def`` or ``class``; its
    ``code`` starts at the first decorator. Units that the entry gate leaves out
    are returned too, with ``reason``. What cannot be read gives no units and
    one line in ``error``. With *project*, base classes are followed into other
    files, which are then named in ``reads``.
    """
    digest = content_hash(source)
    lines = source.count(b"\n") + bool(source and not source.endswith(b"\n"))
    try:
        units, symbols = _read(decode(source), path, options or ExtractionOptions(), project)
    except SourceError as error:
        return ParsedFile(path, digest, LANGUAGE, lines, error=str(error))
    except MemoryError:
        return ParsedFile(path, digest, LANGUAGE, lines, error=OUT_OF_MEMORY)
    except RecursionError:
        return ParsedFile(path, digest, LANGUAGE, lines, error=TOO_DEEP)
    except Exception as error:
        fault = f"cannot be analysed ({type(error).__name__}: {one_line(error)}): please report this file"
        return ParsedFile(path, digest, LANGUAGE, lines, error=fault)
    reads = tuple(sorted(project.reads.items())) if project is not None else ()
    return ParsedFile(path, digest, LANGUAGE, lines, units, reads=reads, symbols=symbols)


def _read(
    text: str, path: str, options: ExtractionOptions, project: ProjectClasses | None
) -> tuple[tuple[Unit, ...], FileSymbols]:
    with paused_gc(), deep_stack():
        tree = parse_tree(text, path)
        scanner = Scanner()
        scanner.scan(tree.module)
        context = _context(text, path, tree, scanner, project)
        units = UnitBuilder(context, tree, scanner, options, Resolver(context.imports)).build()
        return units, symbols_of(scanner, path)


def _context(
    text: str, path: str, tree: SourceTree, scanner: Scanner, project: ProjectClasses | None
) -> ModuleContext:
    lines = text.split("\n")
    doc = tree.astroid.doc_node
    imports = scanner.module.imports
    origins = made_by_imports(tree.module, imports) | imports
    foreign = project.finder(path) if project is not None else None
    facts = read_module(tree.module, partial(origin_of, imports=origins), foreign)
    return ModuleContext(
        path=path,
        lines=lines,
        imports=origins,
        docstring=docstring_text(doc.value) if doc is not None else None,
        tree=tree.astroid,
        is_test=is_test_path(path),
        is_generated=is_generated(path, lines),
        facts=facts,
        design=DesignLabels(facts),
    )
