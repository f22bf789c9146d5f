"""Which patterns of a project are alike, and which are near-copies that are shown as one.

Two patterns are compared when they share a band (``extraction/bands.py``). In a
band with more than CROWD members, each is compared with one of them only, the
hub: the one with the smallest structure hash. So the work stays bounded, a crowd
of near-copies stays connected, and the pairs depend on what stands on disk alone.

Near-copies are the connected components over pairs that are nearly the same: code
similarity of at least SAME, or cosine of at least ``extraction.max_similarity`` and
code similarity of at least ALIKE. Shingles leave out constants and local names, and
what is short is soon alike (``__eq__`` and ``__ne__``, the left and the right one):
units of different names are copies only from LARGE shingles on. The oldest of a
component is its lead.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterator, Mapping
from operator import mul

from tui_patterns.extraction.bands import band_keys
from tui_patterns.extraction.fingerprint import SKETCH, similarity
from tui_patterns.store import families, likeness, relations
from tui_patterns.store.likeness import Alike, Bands, Shape

ALIKE = 0.5
SAME = 0.9
CROWD = 48
LARGE = 64  # shingles, some fifteen lines

Places = Mapping[int, list[tuple[int, str]]]


def update(
    conn: sqlite3.Connection,
    project_id: int,
    touched: Collection[int],
    changed: Collection[int],
    max_cosine: float = SAME,
) -> None:
    """Find anew what the *changed* patterns are alike, and those *touched* that were not found before."""
    old = likeness.bands_of(conn, touched)
    dirty = {*changed, *(one for one in touched if one not in old)}
    shapes = likeness.shapes(conn, project_id, dirty)
    new = {one: _bands(shapes[one]) if one in shapes else None for one in dirty}
    moved = {one: bands for one, bands in new.items() if old.get(one) != bands}
    keys = {
        key for one, bands in moved.items() for each in (old.get(one), bands) if each for key in each.keys
    }
    before = likeness.hubs(conn, keys, CROWD)
    likeness.replace_bands(conn, moved)
    after = likeness.hubs(conn, keys, CROWD)
    turned = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    for members in likeness.members(conn, turned).values():
        dirty.update(members)  # who is compared with whom has changed for all in it
    _compare(conn, project_id, dirty)
    _near(conn, dirty)
    known = {one for one in (*dirty, *touched) if one in old} | families.in_families(conn, dirty)
    _join(conn, dirty - known, max_cosine)
    group(conn, known, max_cosine)


def _bands(shape: Shape) -> Bands | None:
    """Only like is compared with like: a class with a class."""
    kind = "function" if shape.kind == "method" else shape.kind
    keys = band_keys(shape.shingles, kind)
    return Bands(int(shape.structure_hash[:12], 16), frozenset(keys)) if keys else None


def _compare(conn: sqlite3.Connection, project_id: int, dirty: Collection[int]) -> None:
    bands = likeness.bands_of(conn, dirty)
    keys = {key for one in bands.values() for key in one.keys}
    hubs = likeness.hubs(conn, keys, CROWD)
    members = likeness.members(conn, (key for key in keys if hubs.get(key, -1) in dirty or key not in hubs))
    pairs = set(_pairs(bands, members, hubs))
    shapes = likeness.shapes(conn, project_id, {one for pair in pairs for one in pair})
    sets = {one: frozenset(shape.shingles) for one, shape in shapes.items()}
    pairs = {pair for pair in pairs if pair[0] in shapes and pair[1] in shapes}
    likely = {pair: _similarity(shapes[pair[0]], shapes[pair[1]], sets) for pair in pairs}
    alike = {pair: found for pair, found in likely.items() if found >= ALIKE}
    places = relations.standing(conn, {one for pair in alike for one in pair})
    found = [
        Alike(*pair, round(found, 4), None)
        for pair, found in sorted(alike.items())
        if not _nested(*pair, places)
    ]
    likeness.replace_alike(conn, dirty, found)


def _pairs(
    bands: Mapping[int, Bands], members: Mapping[int, list[int]], hubs: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    for pattern, one in bands.items():
        for key in one.keys:
            hub = hubs.get(key)
            for other in members[key] if hub is None or hub == pattern else [hub]:
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
    group(conn, families.everyone_alike(conn, project_id), max_cosine)


def group(conn: sqlite3.Connection, patterns: Collection[int], max_cosine: float) -> None:
    """Find the leads of these patterns, and of all whom that may concern; what is not shown leads nobody."""
    leads = families.whole(conn, patterns)
    near: dict[int, set[int]] = {}
    frontier = set(leads)
    while frontier:
        for one, other in _copies(conn, frontier, max_cosine):
            near.setdefault(one, set()).add(other)
            near.setdefault(other, set()).add(one)
        reached = families.whole(conn, near.keys() - leads.keys())
        frontier = reached.keys() - leads.keys()
        leads |= reached
    wanted = dict(_led(near, leads))
    families.save_leads(conn, [(one, lead) for one, lead in wanted.items() if leads[one] != lead])


def _join(conn: sqlite3.Connection, newcomers: Collection[int], max_cosine: float) -> None:
    """Let patterns that were never in a family join those of their copies, which may join families."""
    copies = list(_copies(conn, newcomers, max_cosine))
    leads = families.own_leads(conn, {*newcomers, *(one for pair in copies for one in pair)})
    near: dict[int, set[int]] = {}
    for one, other in copies:
        near.setdefault(leads[one], set()).add(leads[other])
        near.setdefault(leads[other], set()).add(leads[one])
    for old, lead in _led(near, near):
        if lead is not None:
            families.hand_over(conn, old, lead)


def _copies(
    conn: sqlite3.Connection, patterns: Collection[int], max_cosine: float
) -> Iterator[tuple[int, int]]:
    """Pairs of near-copies with one of these patterns in it."""
    pairs = [
        pair
        for pair in likeness.alike(conn, patterns)
        if pair.similarity >= SAME or (pair.cosine is not None and pair.cosine >= max_cosine)
    ]
    looks = likeness.looks(conn, {one for pair in pairs for one in pair[:2]})
    for pair in pairs:
        one, other = looks[pair.one], looks[pair.other]
        telling = one.name == other.name or min(one.shingles, other.shingles) >= LARGE
        if telling and one.shown and other.shown:
            yield pair.one, pair.other


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
