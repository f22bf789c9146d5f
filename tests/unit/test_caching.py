"""Caches: look up, else compute and keep; and mappings that let entries go."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> dict[str, float]:
    units = extract_source(dedent(source).encode(), "pkg/code.py").units
    return {
        label.label: label.confidence for unit in units if unit.qualname == qualname for label in unit.labels
    }


MEMBER = """
def x(key):
    if key in _seen:
        return _seen[key]
    value = compute(key)
    _seen[key] = value
    return value
"""
CAUGHT = """
class C:
    def x(self, key):
        try:
            return self._known[key]
        except KeyError:
            made = self._known[key] = self.load(key)
            return made
"""
ASIDE = """
def x(key):
    value = redis.get(key)
    if value is None:
        value = query(key)
        redis.set(key, value)
    return value
"""


@pytest.mark.parametrize(("source", "name"), [(MEMBER, "x"), (CAUGHT, "C.x"), (ASIDE, "x")])
def test_a_lookup_that_computes_and_keeps_is_a_cache(source: str, name: str) -> None:
    assert labels(source, name)["caching"] >= 0.6


GROUPS = """
def x(rows):
    groups = {}
    for row in rows:
        if row.key in groups:
            groups[row.key].append(row)
        else:
            groups[row.key] = list(row)
    return groups
"""
COUNTS = """
class C:
    def x(self, key):
        self.seen[key] = self.seen.get(key, 0) + len(key)
        return self.seen[key]
"""
SETTER = (
    "class C:\n    def x(self, key, value):\n        self.kept[key] = clean(value)\n        return self\n"
)


@pytest.mark.parametrize(("source", "name"), [(GROUPS, "x"), (COUNTS, "C.x"), (SETTER, "C.x")])
def test_grouping_counting_and_storing_are_no_caches(source: str, name: str) -> None:
    assert labels(source, name).keys() <= {"fluent_interface"}


DECORATOR = """
def d(f):
    kept = {}

    def inner(*args):
        if args not in kept:
            kept[args] = f(*args)
        return kept[args]

    return inner

def with_size(size):
    return d(size)
"""


def test_a_decorator_that_keeps_results_is_a_caching_decorator_and_no_more() -> None:
    found = labels(DECORATOR, "d")
    assert found["caching_decorator"] >= 0.6
    assert "function_decorator" not in found
    assert "caching_decorator" in labels(DECORATOR, "with_size")


def test_a_decorator_around_another_cache_counts_by_its_parameter() -> None:
    source = "def d(cache):\n    def outer(func):\n        return wrap(func, cache)\n    return outer\n"
    assert "caching_decorator" in labels(source, "d")


@pytest.mark.parametrize(
    "mark", ["functools.lru_cache(maxsize=8)", "functools.cache", "cachetools.cached({})"]
)
def test_known_memoizers_are_recognised(mark: str) -> None:
    assert "memoize" in labels(f"import functools, cachetools\n\n@{mark}\ndef x(n):\n    return n * n\n", "x")


LRU = """
class L:
    def __init__(self, room):
        self.room = room
        self.kept = OrderedDict()

    def __getitem__(self, key):
        self.kept.move_to_end(key)
        return self.kept[key]

    def __setitem__(self, key, value):
        self.kept[key] = value
        if len(self.kept) > self.room:
            self.kept.popitem(last=False)

class Child(L):
    def __getitem__(self, key):
        return super().__getitem__(key.lower())
"""
PLAIN = """
class P:
    def __getitem__(self, key):
        return self.kept[key]

    def __setitem__(self, key, value):
        self.kept[key] = value

    def drop(self, key):
        if len(self.kept) > 0:
            del self.kept[key]
"""


def test_a_mapping_that_lets_entries_go_is_a_cache() -> None:
    assert labels(LRU, "L")["cache"] >= 0.6
    assert labels(LRU, "Child")["cache"] < labels(LRU, "L")["cache"]
    assert "cache" not in labels(PLAIN, "P")
