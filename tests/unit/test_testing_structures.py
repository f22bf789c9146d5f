"""The structures of tests, read from the tree; nothing else is called a test."""

from __future__ import annotations

import textwrap

import pytest

from tui_patterns.extraction.python import extract_source
from tui_patterns.extraction.testing.structures import STRUCTURES
from tui_patterns.models import Unit


def units(source: str, path: str = "tests/test_shop.py") -> dict[str, Unit]:
    parsed = extract_source(textwrap.dedent(source).encode(), path)
    assert parsed.error is None
    return {unit.qualname: unit for unit in parsed.units}


def found(source: str, name: str = "test_it") -> set[str]:
    return set(units(source)[name].tags) & STRUCTURES


@pytest.mark.parametrize(
    ("source", "structures"),
    [
        ("import pytest\n@pytest.mark.parametrize('a', [1])\ndef test_it(a):\n    assert a", {"parametrize"}),
        (
            "def test_it(self):\n    for a in 1, 2:\n        with self.subTest(a=a):\n            f(a)",
            {"parametrize"},
        ),
        ("from unittest import mock\n@mock.patch('a.b')\ndef test_it(b):\n    f()", {"mock"}),
        ("from unittest.mock import Mock as M\ndef test_it():\n    f(M())", {"mock"}),
        ("def test_it(monkeypatch):\n    f()", {"mock"}),
        ("def test_it(service):\n    f(service)\n    service.send.assert_called_once_with(1)", {"mock"}),
        ("from hypothesis import given\n@given(ints())\ndef test_it(a):\n    assert a", {"property-test"}),
        ("async def test_it():\n    assert await f()", {"async-test"}),
        ("def test_it():\n    a = 1\n    b = f(a)\n    assert b\n    assert b > 1", {"arrange-act-assert"}),
        (
            "def test_it():\n    a = 1\n    f(a)\n    with pytest.raises(E):\n        f(a)",
            {"arrange-act-assert"},
        ),
        ("def test_it():\n    a = 1\n    assert a\n    b = f(a)\n    assert b", set()),
        ("def test_it():\n    assert f()", set()),
        ("def test_it():\n    a = 1\n    b = f(a)\n    g(b)", set()),
        ("def test_it():\n    parametrize = 1\n    given(parametrize)", set()),
    ],
)
def test_each_structure_by_what_the_test_does(source: str, structures: set[str]) -> None:
    assert found(source) == structures


def test_what_is_no_test_has_no_structure_of_one() -> None:
    source = """
        def helper(monkeypatch):
            a = 1
            b = f(a)
            assert b
        class Shop:
            async def test_it(self): ...
        class TestShop:
            async def test_it(self): ...
        class Old(unittest.TestCase):
            async def test_it(self): ...
        def test_outer():
            async def test_inner(): ...
    """
    seen = {name: set(unit.tags) & STRUCTURES for name, unit in units(source).items()}
    assert {name for name, tags in seen.items() if tags} == {"TestShop.test_it", "Old.test_it"}


def test_outside_of_test_files_nothing_is_a_test() -> None:
    source = "async def test_it():\n    assert await f()"
    assert not set(units(source, "app/shop.py")["test_it"].tags) & STRUCTURES


def test_a_test_says_which_fixtures_it_asks_for() -> None:
    source = """
        import pytest
        @pytest.mark.usefixtures("clock")
        class TestShop:
            @pytest.mark.usefixtures("till")
            def test_it(self, shop, *, stock): ...
        @pytest.fixture(autouse=True, name="shop")
        def make_shop(tmp_path): ...
    """
    seen = units(source)
    asked = {"requests": ["clock", "shop", "stock", "till"], "autouse": False, "fixture": None}
    assert seen["TestShop.test_it"].facets["test"] == asked
    assert seen["make_shop"].facets["test"] == {"requests": ["tmp_path"], "autouse": True, "fixture": "shop"}
