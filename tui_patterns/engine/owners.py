"""Whose a definition is: the pattern that stands there, or the nearest one around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tui_patterns.store.references import RefRow
from tui_patterns.store.symbols import OutlineRow, Target

Place = tuple[int, str]
"""A definition: file id and qualified name."""
Outlines = Mapping[int, OutlineRow]


def patterns(outlines: Outlines) -> dict[Place, int | None]:
    """The pattern that each definition belongs to."""
    return {(file, name): one.pattern(name) for file, one in outlines.items() for name in one.lines}


def owner(outlines: Outlines, file: int, name: str, line: int) -> int | None:
    """The pattern that a definition belongs to, if any."""
    outline = outlines.get(file)
    return outline.pattern(name, line) if outline is not None and name else None


def around(outlines: Outlines, place: Place) -> Iterator[int]:
    """The patterns of a definition and of all that it lies in."""
    file, name = place
    while file in outlines and name:
        pattern = outlines[file].stands(name)
        if pattern is not None:
            yield pattern
        name = name.rpartition(".")[0]


def standing(outlines: Outlines, file_id: int) -> set[int]:
    """All patterns that stand in a file."""
    outline = outlines.get(file_id)
    return set(outline.sites.values()) if outline is not None else set()


def told(refs: Iterable[RefRow], outlines: Outlines) -> set[tuple[int, str, str, Target, int | None]]:
    """References with whose they are in place of the line, which only shifts: a name may be defined twice."""
    return {
        (ref.file, ref.source, ref.kinds, ref.target, owner(outlines, ref.file, ref.source, ref.line))
        for ref in refs
    }
