"""Which patterns of a project are alike, and which are near-copies that are shown as one.

Two patterns are compared when they share a band (``extraction/bands.py``). In a
band with more than CROWD members, each is compared with one of them only, the
hub: the one with the smallest structure hash. So the work stays bounded, a crowd
of near-copies stays connected, and the pairs depend on what stands on disk alone.

Near-copies are the connected components over pairs that are nearly the same: code
similarity of at least SAME, or cosine of at least ``extraction.max_similarity`` and
code similarity of at least ALIKE. The oldest of a component is its lead.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import mul

from tui_patterns.extraction.bands import band_keys
from tui_patterns.extraction.fingerprint import SKETCH, similarity
from tui_patterns.store import likeness, relations
from tui_patterns.store.likeness import Alike, Shape

ALIKE = 0.5
SAME = 0.9
CROWD = 48

Places = Mapping[int, list[tuple[int, str]]]


def update(
    conn: sqlite3.Connection,
    project_id: int,
    touched: Collection[int],
    changed: Collection[int],
    max_cosine: float = SAME,
) -> None:
    """Find anew what the *changed* patterns are alike, and those *touched* that were not found before."""
    old = likeness.keys_of(conn, touched)
    dirty = {*changed, *(one for one in touched if one not in old)}
    shapes = likeness.shapes(conn, project_id, dirty)
    new = {
        one: band_keys(shapes[one].shingles, _group(shapes[one].kind)) if one in shapes else set()
        for one in dirty
    }
    moved = {one: old.get(one, set()) ^ keys for one, keys in new.items() if old.get(one, set()) != keys}
    bands = {key for keys in moved.values() for key in keys}
    before = _crowds(conn, project_id, bands)
    likeness.replace_keys(conn, {one: new[one] for one in moved})
    after = _crowds(conn, project_id, bands)
    for key in before.keys() | after.keys():
        if before.get(key) != after.get(key):  # who is compared with whom has changed for all in it
            dirty.update(likeness.members(conn, [key]).get(key, ()))
    _compare(conn, project_id, dirty)
    _near(conn, dirty)
    group(conn, {*dirty, *touched}, max_cosine)


def _group(kind: str) -> str:
    """Only like is compared with like: a class with a class."""
    return "function" if kind == "method" else kind


def _crowds(conn: sqlite3.Connection, project_id: int, keys: Collection[int]) -> dict[int, int]:
    """The hub of each band that has too many members to compare all of them."""
    crowds = likeness.members(conn, likeness.crowded(conn, keys, CROWD))
    shapes = likeness.shapes(conn, project_id, {one for found in crowds.values() for one in found})
    return {key: _hub(found, shapes) for key, found in crowds.items()}


def _hub(members: Iterable[int], shapes: Mapping[int, Shape]) -> int:
    return min(members, key=lambda one: shapes[one].structure_hash if one in shapes else "~")


def _compare(conn: sqlite3.Connection, project_id: int, dirty: Collection[int]) -> None:
    keys = likeness.keys_of(conn, dirty)
    members = likeness.members(conn, {key for found in keys.values() for key in found})
    shapes = likeness.shapes(conn, project_id, {one for found in members.values() for one in found})
    hubs = {key: _hub(found, shapes) for key, found in members.items() if len(found) > CROWD}
    pairs = set(_pairs(keys, members, hubs))
    sets = {one: frozenset(shapes[one].shingles) for pair in pairs for one in pair if one in shapes}
    likely = {
        pair: _similarity(shapes[pair[0]], shapes[pair[1]], sets)
        for pair in pairs
        if pair[0] in sets and pair[1] in sets
    }
    alike = {pair: found for pair, found in likely.items() if found >= ALIKE}
    places = relations.standing(conn, {one for pair in alike for one in pair})
    likeness.replace_alike(
        conn,
        dirty,
        [
            Alike(*pair, round(found, 4), None)
            for pair, found in sorted(alike.items())
            if not _nested(*pair, places)
        ],
    )


def _pairs(
    keys: Mapping[int, Collection[int]], members: Mapping[int, list[int]], hubs: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    for pattern, bands in keys.items():
        for key in bands:
            hub = hubs.get(key)
            others = members[key] if hub is None or hub == pattern else [hub]
            for other in others:
                if other != pattern:
                    yield min(pattern, other), max(pattern, other)


def _similarity(one: Shape, other: Shape, sets: Mapping[int, frozenset[int]]) -> float:
    """As ``fingerprint.similarity``, without making sets anew for each pair."""
    a, b = sets[one.pattern], sets[other.pattern]
    if len(a) >= SKETCH or len(b) >= SKETCH:
        return similarity(one.shingles, other.shingles)
    if 2 * min(len(a), len(b)) < max(len(a), len(b)):
        return 0.0
    common = len(a & b)
    return common / (len(a) + len(b) - common)


def _nested(one: int, other: int, places: Places) -> bool:
    """Whether one lies in the other somewhere: a decorator resembles the function in it."""
    return any(
        file == file_other
        and (f"{name}.".startswith(f"{name_other}.") or f"{name_other}.".startswith(f"{name}."))
        for file, name in places.get(one, ())
        for file_other, name_other in places.get(other, ())
    )


def _near(conn: sqlite3.Connection, patterns: Collection[int]) -> None:
    """Note the cosine of the pairs of these patterns whose vectors are there."""
    pairs = likeness.alike(conn, patterns)
    vectors = likeness.newest_vectors(conn, {one for pair in pairs for one in pair[:2]})
    found = [pair._replace(cosine=_cosine(vectors, pair)) for pair in pairs]
    likeness.save_cosines(conn, (new for new in found if new not in pairs))


def _cosine(vectors: Mapping[int, Mapping[str, bytes]], pair: Alike) -> float | None:
    one, other = vectors.get(pair.one, {}), vectors.get(pair.other, {})
    shared = [fingerprint for fingerprint in one if fingerprint in other]
    if not shared:
        return None
    a, b = array("f", one[shared[-1]]), array("f", other[shared[-1]])
    return round(float(sum(map(mul, a, b))), 4)


def embedded(conn: sqlite3.Connection, hashes: Collection[str], max_cosine: float) -> None:
    """Documents have just got vectors: near-copies may be known by them. Expects a transaction."""
    patterns = likeness.with_documents(conn, hashes)
    _near(conn, patterns)
    group(conn, patterns, max_cosine)


def regroup(conn: sqlite3.Connection, project_id: int, max_cosine: float) -> None:
    """Find all leads of a project anew: the setting may have changed. Expects a transaction."""
    group(conn, likeness.everyone_alike(conn, project_id), max_cosine)


def group(conn: sqlite3.Connection, patterns: Collection[int], max_cosine: float) -> None:
    """Find the leads of these patterns, and of all whom that may concern; what is not shown leads nobody."""
    leads = likeness.families(conn, patterns)
    near: dict[int, set[int]] = {}
    frontier = set(leads)
    while frontier:
        pairs = [pair for pair in likeness.alike(conn, frontier) if _same(pair, max_cosine)]
        shown = likeness.live(conn, {one for pair in pairs for one in pair[:2]})
        for pair in pairs:
            if pair.one in shown and pair.other in shown:
                near.setdefault(pair.one, set()).add(pair.other)
                near.setdefault(pair.other, set()).add(pair.one)
        reached = likeness.families(conn, near.keys() - leads.keys())
        frontier = reached.keys() - leads.keys()
        leads |= reached
    wanted = dict(_led(near, leads))
    likeness.save_leads(conn, [(one, lead) for one, lead in wanted.items() if leads[one] != lead])


def _same(pair: Alike, max_cosine: float) -> bool:
    return pair.similarity >= SAME or (pair.cosine is not None and pair.cosine >= max_cosine)


def _led(near: Mapping[int, set[int]], patterns: Collection[int]) -> Iterator[tuple[int, int | None]]:
    """(pattern, lead) of every pattern; the lead of one alone, and of a lead, is ``None``."""
    seen: set[int] = set()
    for start in sorted(patterns):
        if start in seen:
            continue
        component, open_ends = {start}, [start]
        while open_ends:
            fresh = near.get(open_ends.pop(), set()) - component
            component |= fresh
            open_ends.extend(fresh)
        seen |= component
        yield from ((one, None if one == start else start) for one in component)
