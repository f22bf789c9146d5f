"""The plan covers every folder that counts, walks no big ignored one, and stays within its threads."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine.ignore import HEAVY, IgnoreRules
from tui_patterns.engine.watch_plan import PlannedWatch, plan_watches


def make(root: Path, *folders: str) -> None:
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)


def plan(root: Path, max_watches: int = 24) -> dict[str, bool]:
    watches = plan_watches(root, IgnoreRules(root), max_watches=max_watches, big=10)
    return {watch.rel: watch.recursive for watch in watches}


def test_a_tree_without_big_ignored_folders_is_one_watch(tmp_path: Path) -> None:
    make(tmp_path, "src/__pycache__", "src/pkg/__pycache__", "docs", "build/lib")
    assert plan(tmp_path) == {"": True}


def test_a_big_ignored_folder_is_walked_around(tmp_path: Path) -> None:
    make(tmp_path, "src/pkg", "web/app/src", "web/app/node_modules/m", "web/styles", ".git")
    assert plan(tmp_path) == {
        "": False, "src": True, "web": False, "web/app": False, "web/app/src": True, "web/styles": True,
    }  # fmt: skip


def test_an_ignored_folder_is_big_by_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("data/\n")
    make(tmp_path, "src", "data/a/b")
    assert plan(tmp_path) == {"": True}
    make(tmp_path, *[f"data/set{number}" for number in range(10)])
    assert plan(tmp_path) == {"": False, "src": True}


def test_a_monorepo_keeps_within_its_threads(tmp_path: Path) -> None:
    make(tmp_path, ".git", "tools", "docs")
    make(
        tmp_path, *[f"packages/p{number}/{part}" for number in range(50) for part in ("src", "node_modules")]
    )
    assert plan(tmp_path) == {"": False, "docs": True, "packages": True, "tools": True}
    assert plan(tmp_path, max_watches=3) == {"": True}


def test_links_are_not_planned(tmp_path: Path) -> None:
    make(tmp_path, "src", ".git")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert plan(tmp_path) == {"": False, "src": True}


def test_a_missing_root_is_planned_as_one_watch(tmp_path: Path) -> None:
    assert plan(tmp_path / "gone") == {"": True}


parts = st.sampled_from(["a", "b", "c", "node_modules", "__pycache__", "venv"])
trees = st.sets(st.lists(parts, min_size=1, max_size=4).map("/".join), max_size=25)


@settings(max_examples=80)
@given(trees, st.integers(1, 12))
def test_every_folder_that_counts_is_covered_exactly_once(folders: set[str], max_watches: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make(root, *folders)
        rules = IgnoreRules(root)
        watches = plan_watches(root, rules, max_watches=max_watches)
        assert len(watches) <= max_watches
        assert not any(rules.dir_ignored(watch.rel) for watch in watches)
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
            rel = "" if folder == root else folder.relative_to(root).as_posix()
            if not rules.dir_ignored(rel):
                assert sum(_covers(watch, rel) for watch in watches) == 1


@settings(max_examples=40)
@given(trees)
def test_no_recursive_watch_holds_a_heavy_folder_while_there_are_threads(folders: set[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make(root, *folders)
        rules = IgnoreRules(root)
        heavy = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.name in HEAVY]
        for watch in plan_watches(root, rules, max_watches=1000):
            inside = [rel for rel in heavy if watch.recursive and _covers(watch, rel)]
            # One that lies in another ignored folder is not walked around, but neither is that folder.
            assert all(rules.dir_ignored(rel.rpartition("/")[0]) for rel in inside)


def _covers(watch: PlannedWatch, rel: str) -> bool:
    below = not watch.rel or rel.startswith(watch.rel + "/")
    return rel == watch.rel or (watch.recursive and below)
