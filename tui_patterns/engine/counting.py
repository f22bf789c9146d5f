"""Fan-in, fan-out, coupling, referring files and LCOM4 of patterns, and the parts of quality they give."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from tui_patterns.extraction.coupling import maintainability_score
from tui_patterns.extraction.quality import Profile, combine, parts_of, reusability_score
from tui_patterns.models import Metrics
from tui_patterns.store import qualities, references, relations, symbols
from tui_patterns.store.references import RefRow
from tui_patterns.store.symbols import OutlineRow

Place = tuple[int, str]


def count(conn: sqlite3.Connection, standing: Mapping[int, Sequence[Place]], tests: Container[int]) -> None:
    """Count these patterns, which stand at these (file, name) places.

    A pattern whose name leads elsewhere everywhere cannot be counted. References from
    the files among *tests* (by id) do not count.
    """
    files = {file for places in standing.values() for file, _ in places}
    outlines = symbols.outlines(conn, files)
    visible = {pattern: _visible(outlines, pattern, places) for pattern, places in standing.items()}
    found = {
        pattern: _metrics(conn, places, outlines, tests) for pattern, places in visible.items() if places
    }
    relations.drop_metrics(conn, standing.keys() - found.keys())
    relations.save_metrics(conn, found)


def _metrics(
    conn: sqlite3.Connection,
    places: Sequence[Place],
    outlines: Mapping[int, OutlineRow],
    tests: Container[int],
) -> Metrics:
    users: set[Place] = set()
    used: set[Place] = set()
    files: set[int] = set()
    for file, name in places:
        for ref in references.refs_in(conn, file, name):
            if ref.file not in tests and not _inside((ref.file, ref.source), (file, name)):
                files.add(ref.file)
                if ref.kinds != "i":
                    users.add((ref.file, ref.source))
        used |= _used(references.refs_out(conn, file, name), (file, name))
    own = {_top(place) for place in places}
    coupled = {_top(place) for place in users | used} - own
    cohesion = (outlines[file].cohesion.get(name) for file, name in places)
    lcom4 = [value for value in cohesion if value is not None]
    return Metrics(len(users), len(used), len(coupled), len(files), min(lcom4, default=None))


def _visible(outlines: Mapping[int, OutlineRow], pattern: int, places: Iterable[Place]) -> list[Place]:
    """Without places whose name leads to a later definition in the same file."""
    return [
        (file, name) for file, name in places if file in outlines and outlines[file].stands(name) == pattern
    ]


def _used(refs: Iterable[RefRow], own: Place) -> set[Place]:
    places = {(ref.target.file, ref.target.name) for ref in refs if ref.kinds != "i"}
    return {place for place in places if not _inside(place, own)}


def _inside(place: Place, outer: Place) -> bool:
    return place[0] == outer[0] and f"{place[1]}.".startswith(f"{outer[1]}.")


def _top(place: Place) -> Place:
    return place[0], place[1].partition(".")[0]


def grade(conn: sqlite3.Connection, patterns: Collection[int], profile: Profile) -> None:
    """Bring the quality of the versions that these patterns show up to date with what was counted."""
    counted = relations.metrics(conn, patterns)
    versions = relations.versions(conn, patterns)
    known = qualities.parts(conn, set(versions.values()))
    for pattern, version in versions.items():
        graded = {**known[version], **_parts(counted.get(pattern))}
        if graded != known[version]:
            combined = combine(graded, profile)
            qualities.save(conn, version, parts_of(combined), combined.overall)


def _parts(found: Metrics | None) -> dict[str, float | None]:
    return {
        "reusability": None if found is None else reusability_score(found.files),
        "maintainability": None if found is None else maintainability_score(found.coupling, found.lcom4),
    }
