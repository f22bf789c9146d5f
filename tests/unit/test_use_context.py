"""An outcome keeps the libraries' versions only of a run that is younger than what says them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.engine.use_context import Contexts
from tui_patterns.prompts.requirements import requirements
from tui_patterns.store import failures
from tui_patterns.store.failures import TestError
from tui_patterns.store.used_code import UsedCode

LOCK = '[[package]]\nname = "httpx"\nversion = "0.27.2"\n\n[[package]]\nname = "pyyaml"\nversion = "6.0.1"\n'


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db", tmp_path)
    fetch = replace(unit("fetch", framework="fastapi", tags=("async",)), dependencies=("httpx", "json"))
    made.put("app.py", fetch, replace(unit("parse", line=20), dependencies=("yaml",)))
    (tmp_path / "uv.lock").write_text(LOCK)
    os.utime(tmp_path / "uv.lock", (1000, 1000))
    yield made
    made.close()


def used(stock: Stock, qualname: str = "fetch", pattern: str = "parse") -> UsedCode:
    row = stock.row(pattern)
    version = stock.conn.execute("SELECT version_id FROM patterns WHERE id = ?", (row,)).fetchone()[0]
    return UsedCode(
        1, "i", stock.id(pattern), row, version, "app.py", qualname, (1,), ("x",), (),
        1.0, 1.0, None, None, None, 0.0,
    )  # fmt: skip


def contexts(stock: Stock, tmp_path: Path) -> Contexts:
    return Contexts(stock.conn, stock.project, tmp_path)


def test_versions_are_those_of_the_code_and_of_the_pattern(stock: Stock, tmp_path: Path) -> None:
    assert contexts(stock, tmp_path).of(used(stock), 2000.0) == {
        "async": True,
        "framework": "fastapi",
        "uses": ["httpx", "json"],
        "versions": {"httpx": "0.27.2", "yaml": "6.0.1"},
    }


@pytest.mark.parametrize("at", [None, 999.0])
def test_of_a_run_before_the_lock_file_changed_no_version_is_known(
    stock: Stock, tmp_path: Path, at: float | None
) -> None:
    assert "versions" not in contexts(stock, tmp_path).of(used(stock), at)


def test_code_that_is_not_stored_is_not_known(stock: Stock, tmp_path: Path) -> None:
    assert contexts(stock, tmp_path).of(used(stock, "gone"), None) == {}


def test_classes_of_errors_are_those_that_failing_tests_printed(stock: Stock, tmp_path: Path) -> None:
    errors = [TestError("t.py::a", 1, "E   KeyError: 'x'"), TestError("t.py::b", 1, "nothing known")]
    failures.save_errors(stock.conn, stock.project, errors)
    assert contexts(stock, tmp_path).errors(["t.py::a", "t.py::b", "t.py::c"]) == ["key"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("poetry.lock", LOCK, "0.27.2"),
        ("pdm.lock", LOCK, "0.27.2"),
        ("Pipfile.lock", '{"default": {"httpx": {"version": "==0.27.2"}}}', "0.27.2"),
        ("requirements.txt", "httpx>=0.27\n", None),
        ("requirements-dev.txt", "# x\n-r base.txt\nhttpx\n", None),
        ("pyproject.toml", '[project]\noptional-dependencies = {web = ["httpx>=0.27"]}\n', None),
        ("pyproject.toml", '[dependency-groups]\ndev = ["httpx", {include-group = "x"}]\n', None),
        ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\nhttpx = "*"\n', None),
    ],
)
def test_what_is_asked_for_is_known_by_name_and_exactly_where_it_is_locked(
    tmp_path: Path, name: str, text: str, expected: str | None
) -> None:
    (tmp_path / name).write_text(text)
    asked = requirements(str(tmp_path))
    assert asked.has("httpx") and not asked.has("absent")
    assert asked.exact("httpx") == expected


def test_what_is_installed_is_known_by_the_names_of_folders(tmp_path: Path) -> None:
    place = tmp_path / "venv" / "lib" / "python3.12" / "site-packages"
    (place / "PyYAML-6.0.2.dist-info").mkdir(parents=True)
    (place / "no_version.dist-info").mkdir()
    asked = requirements(str(tmp_path))
    assert asked.exact("yaml") == "6.0.2" and asked.has("yaml") and not asked.has("no_version")


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 5_000, "\x00\x1b[31m", "[[package]]\nname = 3\n", "[project]\ndependencies = 7\n",
             '[[package]]\nname = "httpx"\nversion = "' + "1." * 5_000 + '"\n'],
)  # fmt: skip
def test_damaged_files_say_nothing(tmp_path: Path, text: str) -> None:
    for name in ("uv.lock", "pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text(text)
    exact = requirements(str(tmp_path)).exact("httpx")
    assert exact is None or len(exact) <= 40
