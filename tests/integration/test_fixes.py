"""What turns red to green is found again by its error; what does not help is remembered as that."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.cli.main import run
from tui_patterns.settings import load_settings

BROKEN = '''
def total(order):
    return order["price"] * order["count"]
'''
FIXED = '''
def total(order):
    return order["price"] * order.get("count", 1)
'''
TESTS = """
from shop.orders import total


def test_total():
    assert total({"price": 3, "count": 2}) == 6


def test_total_of_one():
    assert total({"price": 3}) == 3
"""


class Shop:
    """A scratch repository whose tests the person runs, and its library."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.root = folder
        (self.root / "shop").mkdir(parents=True)
        (self.root / "tests").mkdir()
        (self.root / "shop" / "__init__.py").touch()
        (self.root / "conftest.py").touch()
        self.write("tests/test_orders.py", TESTS)
        self.git("init", "-q")
        settings = load_settings(overrides={"extraction": {"jobs": 1}})
        self.library = PatternLibrary(data / "patterns.db", settings=settings)

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=True, capture_output=True, timeout=30)

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)

    def test(self) -> str:
        """Run pytest with a JUnit report; what it printed."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--junitxml=junit.xml"],
            cwd=self.root, capture_output=True, timeout=60, check=False, text=True,
            env=clean | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        return done.stdout

    def look(self) -> None:
        Indexer(self.library).index([self.root], embed=False)

    def rows(self, query: str) -> list[dict[str, Any]]:
        with self.library.connections.lend() as conn:
            return [dict(row) for row in conn.execute(query)]


Said = Callable[..., Any]


@pytest.fixture
def said(shop: Shop, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Runs a command line on the shop's library: its data if it prints JSON, else its text."""

    def ask(*argv: str, stdin: str = "", code: int = 0) -> Any:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "replace"))))
        done = run(["--data-dir", str(shop.library.data_dir), *argv])
        told = capfd.readouterr()
        assert done == code, told.err
        return json.loads(told.out) if "--json" in argv else told.out

    return ask


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "shop", tmp_path / "data")
    yield made
    made.library.close()


def test_what_turned_red_to_green_is_a_fix(shop: Shop) -> None:
    shop.write("shop/orders.py", BROKEN)
    shop.look()
    printed = shop.test()
    shop.look()
    (red,) = shop.rows("SELECT * FROM red_tests")
    assert red["test"] == "tests/test_orders.py::test_total_of_one"
    error = json.loads(red["error"])
    assert (error["type"], error["class"], error["frame"]) == ("KeyError", "key", "shop/orders.py::total")
    shop.write("shop/orders.py", FIXED)
    shop.test()
    shop.look()
    (fix,) = shop.rows("SELECT * FROM fixes")
    assert '+    return order["price"] * order.get("count", 1)' in fix["diff"]
    assert fix["strategy"] == "default"
    assert shop.rows("SELECT * FROM red_tests") == [] == shop.rows("SELECT * FROM red_texts")
    assert printed


def test_a_fix_is_found_by_the_error_it_fixed(shop: Shop, said: Said) -> None:
    shop.write("shop/orders.py", BROKEN)
    printed = shop.test()
    shop.look()
    shop.write("shop/orders.py", FIXED)
    shop.test()
    shop.look()
    (error,) = said("fix", "-", "--json", stdin=printed)["errors"]
    assert (error["type"], error["class"], error["frame"]) == ("KeyError", "key", "shop/orders.py::total")
    (fix,) = error["fixes"]
    assert fix["match"] == "signature" and fix["confidence"]["n"] == 1.0
    assert error["strategies"][0]["strategy"] == "default" and error["strategies"][0]["here"] == 1
    (other,) = said("fix", "KeyError: 'size'", "--json")["errors"]
    assert [one["match"] for one in other["fixes"]] == ["message"]
    shown = said("fix", "KeyError: 'size'")
    assert "```diff" in shown and "n 1" in shown and "give a default" in shown
