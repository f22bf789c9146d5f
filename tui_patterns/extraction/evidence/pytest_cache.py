"""pytest's cache: the tests that it collected, and those that failed when last run.

``nodeids`` is a list of node ids, ``lastfailed`` an object of node ids (pytest's
cacheprovider plugin). A file that could not be collected is listed in
``lastfailed`` by its path alone: all its tests count as failed. The cache tells
no times of single tests; what it lists and does not call failed counts as passed
when the cache was written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_patterns.extraction.evidence import nodeids
from tui_patterns.extraction.evidence.facts import Result, TestId, Unreadable
from tui_patterns.extraction.evidence.reading import read_json


def read(folder: Path, ran: int) -> list[Result]:
    """Every test that the cache in *folder* knows. Raises Unreadable."""
    failed = _names(folder / "lastfailed", dict)
    known = _names(folder / "nodeids", list)
    broken = {name for name in failed if name.endswith(".py")}
    tests = {test: "failed" for name in failed if (test := nodeids.parse(name))}
    for name in known:
        test = nodeids.parse(name)
        if test is not None:
            tests.setdefault(test, "failed" if test.path in broken else "passed")
    return [_result(test, outcome == "failed", ran) for test, outcome in tests.items()]


def _result(test: TestId, failed: bool, ran: int) -> Result:
    return Result(test, "failed" if failed else "passed", ran)


def _names(file: Path, shape: type[Any]) -> list[str]:
    if not file.exists():
        return []
    found = read_json(file)
    if not isinstance(found, shape):
        raise Unreadable("is damaged: it is not a cache of pytest")
    return [name for name in found if isinstance(name, str)]
