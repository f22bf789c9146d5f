"""Reading code without storing anything: units of patterns, and anti-patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.models import Finding, ParsedFile

if TYPE_CHECKING:
    from tui_patterns.settings import Settings

RUFF_FILES = 400  # files whose findings are held at once


def extract_path(path: Path, settings: Settings) -> Iterator[ParsedFile]:
    """Every source file at or below ``path``, parsed, as each is ready; stores nothing.

    Base classes are followed into other files below ``path``; of a single file into
    those below the current folder, if the file is there, or else beside it.

    Raises OSError when a folder cannot be listed.
    """
    from tui_patterns.engine.parsers import extraction_options
    from tui_patterns.engine.workers import ParseTask, parse_files

    root, names = _files(path, settings)
    around = Path.cwd()
    project = str(around) if root != around and root.is_relative_to(around) and path.is_file() else ""
    yield from parse_files(
        (ParseTask(str(root), name, project) for name in names),
        extraction_options(settings),
        jobs=settings.extraction.jobs,
        timeout_s=settings.extraction.task_timeout_s,
        max_bytes=settings.watch.max_file_kb * 1024,
    )


def find_antipatterns(paths: Sequence[Path], settings: Settings) -> Iterator[Finding]:
    """What in these files and folders would better be done otherwise."""
    from tui_patterns.extraction.antipatterns import find_files

    for path in paths:
        root, names = _files(path, settings)
        for start in range(0, len(names), RUFF_FILES):
            yield from find_files(root, names[start : start + RUFF_FILES])


def unread(path: Path, settings: Settings) -> str | None:
    """One line on why nothing can be found in the file at ``path``; ``None`` where it can be read."""
    from tui_patterns.engine.source_file import read_source
    from tui_patterns.extraction.source import SourceError, decode
    from tui_patterns.extraction.tree import parse_tree

    try:
        source = read_source(path.resolve(), settings.watch.max_file_kb * 1024)
        if isinstance(source, bytes):
            parse_tree(decode(source), path.name)
            return None
    except (SourceError, OSError) as error:
        return str(error)
    return None if source in ("generated", "too_large") else f"left out: {source.replace('_', ' ')}"


def _files(path: Path, settings: Settings) -> tuple[Path, list[str]]:
    """The project root of ``path`` and the files in question, relative to it."""
    from tui_patterns.engine.discovery import walk
    from tui_patterns.engine.indexing import scope_of

    chosen = path.expanduser().resolve()
    if chosen.is_file():
        return chosen.parent, [chosen.name]
    scope = scope_of(chosen, settings)
    return chosen, [file.rel for file in walk(chosen, scope.rules, scope.suffixes)]
