"""Which patterns of tests are shown: those of tests that are known to have passed.

No file tells by itself whether its tests pass, so extraction keeps every structured
test with the reason ``test_not_known_to_pass``, ingest stores it like any unit, and
here the stored results decide, with the same answer after a cold scan: a test is
shown that passed in all its variants since its file was changed; a fixture, once
such a test used it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from tui_patterns.extraction.gate import PENDING
from tui_patterns.store import evidence, testing
from tui_patterns.store.testing import TestUnit

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Settled:
    """Row ids of patterns: now ``shown`` and now ``hidden`` are changes, ``withheld`` is the state."""

    shown: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    withheld: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Sets:
    shown: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)


def settle(conn: sqlite3.Connection, project_id: int) -> Settled:
    """Show and withhold the test patterns of a project by what is known now, inside one transaction."""
    passed = evidence.passed_tests(conn, project_id)
    passing = known_to_pass(testing.units(conn, project_id), passed) if passed else set()
    places = testing.places(conn, project_id) if passing else {}
    sets = _Sets()
    for one in testing.patterns(conn, project_id):
        if one.standing and one.is_test and passing.isdisjoint(places.get(one.pattern, ())):
            if one.withheld is None or one.gone is None:  # it was just found standing again
                testing.withhold(conn, one.pattern, PENDING)
            sets.withheld.add(one.pattern)
            if one.withheld is None:
                sets.hidden.add(one.pattern)
        elif one.withheld is not None:
            testing.release(conn, one.pattern, standing=one.standing)
            if one.standing:
                sets.shown.add(one.pattern)
    return Settled(frozenset(sets.shown), frozenset(sets.hidden), frozenset(sets.withheld))


def known_to_pass(units: Sequence[TestUnit], passed: Mapping[Place, int]) -> set[Place]:
    """The places of tests that passed, and of the fixtures that they used, directly or not.

    ``passed`` holds the time of each result; a fixture changed since is not known.
    """
    fixtures = _Fixtures(units)
    found: set[Place] = set(passed)
    for unit in units:
        ran = passed.get((unit.path, unit.qualname))
        if ran is not None:
            used = fixtures.used_by(unit)
            found.update((one.path, one.qualname) for one in used if one.mtime_ns <= ran)
    return found


class _Fixtures:
    """Fixtures by name, found as pytest finds them: in the file, then in each conftest.py above."""

    def __init__(self, units: Iterable[TestUnit]) -> None:
        self._named: dict[Place, TestUnit] = {}
        self._autouse: dict[str, list[TestUnit]] = {}
        for unit in units:
            if unit.fixture is not None:
                self._named[unit.path, unit.fixture] = unit
                if unit.autouse:
                    self._autouse.setdefault(unit.path, []).append(unit)

    def used_by(self, test: TestUnit) -> list[TestUnit]:
        """Every fixture that runs for a test."""
        found: dict[Place, TestUnit] = {}
        waiting = [one for path in _visible(test.path) for one in self._autouse.get(path, ())]
        waiting += self._asked(test)
        while waiting:
            fixture = waiting.pop()
            if (fixture.path, fixture.qualname) not in found:
                found[fixture.path, fixture.qualname] = fixture
                waiting += self._asked(fixture)
        return list(found.values())

    def _asked(self, unit: TestUnit) -> Iterator[TestUnit]:
        for name in unit.requests:
            for path in _visible(unit.path):
                fixture = self._named.get((path, name))
                # A fixture that asks for its own name means the one above it.
                if fixture is not None and fixture != unit:
                    yield fixture
                    break


@lru_cache(maxsize=4096)
def _visible(path: str) -> tuple[str, ...]:
    """The files whose fixtures a file sees, nearest first."""
    above = ((folder / "conftest.py").as_posix() for folder in PurePosixPath(path).parents)
    return (path, *(conftest for conftest in above if conftest != path))
