"""Which pattern a unit is: identity across edits, renames, moves and copies.

Units of a project with one structure are one pattern with many sites. A class
of equal units is matched to a stored pattern, most certain reason first:

1. the structure already stands somewhere else: it is that pattern;
2. it stands where the pattern's main site stood (an edit in place);
3. it has the structure of a pattern that lost its place (a move);
4. its code resembles such a pattern (a rename, a move with edits): similarity
   of shingles >= 0.8, or >= 0.5 under the same qualified name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tui_patterns.models import Unit
from tui_patterns.store.candidates import Candidate

SAME_CODE = 0.8
SAME_NAME = 0.5

Similarity = Callable[[Sequence[int], Sequence[int]], float]


@dataclass(frozen=True, slots=True)
class UnitClass:
    """All units of one batch with the same structure, by path and line."""

    structure_hash: str
    units: tuple[Unit, ...]


def classes(units: Iterable[Unit]) -> list[UnitClass]:
    """Units by structure, in order of their first place."""
    groups: dict[str, list[Unit]] = {}
    for unit in sorted(units, key=lambda one: (one.path, one.line)):
        groups.setdefault(unit.structure_hash, []).append(unit)
    return [UnitClass(key, tuple(members)) for key, members in groups.items()]


def assign(
    groups: Sequence[UnitClass],
    elsewhere: dict[str, int],
    candidates: Sequence[Candidate],
    similarity: Similarity,
) -> dict[str, int]:
    """Pattern row id by structure hash; a class that is new to the project is not in it.

    ``elsewhere`` holds patterns by structure that stand outside of the batch;
    ``candidates`` are those whose main site stood in its files, or that are gone.
    """
    decided = {
        one.structure_hash: elsewhere[one.structure_hash] for one in groups if one.structure_hash in elsewhere
    }
    for score in (_by_place_or_structure, partial(_by_likeness, similarity=similarity)):
        _settle(groups, candidates, decided, score)
    return decided


Scored = Iterator[tuple[float, UnitClass, Candidate]]


def _settle(
    groups: Sequence[UnitClass],
    candidates: Sequence[Candidate],
    decided: dict[str, int],
    score: Callable[[Sequence[UnitClass], Sequence[Candidate]], Scored],
) -> None:
    """Give each open class its best free candidate, one to one, surest pair first."""
    taken = set(decided.values())
    open_groups = [one for one in groups if one.structure_hash not in decided]
    free = [one for one in candidates if one.pattern not in taken]
    pairs = sorted(
        score(open_groups, free), key=lambda pair: (-pair[0], pair[2].pattern, pair[1].structure_hash)
    )
    for _, group, candidate in pairs:
        if group.structure_hash not in decided and candidate.pattern not in taken:
            decided[group.structure_hash] = candidate.pattern
            taken.add(candidate.pattern)


def _by_place_or_structure(groups: Sequence[UnitClass], candidates: Sequence[Candidate]) -> Scored:
    places: dict[tuple[str, str], list[Candidate]] = {}
    structures: dict[str, list[Candidate]] = {}
    for one in candidates:
        places.setdefault((one.path, one.qualname), []).append(one)
        structures.setdefault(one.structure_hash, []).append(one)
    for group in groups:
        for candidate in structures.get(group.structure_hash, ()):
            yield 2.0 + _on_disk(candidate), group, candidate
        for unit in group.units:
            for candidate in places.get((unit.path, unit.qualname), ()):
                same = group.structure_hash == candidate.structure_hash
                yield 3.0 + same + _on_disk(candidate), group, candidate


def _on_disk(candidate: Candidate) -> float:
    """A tie goes to the pattern that was there until now."""
    return 0.5 if candidate.gone is None else 0.0


def _by_likeness(
    groups: Sequence[UnitClass], candidates: Sequence[Candidate], *, similarity: Similarity
) -> Scored:
    index = _Buckets(candidates)
    for group in groups:
        unit = group.units[0]
        for candidate in index.near(unit.shingles, unit.qualname):
            likeness = similarity(unit.shingles, candidate.shingles)
            if likeness >= (SAME_NAME if unit.qualname == candidate.qualname else SAME_CODE):
                yield likeness + _on_disk(candidate) / 10, group, candidate


class _Buckets:
    """Candidates by name and by their smallest shingles.

    Two sets of similarity J share their smallest hash with probability J (Broder
    1997), so of those with J >= 0.8 nearly none shares none of the smallest eight.
    Thousands of moved units are then compared with few candidates each.
    """

    _DEPTH = 8

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._found: dict[int | str, list[Candidate]] = {}
        for one in candidates:
            for key in self._keys(one.shingles, one.qualname):
                self._found.setdefault(key, []).append(one)

    def near(self, shingles: Sequence[int], qualname: str) -> list[Candidate]:
        keys = self._keys(shingles, qualname)
        return list({one.pattern: one for key in keys for one in self._found.get(key, ())}.values())

    def _keys(self, shingles: Sequence[int], qualname: str) -> list[int | str]:
        return [qualname, *shingles[: self._DEPTH]]


def successor(lost: Candidate, newcomers: Sequence[Candidate], similarity: Similarity) -> Candidate | None:
    """The young pattern that ``lost`` has become, when it was saved before the old place was emptied."""
    likely = []
    for one in _Buckets(newcomers).near(lost.shingles, lost.qualname):
        likeness = similarity(lost.shingles, one.shingles)
        if one.pattern != lost.pattern and likeness >= (
            SAME_NAME if one.qualname == lost.qualname else SAME_CODE
        ):
            likely.append((likeness, one))
    return max(likely, key=lambda pair: (pair[0], -pair[1].pattern))[1] if likely else None
