"""Anti-patterns of files: ruff's findings and those of size and shape, with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tui_patterns.extraction.antipatterns.blocking import blocking_hits
from tui_patterns.extraction.antipatterns.defaults import default_hits
from tui_patterns.extraction.antipatterns.duplicates import duplicate_hits
from tui_patterns.extraction.antipatterns.outline import Outline, outline_of
from tui_patterns.extraction.antipatterns.receivers import receiver_hits
from tui_patterns.extraction.antipatterns.ruff import RuffFailed, RuffHit, run_ruff
from tui_patterns.extraction.antipatterns.rules import ADVICE, RULES
from tui_patterns.extraction.antipatterns.shape import ShapeHit, shape_hits
from tui_patterns.extraction.antipatterns.statements import statement_hits
from tui_patterns.extraction.antipatterns.structure import structure_hits
from tui_patterns.models import Finding

__all__ = ["RuffFailed", "find_file", "find_files"]


def find_file(path: Path, rel: str) -> list[Finding]:
    """The findings of the one file at *path*; *rel* is what they carry as its path.

    Raises RuffFailed.
    """
    return _findings({rel: path})


def find_files(root: Path, rels: Iterable[str]) -> list[Finding]:
    """The findings of the files *rels* (POSIX, relative to *root*), by path and line.

    ruff runs once for many files. A file that cannot be read or parsed gives
    none. Raises RuffFailed, with one clear line, if ruff cannot do its work.
    """
    return _findings({rel: root / rel for rel in rels})


def _findings(files: dict[str, Path]) -> list[Finding]:
    outlines = {rel: outline for rel, path in files.items() if (outline := outline_of(path)) is not None}
    readable = {str(files[rel].absolute()): rel for rel in outlines}
    found = [
        _from_ruff(hit, readable[hit.file], outlines)
        for hit in run_ruff(list(readable))
        if hit.file in readable
    ]
    for rel, hit in _seen_here(outlines):
        if not _is_quiet(hit, outlines[rel]):
            found.append(_from_shape(hit, rel))
    return sorted(_distinct(found), key=lambda item: (item.path, item.line, item.label))


def _seen_here(outlines: dict[str, Outline]) -> Iterator[tuple[str, ShapeHit]]:
    """(file, hit) of everything that is found on the trees."""
    for rel, outline in outlines.items():
        for look in (shape_hits, receiver_hits, default_hits, blocking_hits, structure_hits, statement_hits):
            for hit in look(outline):
                yield rel, hit
    yield from duplicate_hits(outlines)


def _is_quiet(hit: ShapeHit, outline: Outline) -> bool:
    """Whether a ``noqa`` comment on the line names it, or names nothing."""
    codes = outline.quiet.get(hit.line)
    return codes is not None and (not codes or any(hit.code and code.startswith(hit.code) for code in codes))


def _from_ruff(hit: RuffHit, rel: str, outlines: dict[str, Outline]) -> Finding:
    label = RULES[hit.rule]
    advice = ADVICE[label]
    qualname = outlines[rel].qualname_at(hit.line)
    return Finding(
        rel,
        hit.line,
        hit.end_line,
        qualname,
        label,
        hit.rule,
        advice.severity,
        advice.message,
        advice.instead,
    )


def _from_shape(hit: ShapeHit, rel: str) -> Finding:
    advice = ADVICE[hit.label]
    return Finding(
        path=rel,
        line=hit.line,
        end_line=hit.end_line,
        qualname=hit.qualname,
        label=hit.label,
        rule=hit.label,
        severity=advice.severity,
        message=f"{hit.measured}. {advice.message}",
        instead=advice.instead,
    )


def _distinct(found: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for each place and label: several rules may see the same thing."""
    seen: set[tuple[str, int, str]] = set()
    for finding in found:
        key = (finding.path, finding.line, finding.label)
        if key not in seen:
            seen.add(key)
            yield finding
