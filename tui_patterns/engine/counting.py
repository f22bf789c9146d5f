"""Fan-in, fan-out, coupling, referring files and LCOM4 of patterns, and the parts of quality they give."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Container, Iterable, Mapping, Sequence

from tui_patterns.extraction.coupling import maintainability_score
from tui_patterns.extraction.quality import Profile, combine, parts_of, reusability_score
from tui_patterns.models import Metrics
from tui_patterns.store import qualities, relations, symbols
from tui_patterns.store.symbols import OutlineRow, RefRow

Place = tuple[int, str]


def count(conn: sqlite3.Connection, standing: Mapping[int, Sequence[Place]], tests: Container[int]) -> None:
    """Count these patterns, which stand at these (file, name) places.

    References from the files among *tests* (by id) do not count.
    """
    files = {file for places in standing.values() for file, _ in places}
    outlines = symbols.outlines(conn, files)
    found = {
        pattern: _metrics(conn, _visible(outlines, pattern, places), outlines, tests)
        for pattern, places in standing.items()
    }
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
        for ref in symbols.refs_in(conn, file, name):
            if ref.file not in tests and not _inside((ref.file, ref.source), (file, name)):
                files.add(ref.file)
                if ref.kinds != "i":
                    users.add((ref.file, ref.source))
        used |= _used(symbols.refs_out(conn, file, name), (file, name))
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
    versions = relations.versions(conn, counted)
    known = qualities.parts(conn, set(versions.values()))
    for pattern, version in versions.items():
        graded = {**known[version], **_parts(counted[pattern])}
        if graded != known[version]:
            combined = combine(graded, profile)
            qualities.save(conn, version, parts_of(combined), combined.overall)


def _parts(found: Metrics) -> dict[str, float | None]:
    return {
        "reusability": reusability_score(found.files),
        "maintainability": maintainability_score(found.coupling, found.lcom4),
    }
