"""Patterns that do not go together: variants, single instances, versions. Warnings, never refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.ui.samples import make_pattern
from tui_patterns.models import Label, Pattern
from tui_patterns.prompts.conflicts import conflicts
from tui_patterns.prompts.requirements import requirements
from tui_patterns.prompts.versions import clash, exactly, within

SYNC = """def send(self, request):
    for hook in self.hooks:
        hook(request)
    return self.pool.handle(request)
"""
ASYNC = (
    SYNC.replace("def", "async def")
    .replace("hook(request)", "await hook(request)")
    .replace("self.pool", "await self.pool")
)


def pattern(number: int, qualname: str, **changes: Any) -> Pattern:
    base = {"qualname": qualname, "tags": (), "path": f"m{number}.py", "code": f"def f{number}(): ...\n"}
    return replace(make_pattern(number, qualname), **(base | changes))


def kinds(one: Pattern, other: Pattern) -> list[str]:
    found = conflicts([one, other])
    assert [each.kind for each in conflicts([other, one])] == [each.kind for each in found]
    return [each.kind for each in found]


@pytest.mark.parametrize(
    ("sync", "other", "same"),
    [
        ("Client.get", "AsyncClient.get", True),
        ("Cache.get", "Cache.aget", True),
        ("fetch", "fetch_async", True),
        ("fetch", "async_fetch", True),
        ("Client.get", "AsyncServer.get", False),
        ("fetch", "fetch_all", False),
    ],
)
def test_sync_and_async_of_one_thing(sync: str, other: str, same: bool) -> None:
    one = pattern(1, sync, kind="function")
    two = pattern(2, other, kind="function", tags=("async",), code="async def g(): ...\n")
    assert (kinds(one, two) == ["async"]) is same
    assert kinds(one, replace(two, tags=())) == [], "both sync: two functions"


def test_variants_are_known_by_their_code_too() -> None:
    one = pattern(1, "transmit", kind="function", code=SYNC)
    other = pattern(2, "forward", kind="function", code=ASYNC, tags=("async",))
    assert kinds(one, other) == ["async"]


def test_two_single_instances_of_one_resource() -> None:
    label = (Label("singleton", 0.9),)
    one, other = pattern(1, "DatabasePool", labels=label), pattern(2, "get_db", labels=label)
    (found,) = conflicts([one, other])
    assert found.kind == "singleton"
    assert "database" in found.words
    assert kinds(one, replace(other, qualname="Theme", name="Theme")) == []
    assert kinds(one, replace(other, path=one.path)) == [], "one file: the instance and its access"
    assert kinds(one, replace(other, labels=(Label("singleton", 0.3),))) == []


@pytest.mark.parametrize(
    ("one", "other", "bad"),
    [
        (">=2,<3", ">=1,<2", True),
        (">=2", "<2", True),
        (">=2.0", "<2", True),
        (">=1.4", "<2", False),
        ("==1.4.*", "==1.5.2", True),
        ("==1.4.*", "==1.4.9", False),
        ("~=1.4", ">=1.9", False),
        ("~=1.4", ">=2", True),
        ("^1.2", "^2.0", True),
        ("^0.2", "^0.3", True),
        ("==2.0", ">=2.0.0", False),
        (">1.0", "==1.0", True),
    ],
)
def test_ranges_that_share_no_version(one: str, other: str, bad: bool) -> None:
    first, second = within(one), within(other)
    assert first and second
    assert clash(first, second) is clash(second, first) is bad


@pytest.mark.parametrize(
    ("one", "other", "bad"), [("1.4.2", "1.9.0", False), ("1.4.2", "2.0.0", True), ("0.2.1", "0.3.0", True)]
)
def test_locked_versions_clash_by_their_series(one: str, other: str, bad: bool) -> None:
    first, second = exactly(one), exactly(other)
    assert first and second
    assert clash(first, second) is bad


def test_versions_are_read_from_lock_and_metadata_files(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "PyYAML"\nversion = "6.0.1"\n')
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["pyyaml>=5", "pydantic[email]>=2,<3; python_version > \'3.8\'", "rich"]\n'
        '[tool.poetry.dependencies]\nclick = "^8.1"\n'
    )
    (tmp_path / "requirements.txt").write_text("# comment\n-r other.txt\nSQLAlchemy==1.4.*\n")
    found = requirements(str(tmp_path))
    yaml, pydantic, sql, click = (found.of(name) for name in ("yaml", "pydantic", "sqlalchemy", "click"))
    assert yaml and yaml.locked and yaml.low == (6, 0, 1)
    assert pydantic and (pydantic.low, pydantic.high) == ((2,), (3,))
    assert sql and sql.high == (1, 5)
    assert click and click.high == (9,)
    assert found.of("rich") is None
    (tmp_path / "uv.lock").write_text("not toml [")
    again = requirements(str(tmp_path)).of("yaml")
    assert again and not again.locked, "a file that changed is read again, a broken one says nothing"


def test_patterns_of_projects_with_other_versions(tmp_path: Path) -> None:
    roots = []
    for name, version in (("old", "<2"), ("new", ">=2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "requirements.txt").write_text(f"pydantic{version}\n")
        roots.append(str(tmp_path / name))
    one = pattern(1, "a", root=roots[0], project="old", dependencies=("pydantic", "json"))
    other = pattern(2, "b", root=roots[1], project="new", dependencies=("pydantic", "json"))
    (found,) = conflicts([one, other])
    assert found.kind == "version"
    assert "old has pydantic <2, new pydantic >=2" in found.words
    assert kinds(one, replace(other, dependencies=("json",))) == []
    assert kinds(one, replace(other, root=roots[0])) == []


def test_a_project_that_is_gone_says_nothing() -> None:
    assert requirements("/nowhere/at/all").of("yaml") is None
